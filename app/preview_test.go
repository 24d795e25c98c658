package main

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rondo/app/web/webtest"
	"rondo/questionnaires"
)

// previewed runs the preview of a folder until the test ends, and gives its address.
func previewed(t *testing.T, dir string) string {
	t.Helper()
	scratch := t.TempDir()
	t.Setenv("TMPDIR", scratch)
	ctx, stop := context.WithCancel(context.Background())
	said, ended := &transcript{}, make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"questionnaire", "preview", dir, "--listen=127.0.0.1:0"}, nil, Streams{Out: said, Err: said})
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 || t.Failed() {
			t.Errorf("preview ended with %d:\n%s", code, said)
		}
		if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
			t.Errorf("the preview leaves %v behind (%v)", left, err)
		}
	})
	address, found := regexp.MustCompile(`http://\S+`), ""
	eventually(t, "the preview says its address", func() bool {
		found = address.FindString(said.String())
		return found != ""
	})
	return found
}

// copied puts a built-in version into a folder to be worked on.
func copied(t *testing.T, ref string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), strings.ReplaceAll(ref, "/", "-"))
	must(t, os.CopyFS(dir, os.DirFS(filepath.Join(sourceFolder, "../questionnaires/definitions", ref))))
	return dir
}

// edit changes one place of a file.
func edit(t *testing.T, dir, file, old, new string) {
	t.Helper()
	path := filepath.Join(dir, file)
	text, err := os.ReadFile(path)
	must(t, err)
	if !bytes.Contains(text, []byte(old)) {
		t.Fatalf("%s does not hold %q", file, old)
	}
	must(t, os.WriteFile(path, bytes.Replace(text, []byte(old), []byte(new), 1), 0o600))
}

func TestThePreviewFollowsTheFiles(t *testing.T) {
	dir := copied(t, "employer/2")
	at := previewed(t, dir)
	b := webtest.NewBrowser(t).Open(at + "/preview?lang=fr")
	b.Form(`form[action="/preview/start"]`).Submit()
	b.Form("main form").Submit("_lang", "fr")
	if b.URL.Path != "/answer/e1" || !strings.Contains(b.Body, "Depuis quand collaborez-vous") || !b.Has(".preview-bar") {
		t.Fatalf("the first page of the questionnaire is not there: %d %s", b.Status, b.URL)
	}
	revision := func() string { return strings.TrimSpace(webtest.NewBrowser(t).Open(at + "/preview/state").Body) }
	first := revision()
	if !strings.Contains(b.Body, `data-revision="`+first+`"`) {
		t.Error("the page does not say which state of the files it shows")
	}

	edit(t, dir, "text.fr.yaml", "Depuis quand collaborez-vous", "Depuis quand travaillez-vous")
	if revision() == first {
		t.Error("the state does not change with a file")
	}
	if b.Open("/answer/e1"); !strings.Contains(b.Body, "Depuis quand travaillez-vous") {
		t.Error("the page does not change with the file")
	}
	edit(t, dir, "text.it.yaml", "title:", "title: [")
	if b.Open("/answer/e1"); b.Status != 200 || !strings.Contains(b.Body, "text.it.yaml") || b.Has("#answers") || !b.Has(".preview-bar") {
		t.Errorf("a file that is no YAML: %d %s", b.Status, b.Text("main"))
	}
	edit(t, dir, "text.it.yaml", "title: [", "title:")
	if b.Open("/answer/e1"); !strings.Contains(b.Body, "Depuis quand travaillez-vous") || !b.Has("form#answers") {
		t.Errorf("the preview does not recover: %d %s", b.Status, b.Text("main"))
	}
	edit(t, dir, "questionnaire.yaml", "role: qi(size)", "role: secret")
	if b.Open("/answer/e1"); !strings.Contains(b.Text(".preview-bar"), "unknown_role") || !b.Has("form#answers") {
		t.Errorf("the finding does not stand beside the page: %s", b.Text(".preview-bar"))
	}
	must(t, os.Remove(filepath.Join(dir, "text.en.yaml")))
	if b.Open("/"); b.Status != 200 || !strings.Contains(b.Text(".error-summary"), "text.en.yaml") {
		t.Errorf("a file that is gone: %d", b.Status)
	}
}

