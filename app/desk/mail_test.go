package desk

import (
	"strings"
	"testing"

	"rondo/app/auth"
)

func TestAFlooredSending_tells_no_exact_number_and_may_always_be_tried(t *testing.T) {
	const path = "/desk/waves/2026/mail/employer/results"
	for respondents, shown := range map[int]string{0: "weniger als 5", 25: "mindestens 25"} {
		p, b := start(t)
		tag := b.as(p, auth.Lead)
		p.respondents = respondents
		a := b.get(path)
		if a.status != 200 || !strings.Contains(a.body, shown) || !strings.Contains(a.body, `button class="danger"`) {
			t.Errorf("%d: %d, want a page that says %q and offers sending", respondents, a.status, shown)
		}
		for _, term := range []string{"Schon früher erstellt", "Deutsch</dt>", "keine brauchbare Adresse"} {
			if strings.Contains(a.body, term) {
				t.Errorf("%d: the page tells %q", respondents, term)
			}
		}
		if a := b.post(path, "_tag", tag); a.status != 303 || len(p.changes) == 0 || p.changes[len(p.changes)-1] != "queue 2026 employer results" {
			t.Errorf("%d: queueing = %d, changes %v", respondents, a.status, p.changes)
		}
		p.bare = []Fault{{Rule: "stop"}}
		if a := b.get(path); strings.Contains(a.body, `button class="danger"`) || !strings.Contains(a.body, "<li>nicht genau") {
			t.Errorf("%d: a fault without a participant is not shown as one: %s", respondents, a.body)
		}
	}
}

func TestTheMailPage_names_nobody_who_would_be_given_away(t *testing.T) {
	p, b := start(t)
	b.as(p, auth.Lead)
	a := b.get("/desk/waves/2026/mail")
	for _, want := range []string{"mindestens 900", "weniger als 5", "1’231", "erledigt", "zurückgekommen", "Der Name würde verraten",
		"zurückgehalten", `href="/desk/waves/2026/mail/office/reminder"`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if n := strings.Count(a.body, `value="again"`); n != 2 {
		t.Errorf("%d messages may be sent again, want the two that can be", n)
	}
}
