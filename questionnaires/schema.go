package questionnaires

import _ "embed" // the schema is a file that editors can be given as it is

//go:embed schema/questionnaire.schema.json
var schema string

// Schema gives the JSON Schema (2020-12) of the files of a version: one schema
// for the structure, the words and the classification of changes, told apart by
// their keys. Editors show with it what keys there are while an author types.
func Schema() []byte { return []byte(schema) }
