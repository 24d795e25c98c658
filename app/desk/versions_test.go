package desk

import (
	"archive/zip"
	"bytes"
	"mime/multipart"
	"strings"
	"testing"

	"rondo/app/auth"
	"rondo/questionnaires"
)

// folder posts a form with fields, and a file where content is given.
func (b *browser) folder(path, field string, content []byte, pairs ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			b.t.Fatal(err)
		}
	}
	if content != nil {
		f, err := w.CreateFormFile(field, "folder.zip")
		if err == nil {
			_, err = f.Write(content)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	return b.do("POST", path, w.FormDataContentType(), body.String())
}

// newEmployer is the archive of employer/7: nothing but its number is new.
func newEmployer(t *testing.T, s *shelf) (map[string][]byte, []byte) {
	t.Helper()
	files, _, err := s.Draft(t.Context(), "employer/3")
	if err != nil {
		t.Fatal(err)
	}
	files[questionnaires.StructureFile] = bytes.Replace(files[questionnaires.StructureFile], []byte("version: 3"), []byte("version: 7"), 1)
	archive, err := questionnaires.Zip(questionnaires.Newest("employer"), files)
	if err != nil {
		t.Fatal(err)
	}
	return files, archive
}

func TestAFolderBecomesADraft_packed_or_pasted(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Lead)
	files, archive := newEmployer(t, &shelf{p})
	pasted := []string{"_tag", tag}
	for _, f := range fileFields(files) {
		pasted = append(pasted, f.Field, strings.ReplaceAll(f.Text, "\n", "\r\n"))
	}
	for name, a := range map[string]answer{
		"packed": b.folder("/desk/drafts/new", "archive", archive, "_tag", tag),
		"pasted": b.folder("/desk/drafts/new", "archive", nil, pasted...),
	} {
		if a.status != 303 || a.location != "/desk/drafts/employer/7?done=draft_begun" {
			t.Errorf("%s = %d %s\n%s", name, a.status, a.location, a.body)
		}
	}
	if len(p.changes) != 3 || p.changes[1] != p.changes[2] || p.entries[len(p.entries)-1].Action != "questionnaire.draft" {
		t.Errorf("packed and pasted come to the same: %v, journal %v", p.changes, p.entries)
	}
}

func TestAFolderThatIsNone_comesBack_with_what_is_wrong(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Lead)
	var bomb bytes.Buffer
	w := zip.NewWriter(&bomb)
	f, err := w.Create("questionnaire.yaml")
	if err == nil {
		_, err = f.Write(make([]byte, 64<<20))
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		content []byte
		fields  []string
		shows   string
	}{
		"nothing":       {nil, nil, "Datei"},
		"no archive":    {[]byte("not a zip"), nil, "ZIP"},
		"a zip bomb":    {bomb.Bytes(), nil, "ZIP"},
		"too large":     {make([]byte, maxArchive+1), nil, "gross"},
		"no YAML":       {nil, []string{"file-questionnaire-yaml", "key: [employer"}, "questionnaire.yaml"},
		"a file alone":  {nil, []string{"file-questionnaire-yaml", "key: employer\nversion: 9\npages: []\n"}, "missing_file"},
		"no usable key": {nil, []string{"file-questionnaire-yaml", "key: ../../etc\nversion: 9\npages: []\n", "file-text-de-yaml", "title: T", "file-text-fr-yaml", "title: T", "file-text-it-yaml", "title: T", "file-text-en-yaml", "title: T"}, "bad_reference"},
	} {
		a := b.folder("/desk/drafts/new", "archive", tc.content, append([]string{"_tag", tag}, tc.fields...)...)
		if a.status != 422 || !strings.Contains(a.body, tc.shows) || (len(tc.fields) > 0 && !strings.Contains(a.body, "key: ")) {
			t.Errorf("%s = %d, want 422 with %q", name, a.status, tc.shows)
		}
		checkMarkup(t, name, a.body)
	}
	if len(p.changes) != 1 { // the session
		t.Errorf("something was kept: %v", p.changes)
	}
}

