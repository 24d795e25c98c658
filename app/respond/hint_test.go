package respond

import (
	"strings"
	"testing"

	"rondo/app/i18n"
	"rondo/questionnaires"
)

func TestSeveralAnswersAreOfferedOnceOnly(t *testing.T) {
	told := map[string]string{"de": "mehrere antworten", "fr": "plusieurs réponses", "it": "più risposte", "en": "several answers"}
	own, ours := 0, 0
	for _, q := range questionnaires.Builtins() {
		for _, qu := range q.Questions() {
			if qu.Kind != questionnaires.Multi {
				continue
			}
			for _, lang := range i18n.Languages {
				v := visit{Sitting: Sitting{Questionnaire: q}, lang: lang}
				hint := v.hint(qu, 0)
				says := strings.Contains(strings.ToLower(v.fill(qu.Label)), told[lang])
				if says == (hint != "") {
					t.Errorf("%s %s in %s: the question says %t, the hint says %q", q.Ref(), qu.Code, lang, says, hint)
				}
				if says {
					own++
				} else {
					ours++
				}
			}
		}
	}
	if own == 0 || ours == 0 {
		t.Errorf("%d questions say it themselves, %d do not: nothing is compared", own, ours)
	}
}
