package respond_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"rondo/app/web/webtest"
)

// auto posts a form as the script does while somebody types, and gives the answer.
func auto(b *webtest.Browser, f *webtest.Form) (answer struct {
	Revision    *int
	Title, Text string
}) {
	form := f.Values
	form.Set("_go", "autosave")
	b.Headers = http.Header{"Accept": {"application/json"}}
	b.Fetch(http.MethodPost, b.URL.Path, form)
	b.Headers = http.Header{}
	delete(form, "_go")
	if err := json.Unmarshal([]byte(b.Body), &answer); err != nil {
		answer.Title = "no JSON: " + b.Body
	}
	return answer
}

func TestWhatIsTypedIsSavedWithoutAnyButton(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		f := b.Form("form#answers").Fill("e_contact", "1").Fill("e_since", "lt1")
		first := auto(b, f)
		if b.Status != 200 || first.Revision == nil || *first.Revision != 1 {
			t.Fatalf("autosave: %d %s", b.Status, b.Body)
		}
		f.Values.Set("_revision", fmt.Sprint(*first.Revision))
		drafts := h.tables()["drafts"]
		if again := auto(b, f); b.Status != 200 || *again.Revision != 1 || h.tables()["drafts"] != drafts {
			t.Errorf("the same again: %d %s, or the draft was written anew", b.Status, b.Body)
		}
		f.Values.Set("e_since", "gt5")
		if second := auto(b, f); b.Status != 200 || *second.Revision != 2 {
			t.Errorf("the next autosave: %d %s", b.Status, b.Body)
		}
		page := h.start("employer") // another device goes on where this one is
		if got := page.Form("form#answers").Values; got.Get("e_since") != "gt5" || got.Get("_revision") != "2" || page.Has(".error-summary") {
			t.Errorf("another device finds %v", got)
		}
		f.Values.Set("_revision", "2")
		f.Values.Set("e_reasons", "hire")
		if f.Send("_go", "continue"); b.Status != 303 {
			t.Errorf("the button afterwards clashes with ourselves: %d %v", b.Status, b.Texts(".clash"))
		}
	})
}

func TestEntriesHalfTypedAreSavedAsTyped(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("office")
		f := b.Form("form#answers").Fill("o_fte_total", "about te")
		if auto(b, f); b.Status != 200 {
			t.Fatalf("autosave: %d %s", b.Status, b.Body)
		}
		if got := b.Open("/answer/o1").Form("form#answers").Values.Get("o_fte_total"); got != "about te" {
			t.Errorf("o_fte_total = %q", got)
		}
	})
}

func TestAutosaveOverwritesNothingThatItsFormHasNotSeen(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("office")
		one, two, three := b.Form("form#answers"), b.Form("form#answers"), b.Form("form#answers")
		at := b.URL.Path
		auto(b, one.Fill("o_fte_total", "nine"))
		for name, f := range map[string]*webtest.Form{"another entry": two.Fill("o_fte_total", "11"), "silence": three} {
			before := h.tables()["drafts"]
			if answer := auto(b, f); b.Status != 409 || answer.Title == "" || answer.Text == "" || h.tables()["drafts"] != before {
				t.Errorf("%s over an entry that could not be read: %d %s", name, b.Status, b.Body)
			}
			b.URL.Path = at
		}
		two.Send("_go", "continue")
		if words := b.Text(".clash"); b.Status != 409 || !strings.Contains(words, "nine") || !strings.Contains(words, "11") {
			t.Errorf("the button shows not both: %d %s", b.Status, words)
		}
	})
}

// TestSavesByTheScriptDoNotUseUpThoseOfPeople: too many autosaves are refused, a button never for them.
func TestSavesByTheScriptDoNotUseUpThoseOfPeople(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		f := b.Form("form#answers").Fill("e_contact", "1").Fill("e_reasons", "hire")
		answer := auto(b, f)
		for posts := 1; b.Status != 429 && posts < 500; posts++ { // on a busy machine more than a minute's worth
			if answer = auto(b, f); b.Status == 429 && posts < 120 {
				t.Errorf("refused after %d autosaves", posts)
			}
		}
		if b.Status != 429 || answer.Title == "" || b.Header.Get("Retry-After") == "" {
			t.Errorf("after many autosaves: %d %s", b.Status, b.Body)
		}
		f.Values.Set("_revision", "1")
		if f.Send("_go", "continue"); b.Status != 303 {
			t.Errorf("the button afterwards: %d", b.Status)
		}
	})
}

func TestAutosaveMakesFewStatementsAndWritesTheDraftOnly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, name := range []string{"employer", "office"} {
			b := h.start(name)
			f := fill(b)
			before, statements := h.tables(), h.store.DB.Statements()
			auto(b, f)
			if n := h.store.DB.Statements() - statements; b.Status != 200 || n > 4 {
				t.Errorf("%s: %d after %d statements", name, b.Status, n)
			}
			for table, rows := range h.tables() {
				if rows != before[table] && table != "drafts" {
					t.Errorf("%s: table %s changed", name, table)
				}
			}
		}
	})
}

// TestAPageThatWasOpenForADayCanBeSaved is A-25.
func TestAPageThatWasOpenForADayCanBeSaved(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		f := fill(b)
		h.store.DB.SetOffset(23 * time.Hour)
		defer h.store.DB.SetOffset(0)
		if answer := auto(b, f); b.Status != 200 || answer.Revision == nil {
			t.Errorf("autosave after 23 hours: %d %s", b.Status, b.Body)
		}
		f.Values.Set("_revision", "1")
		if f.Submit("_go", "continue"); b.Status != 200 || b.URL.Path != "/answer/e2" {
			t.Errorf("the button after 23 hours: %d at %s", b.Status, b.URL.Path)
		}
	})
}

// TestAnswersThatAreAskedAgainAreNotStruckOutBySilence: a page was made while one of its questions
// was not asked; meanwhile it is again, with its answer, which the page knows nothing of.
func TestAnswersThatAreAskedAgainAreNotStruckOutBySilence(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		contact := func(answer string) {
			b.Open("/answer/e1").Form("form#answers").Fill("e_contact", answer).Fill("e_reasons", "hire").Submit("_go", "save")
		}
		contact("1")
		b.Open("/answer/e8")
		fill(b).Submit("_go", "save")
		contact("0")
		blind := b.Open("/answer/e8").Form("form#answers")
		if b.Has("[name=\"e_barriers.time\"]") || b.Has("#q-e_barriers") {
			t.Fatal("the page still asks what is not asked")
		}
		contact("1")
		if blind.Send("_go", "save"); b.Status != 409 || b.Count(".clash") == 0 {
			t.Errorf("a page that knows nothing of the answers: %d", b.Status)
		}
		b.Open("/answer/e8")
		for _, name := range b.Form("form#answers").Names() {
			if strings.HasPrefix(name, "e_barriers.") && b.Form("form#answers").Values.Get(name) == "" {
				t.Errorf("%s is lost", name)
			}
		}
	})
}
