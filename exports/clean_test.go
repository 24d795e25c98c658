package exports

import (
	"testing"
	"unicode/utf8"

	"rondo/questionnaires/boundtest"
)

func TestClean_keeps_the_words_and_drops_what_programs_stumble_over(t *testing.T) {
	for cell, want := range map[string]string{
		"gut":                        "gut",
		"=1+1":                       "=1+1", // the analysis file holds the answer; the spreadsheet files neutralise it
		"-91":                        "-91",
		"a\tb":                       "a b",
		"\t=1+1":                     "=1+1",
		"a\r\nb\nc\rd":               "a b c d",
		"a\u2028b\u2029c":            "a b c",
		"\x00a\x01b\x7fc\u0085":      "abc",
		"\u202eabc\u202c":            "abc",
		"\u2066=1\u2069":             "=1",
		"\u200f\u200e\u061cשלום":     "שלום",
		"\ufeffa\uffff":              "a",
		"a\xffb":                     "a\ufffdb",
		"Zürich 😀 – «l’été», \"ok\"": "Zürich 😀 – «l’été», \"ok\"",
	} {
		if got := clean(cell); got != want {
			t.Errorf("clean(%q) = %q, want %q", cell, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		var got string
		boundtest.Quick(t, func() { got = clean(cell) })
		if !utf8.ValidString(got) || clean(got) != got {
			t.Fatalf("%q became %q", cell, got)
		}
		for _, r := range got {
			if unfit(r) {
				t.Fatalf("%q kept %q", cell, r)
			}
		}
	})
}
