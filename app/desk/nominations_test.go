package desk

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"rondo/app/auth"
)

// seenOn is what a page says that it has shown, as its form sends it.
func seenOn(t *testing.T, body string) (seen, clear string) {
	t.Helper()
	for name, into := range map[string]*string{"seen": &seen, "clear": &clear} {
		found := regexp.MustCompile(`name="` + name + `" value="([^"]+)"`).FindStringSubmatch(body)
		if found == nil {
			t.Fatalf("the page does not say what it has shown: no %s", name)
		}
		*into = found[1]
	}
	return seen, clear
}

// An office may correct a nomination while staff look at it: what they have not seen they do not decide.
func TestNobodyDecidesANominationThatChangedSinceItWasShown(t *testing.T) {
	const path = "/desk/waves/2026/nominations"
	p, b := start(t)
	tag := b.as(p, auth.Lead)
	seen, clear := seenOn(t, b.get(path).body)
	send := func(form string) answer {
		return b.do("POST", path, formType("POST"), "_tag="+tag+"&seen="+url.QueryEscape(seen)+"&clear="+clear+"&"+form)
	}
	before := len(p.changes)
	p.corrected = "new."
	for _, form := range []string{"id=n1&id=n2&do=approve", "id=n1&do=reject&reason=doppelt", "id=n1&do=duplicate", "do=clear"} {
		if a := send(form); a.status != 422 || len(p.changes) != before || !strings.Contains(a.body, "new.v.muster@") || !strings.Contains(a.body, "geändert") {
			t.Errorf("%s of what was corrected meanwhile: %d, %v", form, a.status, p.changes[before:])
		}
	}
	if a := send("id=n2&do=approve"); a.status != 303 || len(p.changes) != before+1 {
		t.Errorf("one that is as it was shown: %d", a.status)
	}
	seen, clear = seenOn(t, send("do=clear").body)
	if a := send("id=n1&do=approve"); a.status != 303 {
		t.Errorf("once it was shown: %d", a.status)
	}
	p.proposed = []Nomination{{ID: "n5", Office: "ZH", Name: "Neu", Email: "neu@neu.example", Language: "de", Size: "1-9", Branch: "A", Selection: "picked"}}
	before = len(p.changes)
	if a := send("do=clear"); a.status != 422 || len(p.changes) != before {
		t.Errorf("all without doubt, with one that came since: %d, %v", a.status, p.changes[before:])
	}
}

// Of employers that may be one, at least one stays: whoever ticks both as duplicates invites neither.
func TestOfDoublesOneStays(t *testing.T) {
	const path = "/desk/waves/2026/nominations"
	p, b := start(t)
	tag := b.as(p, auth.Lead)
	pair := func(id, other, email string) Nomination {
		return Nomination{ID: id, Office: "ZH", Name: "Huber", Email: email, Language: "de", Size: "1-9", Branch: "A", Selection: "picked", Likes: []Like{{other, "ZH", "Huber", "", false}}}
	}
	p.proposed = []Nomination{
		pair("n5", "n6", "a@huber.example"), pair("n6", "n5", "b@huber.example"),
		{ID: "n7", Office: "ZH", Name: "Eins", Email: "a@eins.example", Doubts: []string{"same_address"}}, {ID: "n8", Office: "BE", Name: "Eins", Email: "A@eins.example", Doubts: []string{"same_address"}},
	}
	before := len(p.changes)
	for ids, want := range map[string]int{"id=n5&id=n6": 422, "id=n7&id=n8": 422, "id=n5&id=n3": 303, "id=n7": 303, "id=n1": 303} {
		a := b.do("POST", path, formType("POST"), "_tag="+tag+"&do=duplicate&"+ids)
		if a.status != want || want == 422 && !strings.Contains(a.body, "Einer muss bleiben") {
			t.Errorf("%s are duplicates: %d, want %d", ids, a.status, want)
		}
	}
	if len(p.changes) != before+3 {
		t.Errorf("changes %v", p.changes[before:])
	}
}

// Of two with one address either may be the one that is approved: where one is doubtful, so is the other.
func TestADoubtIsOneOfAllWithTheAddress(t *testing.T) {
	const path = "/desk/waves/2026/nominations"
	p, b := start(t)
	tag := b.as(p, auth.Lead)
	p.proposed = []Nomination{
		{ID: "n5", Office: "ZH", Name: "Eins", Email: "a@eins.example", Doubts: []string{"same_address"}},
		{ID: "n6", Office: "BE", Name: "Huber", Email: "A@eins.example", Doubts: []string{"same_address"}, Likes: []Like{{"", "", "Huber", "", false}}},
	}
	send := func(form string) answer { return b.do("POST", path, formType("POST"), "_tag="+tag+"&"+form) }
	if a := send("id=n5&do=approve"); a.status != 422 || !strings.Contains(a.body, `id="sure"`) {
		t.Errorf("approved without a word about the doubt: %d", a.status)
	}
	send("do=clear")
	send("id=n5&do=approve&sure=yes")
	if got := strings.Join(p.changes, ", "); !strings.HasSuffix(got, "session, approve [n1 n2], approve [n5]") {
		t.Errorf("changes %s", got)
	}
}

func (p *paper) Nominations(context.Context, string) ([]Nomination, error) {
	n1 := Nomination{ID: "n1", Office: "AG", Name: "Bäckerei Muster", Email: p.corrected + "v.muster@baeckerei.example", Language: "de", Size: "10-49", Branch: "C", Town: "Aarau", Selection: "drawn", Row: 17, Told: "2026-02-03"}
	n2 := Nomination{ID: "n2", Office: "FR", Name: "Garage Exemple Sàrl", Email: "info@garage.example", Language: "fr", Size: "1-9", Branch: "G", Selection: "picked", Doubts: []string{"same_address", "suppressed", "invited"}}
	n3 := Nomination{ID: "n3", Office: "FR", Name: "Boulangerie Exemple", Email: "info@boulangerie.example", Language: "fr", Size: "1-9", Branch: "C", Town: "Bulle", Selection: "picked",
		Likes: []Like{{"n9", "AG", "Boulangerie Exempl", "Bulle", true}, {"", "", "Boulangerie L'Exemple", "", false}}}
	return append([]Nomination{n1, n2, n3}, p.proposed...), nil
}

func (p *paper) ApproveNominations(_ context.Context, _ string, ids []string) (Settled, error) {
	return Settled{Approved: len(ids)}, p.change("approve ", ids)
}

func (p *paper) DuplicateNominations(_ context.Context, _ string, ids []string) (int, error) {
	return len(ids), p.change("duplicate ", ids)
}