func TestADraftIsClassifiedAndPublished_only_as_it_was_seen(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Admin)
	page := b.get("/desk/drafts/employer/3").body
	for _, shows := range []string{"e_since", "unclassified", "<del>collaborez-vous", "<ins>travaillez-vous", `name="class-e_since"`} {
		if !strings.Contains(page, shows) {
			t.Errorf("the draft does not show %q", shows)
		}
	}
	for name, tc := range map[string]struct {
		path   string
		fields []string
		status int
		change string
	}{
		"classes":                 {"/classes", []string{"seen", draftSeen, "class-e_since", "keeps_meaning"}, 303, "keep employer/3 after seen by admin@bsv.example map[e_since:keeps_meaning]"},
		"no such class":           {"/classes", []string{"seen", draftSeen, "class-e_since", "new"}, 400, ""},
		"classes of old files":    {"/classes", []string{"seen", "older", "class-e_since", "keeps_meaning"}, 409, ""},
		"files of another":        {"/files", []string{"seen", draftSeen, "file-questionnaire-yaml", "key: office\nversion: 9\npages: []\n", "file-text-de-yaml", "title: T", "file-text-fr-yaml", "title: T", "file-text-it-yaml", "title: T", "file-text-en-yaml", "title: T"}, 422, ""},
		"half-written files":      {"/files", []string{"seen", draftSeen, "file-questionnaire-yaml", "key: ["}, 303, "keep employer/3 after seen by admin@bsv.example map[]"},
		"no files":                {"/files", []string{"seen", draftSeen}, 422, ""},
		"what was not classified": {"/publish", []string{"seen", draftSeen}, 409, ""},
		"what was not seen":       {"/publish", []string{"seen", "older"}, 409, ""},
		"discard":                 {"/discard", []string{"seen", draftSeen}, 303, "discard employer/3"},
		"discard unseen":          {"/discard", []string{"seen", "older"}, 409, ""},
	} {
		before := len(p.changes)
		a := b.post("/desk/drafts/employer/3"+tc.path, append([]string{"_tag", tag}, tc.fields...)...)
		if got := strings.Join(p.changes[before:], "; "); a.status != tc.status || got != tc.change {
			t.Errorf("%s = %d %q, want %d %q", name, a.status, got, tc.status, tc.change)
		}
	}
	if !strings.Contains(b.get("/desk/drafts/employer/3/publish").body, "unclassified") {
		t.Error("the page before publishing does not say what stands against it")
	}
}

func TestAPublishedVersion_canBeTakenAway_and_continued(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Lead)
	a := b.get("/desk/questionnaires/employer/2/files")
	files, err := questionnaires.Unzip([]byte(a.body))
	if err != nil || len(files) != 6 || a.header.Get("Content-Type") != "application/zip" || !strings.Contains(a.header.Get("Content-Disposition"), "employer-2.zip") {
		t.Errorf("files: %d, %v, %v", len(files), err, a.header)
	}
	a = b.post("/desk/questionnaires/employer/2/next", "_tag", tag)
	if a.status != 303 || a.location != "/desk/drafts/employer/3?done=draft_begun" || p.changes[1] != "next after employer/2 by lead@bsv.example" {
		t.Errorf("next = %d %s, %v", a.status, a.location, p.changes)
	}
	for _, path := range []string{"/desk/questionnaires/employer/9", "/desk/drafts/employer/9", "/desk/drafts/employer/9/files"} {
		if a := b.get(path); a.status != 404 {
			t.Errorf("%s = %d", path, a.status)
		}
	}
	b.as(p, auth.Analyst)
	if body := b.get("/desk/questionnaires").body; strings.Contains(body, "/desk/drafts") || !strings.Contains(body, "employer/2") {
		t.Error("who only reads sees published versions, and no drafts")
	}
}
