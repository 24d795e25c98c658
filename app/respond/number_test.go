package respond

import (
	"os"
	"strings"
	"testing"

	"rondo/questionnaires"
)

func TestANumberIsShownBackWithTheDecimalSignOfTheLanguage(t *testing.T) {
	q, found, err := questionnaires.ReadDir(os.DirFS("../browsertest/testdata/kinds/1"))
	if err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
	for lang, want := range map[string]string{"de": "12.5", "fr": "12,5", "it": "12.5", "en": "12.5"} {
		n := 12.5
		v := visit{Sitting: Sitting{Questionnaire: q, Draft: Draft{Answers: questionnaires.Answers{"k_decimal": {Number: &n}}}.clone()}, lang: lang}
		if got := v.fields(q.Page("decimal"))["k_decimal"]; len(got) != 1 || got[0] != want {
			t.Errorf("%s: the field holds %v, want %s", lang, got, want)
		}
		if got := q.Quote(q.Question("k_decimal"), lang, v.Draft.Answers, v.Setting); len(got) != 1 || !strings.HasPrefix(got[0], want+" ") {
			t.Errorf("%s: the review says %v, want %s", lang, got, want)
		}
		if read, ok := questionnaires.ParseNumber(want); !ok || read != n {
			t.Errorf("%s: %s is read as %v", lang, want, read)
		}
	}
}
