package exports

import (
	"rondo/exports/formats"
	"rondo/questionnaires"
)

// QuestionnaireDDI describes the columns that a questionnaire's dataset would
// have as DDI-Codebook 2.5, in all languages; placeholders of a wave stay as
// they are.
func QuestionnaireDDI(q *questionnaires.Questionnaire) ([]byte, error) {
	var variables []formats.Variable
	for _, c := range q.Columns() {
		v := describe(Snapshot{Questionnaire: q}, Choice{Column: c})
		v.Wording = c.Label()
		variables = append(variables, v)
	}
	return formats.InstrumentDDI(formats.About{Population: q.Key, Title: q.Title, Questionnaire: q.Ref()}, variables)
}
