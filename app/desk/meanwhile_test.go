package desk

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"rondo/app/auth"
)

var seenField = regexp.MustCompile(`name="seen" value="([0-9a-f]{16})"`)

// TestWhatSomebodyElseKeptMeanwhile_is_not_replaced_unseen: a schedule that stood open while a colleague
// cancelled reminders would send them by itself again, and of two who write a text one would lose theirs.
func TestWhatSomebodyElseKeptMeanwhile_is_not_replaced_unseen(t *testing.T) {
	for path, form := range map[string]url.Values{
		"/desk/waves/2026/texts/employer/invitation/de": {"do": {"keep"}, "subject": {"Ein Betreff"}, "body": {"Guten Tag\n\n{{link}}"}},
		"/desk/waves/2026/texts/employer/last_call/fr":  {"do": {"usual"}, "subject": {"Ein Betreff"}, "body": {"Guten Tag\n\n{{link}}"}},
		"/desk/waves/2026/schedule/employer":            {"invitation.days": {"3"}, "invitation.hour": {"9"}, "thanks.days": {"1"}, "thanks.hour": {"8"}},
	} {
		p, b := start(t)
		tag := b.as(p, auth.Admin)
		post := func(seen string) answer {
			t.Helper()
			form.Set("_tag", tag)
			form.Set("seen", seen)
			return b.do("POST", path, formType("POST"), form.Encode())
		}
		now := seenField.FindStringSubmatch(b.get(path).body)
		if now == nil {
			t.Fatalf("%s does not say what it shows", path)
		}
		changes := len(p.changes)
		a := post("0123456789abcdef")
		again := seenField.FindStringSubmatch(a.body)
		if a.status != 422 || len(p.changes) != changes || !strings.Contains(a.body, "ersetzen Sie die andere Fassung") {
			t.Errorf("%s after somebody else: %d, changes %v", path, a.status, p.changes[changes:])
		}
		if again == nil || again[1] != now[1] {
			t.Errorf("%s cannot be kept knowingly: %v, want %v", path, again, now)
		}
		if a := post(now[1]); a.status != 303 || len(p.changes) != changes+1 {
			t.Errorf("%s knowingly: %d, changes %v", path, a.status, p.changes[changes:])
		}
	}
}
