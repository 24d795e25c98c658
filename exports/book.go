package exports

import (
	"rondo/exports/formats"
	"rondo/questionnaires"
)

// QuestionnaireDDI describes a questionnaire alone, without a dataset, as DDI-Codebook 2.5.
func QuestionnaireDDI(q *questionnaires.Questionnaire) ([]byte, error) {
	plan, err := PlanFor(q, "internal")
	if err != nil {
		return nil, err
	}
	s := Snapshot{Population: q.Key, Questionnaire: q}
	var variables []formats.Variable
	for _, c := range plan.Choices {
		variables = append(variables, describe(s, c))
	}
	return formats.DDI(formats.About{
		Population: q.Key, Title: q.Title, Label: q.Title, Questionnaire: q.Ref(),
	}, variables)
}
