package respond_test

import (
	"strings"
	"testing"

	"rondo/app/i18n"
)

func TestWhoComesBackToAnEntryThatIsNoAnswerIsToldAgainWhatIsWrongWithIt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		long := strings.Repeat("zu lang ", 2500)
		tooLong := i18n.T("it", "respond.problem.too_long", map[string]any{"length": "19’999", "max": "2’000"})
		cut := strings.TrimSpace(long[:60]) + "…"
		for _, c := range []struct{ name, page, field, typed, again, reviewed string }{
			{"employer", "/answer/e10", "e_comment", long, tooLong, tooLong},
			{"office", "/answer/o1", "o_fte_total", "2001", i18n.T("it", "respond.problem.above_max", map[string]any{"max": "2’000"}), "«2001»"},
			{"office", "/answer/o1", "o_fte_total", long, i18n.T("it", "respond.problem.not_a_number", nil), "«" + cut + "»"},
		} {
			b := h.start(c.name)
			b.Open(c.page).Form("form#answers").Fill(c.field, c.typed).Submit("_go", "continue")
			if b.Status != 422 {
				t.Fatalf("%s takes %d characters: %d", c.field, len(c.typed), b.Status)
			}
			b.Open(c.page + "?lang=it")
			if got := b.Text(".error-summary"); !strings.Contains(got, c.again) || len(got) > 400 {
				t.Errorf("%s again: %d characters, %.200q; want %q", c.field, len(got), got, c.again)
			}
			if got := b.Form("form#answers").Values.Get(c.field); strings.TrimSpace(got) != strings.TrimSpace(c.typed) {
				t.Errorf("%s: of what was typed the field holds %d characters", c.field, len(got))
			}
			if got := b.Open("/answer/review").Text("main"); !strings.Contains(got, c.reviewed) || strings.Contains(got, cut[:50]+" zu lang zu lang zu lang") {
				t.Errorf("%s in the review: %.900q; want %q", c.field, got, c.reviewed)
			}
		}
	})
}
