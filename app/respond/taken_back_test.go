package respond_test

import (
	"strings"
	"testing"

	"rondo/app/web/webtest"
)

// TestALinkOnPaperOfAWithdrawnEmployerSaysSo: whoever was not written to by e-mail can be withdrawn
// until the end, whether or not they have answered; a letter may have gone out all the same.
func TestALinkOnPaperOfAWithdrawnEmployerSaysSo(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		answered, begun := h.start("employer"), h.start("other")
		h.toReview(answered)
		answered.Form("form#submit").Submit()
		fill(begun).Submit("_go", "continue")
		for _, name := range []string{"employer", "other"} {
			h.must(h.store.Identity.RemoveEmployer(ctx, h.participants[name].ID))
			before := h.tables()
			for lang, want := range map[string]string{"de": "gilt nicht mehr", "fr": "plus valable", "it": "non è più valido", "en": "no longer valid"} {
				b := webtest.NewBrowser(t).Open(h.url + "/r/" + h.tokens[name] + "?lang=" + lang)
				if b.Status != 410 || b.Attr("main", "data-state") != "closed" || !strings.Contains(b.Text("h1"), want) || strings.Contains(b.Body, "Markerfirma") {
					t.Errorf("%s in %s: %d %q", name, lang, b.Status, b.Text("main"))
				}
			}
			if after := h.tables(); after["taken_back"] != before["taken_back"] || after["participants"] != before["participants"] {
				t.Error("looking at a link that was taken back changes something")
			}
		}
		for _, path := range []string{"/answer", "/answer/review"} {
			if begun.Open(path); begun.Status != 410 || !strings.Contains(begun.Text("h1"), "plus valable") {
				t.Errorf("%s in the middle: %d %q", path, begun.Status, begun.Text("h1"))
			}
		}
		if b := webtest.NewBrowser(t).Open(h.url + "/r/" + strings.Repeat("a", 32)); b.Status != 404 {
			t.Errorf("a link of nobody: %d", b.Status)
		}
		responses, spent, err := h.store.Answers.Count(ctx, h.wave.ID, "employer")
		if err != nil || responses != 1 || spent != 1 {
			t.Errorf("of one who had answered: %d responses, %d markers, %v", responses, spent, err)
		}
		if err := h.store.Identity.RemoveEmployer(ctx, h.participants["other"].ID); err == nil {
			t.Error("withdrawn twice")
		}
		for _, population := range []string{"office", "employer", "discussion"} {
			h.must(h.store.ClosePopulation(ctx, h.wave.ID, population, nil, nil))
		}
		h.must(h.store.Identity.SetWaveState(ctx, h.wave.ID, "running", "closed"))
		h.must(h.store.Archive(ctx, h.wave.ID, nil))
		if left := h.tables()["taken_back"]; left != "[]" {
			t.Errorf("after the archive: %s", left)
		}
	})
}
