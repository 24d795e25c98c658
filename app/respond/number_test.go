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

func TestHowManyDecimalsAreTakenIsSaidInTheRightNumber(t *testing.T) {
	q, err := questionnaires.Builtin("office/2")
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string][2]string{
		"de": {"eine Stelle nach", "2 Stellen nach"}, "fr": {"un chiffre après", "2 chiffres après"}, "it": {"una cifra dopo", "2 cifre dopo"}, "en": {"one decimal place.", "2 decimal places."},
	} {
		v := visit{Sitting: Sitting{Questionnaire: q, Draft: Draft{}.clone()}, lang: lang}
		for i, n := range []int{1, 2} {
			said := v.say(questionnaires.Problem{Question: "o_fte_total", Field: "o_fte_total", Rule: "decimals", Args: map[string]any{"decimals": n}})
			if !strings.Contains(said, want[i]) {
				t.Errorf("%s: %q, want %q in it", lang, said, want[i])
			}
		}
	}
}
