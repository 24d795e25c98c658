package desk

import (
	"context"
	"strings"
	"testing"

	"rondo/app/auth"
	"rondo/storage/staff"
)

// TestAReason_stays_while_its_search_is_watched changes the language before, during and after the search.
func TestAReason_stays_while_its_search_is_watched(t *testing.T) {
	p, b := start(t)
	p.ahead.Earlier, p.ahead.Long = []string{"public"}, true
	p.long = func(_ context.Context, tell Tell) error {
		tell("search", 1200, 4800)
		return nil
	}
	tag := b.as(p, auth.Admin)
	changes := len(p.changes)
	page := b.get(scientificPreview).body
	before, _, _ := strings.Cut(page, `<ol class="steps">`)
	if !strings.Contains(before, `form="typed" name="_lang" value="fr"`) || !strings.Contains(before, `id="typed"`) {
		t.Errorf("while the search runs the languages are no buttons of a form that is there:\n%s", before)
	}
	checkMarkup(t, "a long preview", page)
	for name, c := range map[string]struct {
		posted []string
		want   string
	}{
		"after the search": {[]string{"held", "", "reason", "For <the> university"}, "For <the> university"},
		"during it":        {[]string{"held", "For <the> university"}, "For <the> university"},
		"taken back":       {[]string{"held", "For <the> university", "reason", ""}, ""},
	} {
		a := b.post(scientificPreview, append(c.posted, "_tag", tag, "_lang", "fr")...)
		doc := parsed(t, a.body)
		if a.status != 200 || !strings.Contains(a.body, `<html lang="fr">`) || !standing(doc, "held", c.want) || !standing(doc, "reason", c.want) || !strings.Contains(a.body, `name="reason" form="typed"`) {
			t.Errorf("%s: %d\n%s", name, a.status, a.body)
		}
		checkMarkup(t, name, a.body)
	}
	if len(p.changes) > changes {
		t.Errorf("changing the language did something: %v", p.changes[changes:])
	}
	if a := b.post(scientificPreview, "_tag", tag, "held", "", "reason", "For the university", "_go", "continue"); a.status != 200 || len(p.changes) != changes+1 {
		t.Errorf("building: %d, %v", a.status, p.changes[changes:])
	}
}

func TestAReason_stays_when_its_search_is_refused_or_left_for_another_language(t *testing.T) {
	for path, more := range map[string][]string{scientificPreview: nil, "/desk/waves/2015/releases": {"population", "employer", "profile", "scientific"}} {
		p, b := start(t)
		p.ahead.Earlier, p.ahead.Long = []string{"public"}, true
		tag := b.as(p, auth.Admin)
		p.refuse = staff.ErrOwn
		a := b.post(path, append(more, "_tag", tag, "reason", "For the university")...)
		form, _ := fields(t, a.body, "typed")
		if !strings.Contains(a.body, `class="problem"`) || form.Get("reason") != "For the university" || !strings.Contains(a.body, `<button class="primary" form="typed" name="_lang" value="de">`) {
			t.Errorf("%s: refused without a way back: %v\n%s", path, form, a.body)
		}
		checkMarkup(t, path, a.body)
		changes := len(p.changes)
		a = b.send(path, form, "_lang", "it")
		if doc := parsed(t, a.body); a.status != 200 || !standing(doc, "reason", "For the university") || len(p.changes) > changes {
			t.Errorf("%s: back in the form: %d, %v", path, a.status, p.changes[changes:])
		}
	}
}

func TestAReason_goes_along_to_the_preview(t *testing.T) {
	p, b := start(t)
	p.ahead.Earlier = []string{"public"}
	tag := b.as(p, auth.Admin)
	a := b.post("/desk/waves/2015/releases", "_tag", tag, "population", "employer", "profile", "scientific", "reason", "For the university", "do", "preview")
	if doc := parsed(t, a.body); a.status != 200 || !standing(doc, "reason", "For the university") || !strings.Contains(a.body, `action="`+scientificPreview+`"`) {
		t.Errorf("%d %s", a.status, a.location)
	}
	p.ahead.Earlier = nil // nobody asks for it there
	if a := b.post("/desk/waves/2015/releases", "_tag", tag, "population", "employer", "profile", "scientific", "reason", "x", "do", "preview"); a.status != 200 || strings.Contains(a.body, `name="reason"`) {
		t.Errorf("without an earlier release: %d", a.status)
	}
}
