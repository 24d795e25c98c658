package questionnaires

import (
	"slices"
	"strings"
	"testing"
)

func TestLintFindsWhatAnAuthorForgot(t *testing.T) {
	s := StructureFile
	e := "pages[e1].questions[e_since]"
	cases := []struct{ name, file, from, to, want string }{
		{"translation", "text.it.yaml", `    label: "Da quanto tempo collaborate con l'ufficio AI?"`, `    label: ""`, e + ".label.it missing_translation"},
		{"option translation", "text.it.yaml", `      lt1: "Meno di 1 anno"`, ``, e + ".options[lt1].it missing_translation"},
		{"words of a check", "text.fr.yaml", `  cases_fit_reasons: "Vous`, `  another: "Vous`, "checks[cases_fit_reasons].text.fr missing_translation"},
		{"note", s, "notes: [DEF_COMPANY,", "notes: [DEF_NOTHING,", "notes[DEF_NOTHING].de missing_translation"},
		{"role", s, "role: stable_fact", "role: ''", e + ".role no_role"},
		{"unknown role", s, "role: stable_fact", "role: secret", e + ".role unknown_role"},
		{"role of typed text", s, "role: freetext", "role: plain", "pages[e10].questions[e_comment].role role_and_kind"},
		{"code twice", s, "[lt1, y1_2,", "[lt1, lt1,", e + ".options[lt1] duplicate_code"},
		{"row twice", s, "[phone, visit, meeting_office,", "[phone, phone, meeting_office,", "pages[e2].questions[e_channels].rows[phone] duplicate_code"},
		{"missing code twice", s, "also: [NA_CASE]", "also: [NA_CASE, NA]", "pages[e5].questions[e_duration].options[90] duplicate_code"},
		{"page twice", s, "code: e3", "code: e2", "pages[e2] duplicate_code"},
		{"placeholder lost", "text.fr.yaml", "concernent: {office}", "concernent", "header.fr placeholders_differ"},
		{"placeholder invented", "text.de.yaml", "Seit wann", "Seit {when}", e + ".label.de unknown_placeholder"},
		{"spelling", "text.de.yaml", "Weiss nicht", "Weiß nicht", e + ".options[98].de swiss_spelling"},
		{"long sentence", "text.en.yaml", "Since when have you worked", "Since when have you" + strings.Repeat(" very", 25) + " worked", e + ".label.en long_sentence"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, f := range Lint(changed(t, "employer/2", c.file, c.from, c.to)) {
				got = append(got, f.Path+" "+f.Rule)
				if f.Warning != (f.Rule == "long_sentence") {
					t.Errorf("%v is a warning: %v", f, f.Warning)
				}
			}
			if !slices.Contains(got, c.want) {
				t.Errorf("found %v, want %s", got, c.want)
			}
		})
	}
}

func TestLintFindsEmptyAndOverfullPages(t *testing.T) {
	rows := make([]string, 401)
	for i := range rows {
		rows[i] = "r" + strings.Repeat("x", i+1)
	}
	q := define(t, "key: k\nversion: 1\npages:\n  - code: p1\n  - code: p2\n    questions:\n      - {code: a, kind: texts, role: freetext, rows: ["+strings.Join(rows, ", ")+"]}\n")
	var got []string
	for _, f := range Lint(q) {
		if f.Rule != "missing_translation" {
			got = append(got, f.Path+" "+f.Rule)
		}
	}
	if want := []string{"pages[p1] empty", "pages[p2] too_many_fields"}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}
