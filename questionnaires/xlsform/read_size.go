package xlsform

// What a form may ask for. A cell costs more than it takes up where the work is
// multiplied: each question has all choices of its list, and its choice filter is
// understood once for each of them. The largest built-in questionnaire has 225
// rows, 780 options and 19,000 characters of expressions.
const (
	mostSurveyRows  = 10_000
	mostOptions     = 50_000    // of all questions together
	mostExpressions = 1_000_000 // characters of all of them, as often as they are understood
)

// expressionColumns hold XPath; those of our own words are understood, too.
var expressionColumns = []string{"relevant", "constraint", "required", "calculation", "rondo_if", "rondo_required_if", "rondo_value"}

// measure refuses a form that would keep the reader busy, before it is read.
func (r *reader) measure() error {
	choices := map[string]int{}
	for _, rec := range r.choices.records {
		choices[rec.peek("list_name")]++
	}
	typeAt, filterAt := r.survey.find("type", ""), r.survey.find("choice_filter", "")
	var columns []int
	for _, name := range expressionColumns {
		columns = append(columns, r.survey.find(name, ""))
	}
	options, characters := 0, 0
	for i, rec := range r.survey.records {
		_, list, _ := readType(rec.look(typeAt))
		own := choices[list]
		if list == "" {
			own = 0
		}
		options += own
		for _, at := range columns {
			characters += understood(rec.look(at))
		}
		characters += understood(rec.look(filterAt)) * max(own, 1)
		switch {
		case i >= mostSurveyRows:
			return refuse(r.survey.name, rec.row, "", "too_large", "at most %d rows are read", mostSurveyRows)
		case options > mostOptions:
			return refuse(r.survey.name, rec.row, "type", "too_large", "up to here the questions have more than %d choices", mostOptions)
		case characters > mostExpressions:
			return refuse(r.survey.name, rec.row, "", "too_large", "up to here the expressions have more than %d characters, a choice filter counting for each choice", mostExpressions)
		}
	}
	return nil
}

// understood is how many characters the parser looks at.
func understood(expression string) int {
	if len(expression) > longestExpression {
		return 0
	}
	return len(expression)
}
