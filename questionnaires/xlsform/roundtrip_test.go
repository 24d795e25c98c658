package xlsform_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"rondo/questionnaires"
	"rondo/questionnaires/questionnairetest"
	"rondo/questionnaires/xlsform"
)

// same compares questionnaires in everything an author can write.
var same = cmp.Options{
	cmpopts.IgnoreUnexported(questionnaires.Questionnaire{}, questionnaires.Page{}, questionnaires.Question{},
		questionnaires.Option{}, questionnaires.Row{}, questionnaires.Calculated{}),
	cmpopts.IgnoreFields(questionnaires.Questionnaire{}, "Hash"),
	cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b *questionnaires.Condition) bool {
		return a == b || a != nil && b != nil && a.Source() == b.Source()
	}),
	cmp.Comparer(func(a, b *questionnaires.Formula) bool {
		return a == b || a != nil && b != nil && a.Source() == b.Source()
	}),
}

type failer interface{ Fatalf(string, ...any) }

func export(t failer, q *questionnaires.Questionnaire) []byte {
	raw, err := xlsform.Write(q)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return raw
}

// comesBack exports and imports a questionnaire, which must give itself and
// nothing to report.
func comesBack(t failer, q *questionnaires.Questionnaire) {
	result, err := xlsform.Read(export(t, q), q.Key, q.Version)
	if err != nil {
		t.Fatalf("%s: %v", q.Ref(), err)
	}
	if diff := cmp.Diff(q, result.Questionnaire, same); diff != "" {
		t.Fatalf("%s (-exported +imported):\n%s\nnotes: %v", q.Ref(), diff, result.Notes)
	}
	for _, n := range result.Notes {
		t.Fatalf("%s: %v", q.Ref(), n)
	}
}

func TestEveryBuiltinComesBackAsItWas(t *testing.T) {
	for _, q := range questionnaires.Builtins() {
		comesBack(t, q)
	}
}

func TestRandomQuestionnairesComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { comesBack(t, questionnairetest.Draw(t)) })
}

func TestTheSameQuestionnaireGivesTheSameBytes(t *testing.T) {
	for _, q := range questionnaires.Builtins() {
		if !bytes.Equal(export(t, q), export(t, q)) {
			t.Errorf("%s: two exports differ", q.Ref())
		}
	}
}
