package desk

import (
	"strings"
	"testing"

	"rondo/app/auth"
	"rondo/app/i18n"
)

const oneText = "/desk/waves/2015/releases/texts/e_comment/"

func TestAText_shows_every_mark_in_words(t *testing.T) {
	p, b := start(t)
	b.as(p, auth.Reviewer)
	for _, lang := range i18n.Languages {
		body := b.get(oneText + "t1?lang=" + lang).body
		for _, kind := range []string{"person", "name"} {
			if word := i18n.T(lang, "desk.freetexts.kind."+kind, nil); !strings.Contains(body, `<small lang="`+lang+`">`+word+"</small></mark>") {
				t.Errorf("%s: no mark says %q", lang, word)
			}
		}
	}
}

func TestAText_offers_each_person_what_they_may_do(t *testing.T) {
	for _, tc := range []struct {
		role         auth.Role
		text         string
		redact, read bool
	}{
		{auth.Analyst, "t1", true, false}, {auth.Reviewer, "t1", false, false}, {auth.Lead, "t1", true, false},
		{auth.Analyst, "t2", true, false}, {auth.Reviewer, "t2", false, true}, {auth.Lead, "t2", true, false}, // the lead redacted it
		{auth.Admin, "t2", true, true}, {auth.Admin, "t3", false, false},
	} {
		p, b := start(t)
		b.as(p, tc.role)
		body := b.get(oneText + tc.text).body
		if redact := strings.Contains(body, `value="redact"`); redact != tc.redact {
			t.Errorf("%s on %s: redact offered %v", tc.role, tc.text, redact)
		}
		if read := strings.Contains(body, `value="release"`); read != tc.read {
			t.Errorf("%s on %s: release offered %v", tc.role, tc.text, read)
		}
	}
}

func TestAText_is_not_read_by_who_redacted_it(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Lead)
	a := b.post(oneText+"t2/read", "_tag", tag, "seen", "2", "do", "release")
	if last := p.entries[len(p.entries)-1]; a.status != 403 || last.Action != "text.release" || last.Detail != "refused" {
		t.Errorf("%d, journalled as %+v", a.status, last)
	}
}

func TestAText_comes_back_with_what_was_typed_where_something_is_wrong(t *testing.T) {
	for name, tc := range map[string]struct {
		path, want string
		pairs      []string
	}{
		"no words":           {"t1", `id="text-problem"`, []string{"do", "redact", "text", " ", "language", "de"}},
		"too many words":     {"t1", `id="text-problem"`, []string{"do", "redact", "text", strings.Repeat("ä", longestText+1), "language", "de"}},
		"an unknown tongue":  {"t1", `id="language-problem"`, []string{"do", "redact", "text", "Gut.", "language", "rm"}},
		"a part left marked": {"t1", "«Frau Keller»", []string{"do", "redact", "text", "Frau Keller", "language", "it"}},
		"no reason to leave": {"t1", `id="why-problem"`, []string{"do", "reject", "text", "Gut.", "language", "de"}},
		"no reason to give":  {"t2/read", `id="reason-problem"`, []string{"do", "return"}},
	} {
		p, b := start(t)
		tag := b.as(p, auth.Admin)
		before := len(p.changes)
		a := b.post(oneText+tc.path, append([]string{"_tag", tag, "seen", map[string]string{"t1": "1", "t2/read": "2"}[tc.path]}, tc.pairs...)...)
		if a.status != 422 || !strings.Contains(a.body, tc.want) || len(p.changes) != before {
			t.Errorf("%s: %d, %v\n%s", name, a.status, p.changes[before:], a.body)
		}
		if tc.path == "t1" && tc.pairs[3] != " " && !strings.Contains(a.body, tc.pairs[3]) {
			t.Errorf("%s: the words are gone", name)
		}
		checkMarkup(t, name, a.body)
	}
}

func TestAText_refuses_what_nobody_has_seen(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Admin)
	for _, tc := range []struct {
		path   string
		status int
		pairs  []string
	}{
		{"t1", 409, []string{"seen", "7", "do", "redact", "text", "x", "language", "de"}},
		{"t1", 400, []string{"seen", "", "do", "redact", "text", "x", "language", "de"}},
		{"t1", 400, []string{"seen", "1", "do", "release"}},
		{"t2/read", 400, []string{"seen", "2", "do", "redact", "text", "x", "language", "de"}},
		{"nothing", 404, []string{"seen", "1", "do", "reject", "why", "x"}},
	} {
		if a := b.post(oneText+tc.path, append([]string{"_tag", tag}, tc.pairs...)...); a.status != tc.status {
			t.Errorf("%v = %d, want %d", tc.pairs, a.status, tc.status)
		}
	}
}

func TestTexts_are_taken_out_once(t *testing.T) {
	p, b := start(t)
	b.as(p, auth.Analyst)
	begin := `<form method="post" class="card">`
	if strings.Contains(b.get("/desk/waves/2015/releases/texts").body, begin) {
		t.Error("texts that are out can be taken out")
	}
	p.bareTexts = true
	if !strings.Contains(b.get("/desk/waves/2015/releases/texts").body, begin) {
		t.Error("texts cannot be taken out")
	}
	if strings.Contains(b.get("/desk/waves/2026/releases/texts").body, begin) {
		t.Error("texts can be taken out of what is not frozen")
	}
	p.waves = append(p.waves, Wave{Label: "2009", State: "archived"})
	if body := b.get("/desk/waves/2009/releases/texts?lang=en").body; strings.Contains(body, begin) || !strings.Contains(body, "erased when the wave was archived") {
		t.Error("an archived wave does not say that its texts are gone")
	}
}

// TestARedactionThatAColleagueWasFasterWith_can_be_sent_again: the page shows what the colleague made of the text.
func TestARedactionThatAColleagueWasFasterWith_can_be_sent_again(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Lead)
	a := b.post(oneText+"t2", "_tag", tag, "do", "redact", "seen", "1", "text", "mühsam", "language", "de")
	form, to := fields(t, a.body, "typed")
	if a.status != 409 || form.Get("seen") != "2" || form.Get("text") != "mühsam" {
		t.Fatalf("%d, the form is about revision %q", a.status, form.Get("seen"))
	}
	if a = b.send(to, form, "do", "redact", "language", "de", "sure", "yes"); a.status != 303 || !strings.HasPrefix(p.changes[len(p.changes)-1], "redact ") {
		t.Errorf("sent again: %d, %v", a.status, p.changes)
	}
}
