package freetext

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"rondo/questionnaires/boundtest"
)

// frame reads the made-up frame of the cases.
func frame(t testing.TB) *Names {
	t.Helper()
	raw, err := os.ReadFile("testdata/frame.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := &Names{}
	for _, line := range lines(string(raw)) {
		part := strings.Split(line, "|")
		n.AddName(strings.TrimSpace(part[0]))
		n.AddAddress(strings.TrimSpace(part[1]))
		n.AddPlace(strings.TrimSpace(part[2]))
	}
	return n
}

var planted = regexp.MustCompile(`\{([a-z]+)\|([^}]*)\}`)

// marked writes marks as the cases do.
func marked(text string, marks []Mark) string {
	var b strings.Builder
	at := 0
	for _, m := range marks {
		b.WriteString(text[at:m.From] + "{" + string(m.Kind) + "|" + text[m.From:m.To] + "}")
		at = m.To
	}
	return b.String() + text[at:]
}

func TestFind_marks_what_is_planted_and_nothing_else(t *testing.T) {
	names := frame(t)
	for _, lang := range []string{"de", "fr", "it", "en"} {
		raw, err := os.ReadFile(filepath.Join("testdata", "flags", lang+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		kinds := 0
		for _, want := range lines(string(raw)) {
			text := planted.ReplaceAllString(want, "$2")
			kinds += len(planted.FindAllString(want, -1))
			if diff := cmp.Diff(want, marked(text, Find(text, names))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", lang, diff)
			}
		}
		if kinds < 8 {
			t.Errorf("%s plants only %d parts", lang, kinds)
		}
	}
}

func TestFind_marks_every_identity_of_the_frame_in_any_company(t *testing.T) {
	names := frame(t)
	for _, planted := range []string{
		"Bäckerei Zimtstern & Söhne AG", "zimtstern", "ZIMTSTERN", "Zimtstern-Filiale", "v.musterli@baeckerei-zimtstern.example", "Musterli",
		"Colette", "LANTERNE", "l'Exemple", "Girasole", "Hinterfultigen", "Bosco Gurin", "svazurich",
	} {
		for _, around := range []string{"%", "Wir bei % haben 12 Leute.", "«%»", "(%)", "Notre firme,%, est petite.", "…%!"} {
			text := strings.ReplaceAll(around, "%", planted)
			if !covered(text, planted, Find(text, names)) {
				t.Errorf("%q is not marked in %q: %v", planted, text, Find(text, names))
			}
		}
	}
}

// covered says whether marks hold the letters of a part.
func covered(text, part string, marks []Mark) bool {
	from := strings.Index(text, part)
	for _, m := range marks {
		if m.From < from+len(part) && m.To > from && len(strings.TrimSpace(text[m.From:m.To])) >= 3 {
			return true
		}
	}
	return false
}

func TestFind_knows_names_however_their_letters_are_written(t *testing.T) {
	n := &Names{}
	n.AddName("Jäggi Père")
	for _, text := range []string{"Jäggi", "Jaeggi", "JAGGI", "Ja\u0308ggi", "pere", "JÄGGIS"} {
		if len(Find(text, n)) != 1 {
			t.Errorf("%q is not marked", text)
		}
	}
	if len(Find("Jäggi", nil)) != 0 {
		t.Error("a name is marked that nobody gave")
	}
}

func TestFind_is_quick_whatever_is_typed(t *testing.T) {
	names := frame(t)
	for _, part := range []string{"A. ", "a.", "a.chx ", "1", "1 ", "756.", "x@", "x@a.", "Frau ", "die Beraterin ", "Bäckerei ", "12. März ", "CH93 0076 ", "\u0301", "B. Z. "} {
		boundtest.Quick(t, func() { Find(strings.Repeat(part, 6000/len(part)), names) })
	}
}

func FuzzFind(f *testing.F) {
	names := frame(f)
	for _, lang := range []string{"de", "fr", "it", "en"} {
		raw, err := os.ReadFile(filepath.Join("testdata", "flags", lang+".txt"))
		if err != nil {
			f.Fatal(err)
		}
		for _, line := range lines(string(raw)) {
			f.Add(planted.ReplaceAllString(line, "$2"))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = Clean(text)
		if !utf8.ValidString(text) || Clean(text) != text {
			t.Fatalf("%q is not clean", text)
		}
		var marks []Mark
		boundtest.Quick(t, func() { marks = Find(text, names) })
		at := 0
		for _, m := range marks {
			if m.From < at || m.To <= m.From || m.To > len(text) || !utf8.RuneStart(text[m.From]) || m.To < len(text) && !utf8.RuneStart(text[m.To]) {
				t.Fatalf("marks of %q are not in order: %+v", text, marks)
			}
			at = m.To
		}
		for _, secret := range []string{"v.musterli@baeckerei-zimtstern.example", "756.1234.5678.97", "Zimtstern"} {
			if with := text + " " + secret + " " + text; !covered(with, secret, Find(with, names)) && !strings.Contains(text, secret) {
				t.Errorf("%q is not marked in %q", secret, with)
			}
		}
	})
}