func TestThePreviewJumpsToAnyPageWithAnyAnswers(t *testing.T) {
	for _, q := range []string{"employer", "office", "discussion"} {
		at := previewed(t, copied(t, q+"/2"))
		for _, lang := range questionnaires.Languages {
			for _, p := range questionnaires.Newest(q).Pages {
				b := webtest.NewBrowser(t).Open(at + "/preview?lang=" + lang)
				given := "# what the pages depend on\n"
				if q == "employer" {
					given += "e_contact = 1\n"
				}
				b.Form(".jump").Fill("page", p.Code).Fill("answers", given).Submit()
				if b.Status != 200 || b.URL.Path != "/answer/"+p.Code || !strings.Contains(b.Body, `lang="`+lang+`"`) {
					t.Fatalf("%s in %s: %d at %s: %s", p.Code, lang, b.Status, b.URL, b.Text("main"))
				}
			}
		}
	}
	at := previewed(t, copied(t, "employer/2"))
	b := webtest.NewBrowser(t).Open(at + "/preview?lang=en")
	b.Form(".jump").Fill("page", "e2").Fill("answers", `{"e_contact": 1, "e_channels.phone": 3}`).Submit()
	if !b.Has(`input[name="e_channels.phone"][value="3"][checked]`) {
		t.Error("the answers given are not on the page")
	}
	for answers, says := range map[string]string{"e_contact = 7": "e_contact", "nothing": "variable = value", "e_contact = 0": "is only if"} {
		b := webtest.NewBrowser(t).Open(at + "/preview?lang=en")
		if b.Form(".jump").Fill("page", "e2").Fill("answers", answers).Submit(); b.Status != 422 || !strings.Contains(b.Text(".error"), says) {
			t.Errorf("%q: %d %s", answers, b.Status, b.Text(".error"))
		}
	}
	if b.Fetch(http.MethodPost, at+"/preview/jump", url.Values{"page": {"e99"}}); b.Status != 404 {
		t.Errorf("a page that is not there: %d", b.Status)
	}
}

func TestABlankQuestionnaireIsPrintedInEveryLanguage(t *testing.T) {
	for _, key := range []string{"employer", "office", "discussion"} {
		q := questionnaires.Newest(key)
		at := previewed(t, copied(t, q.Ref()))
		var setting questionnaires.Setting
		setting.RefFrom, setting.RefTo = previewYears(time.Now())
		for _, lang := range questionnaires.Languages {
			b := webtest.NewBrowser(t).Open(at + "/print?lang=" + lang)
			if b.Status != 200 || b.Count(".printed .question") != len(q.Questions()) || b.Has(".printed input") {
				t.Errorf("%s in %s: %d with %d questions of %d", key, lang, b.Status, b.Count(".printed .question"), len(q.Questions()))
			}
			text := strings.Join(strings.Fields(b.Text("main")), " ")
			for _, qu := range q.Questions() {
				for _, o := range qu.Options {
					if words := strings.Join(strings.Fields(o.Label.In(lang)), " "); !qu.Prefill && !strings.Contains(text, words) {
						t.Errorf("%s in %s: the answer %q of %s is not on paper", key, lang, words, qu.Code)
					}
				}
				if qu.If != nil {
					if words := strings.Join(strings.Fields(q.Explain(qu.If, lang, setting)), " "); !strings.Contains(text, words) {
						t.Errorf("%s in %s: %s does not say when it is asked (%s)", key, lang, qu.Code, words)
					}
				}
			}
		}
	}
}
