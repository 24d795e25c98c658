package respond

import (
	"testing"

	"rondo/questionnaires"
)

func TestANumberIsShownBackWithTheDecimalSignOfTheLanguage(t *testing.T) {
	q := questionnaires.Newest("employer")
	half := 1.5
	for lang, want := range map[string]string{"de": "1.5", "fr": "1,5", "it": "1.5", "en": "1.5"} {
		for _, question := range q.Questions() {
			if question.Kind != questionnaires.Decimal && !(question.Kind == questionnaires.Numbers && question.Decimals > 0) {
				continue
			}
			code := question.Variables()[0]
			v := visit{Sitting: Sitting{Questionnaire: q, Draft: Draft{Answers: questionnaires.Answers{code: {Number: &half}}}.clone()}, lang: lang}
			for name, values := range v.fields(q.Page(v.pageOf(question.Code))) {
				if len(values) != 1 || values[0] != want {
					t.Errorf("%s: the field %s holds %v, want %s", lang, name, values, want)
				}
				n, ok := questionnaires.ParseNumber(values[0])
				if !ok || n != half {
					t.Errorf("%s: %v is read as %v", lang, values, n)
				}
			}
		}
	}
}
