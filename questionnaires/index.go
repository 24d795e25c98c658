package questionnaires

// Page gives the page with that code, or nil.
func (q *Questionnaire) Page(code string) *Page { return q.byPage[code] }

// Question gives the question with that code, or nil.
func (q *Questionnaire) Question(code string) *Question { return q.byCode[code] }

// Questions gives the questions of all pages, in order.
func (q *Questionnaire) Questions() []*Question { return q.questions }

// index prepares the look-ups; a questionnaire is read-only afterwards.
func (q *Questionnaire) index() {
	q.byCode, q.byPage = map[string]*Question{}, map[string]*Page{}
	variables := 0
	for _, p := range q.Pages {
		q.byPage[p.Code] = p
		p.fields = map[string]field{}
		for _, qu := range p.Questions {
			q.byCode[qu.Code] = qu
			qu.variables = qu.Variables()
			qu.from = variables
			variables += len(qu.variables)
			for _, f := range qu.inputs() {
				p.fields[f.name] = f
			}
		}
	}
}

// Variables gives the variables the answers to the question are kept under, in
// order; the text beside an option "other" comes last.
func (qu *Question) Variables() []string {
	if qu.variables != nil {
		return qu.variables
	}
	var out []string
	switch qu.Kind {
	case Matrix, Numbers, Texts:
		for _, r := range qu.Rows {
			out = append(out, qu.Code+"__"+r.Code)
		}
	case Ranking:
		for _, o := range qu.Options {
			out = append(out, qu.Code+"__"+o.Code)
		}
	default:
		out = append(out, qu.Code)
	}
	if qu.HasOther() {
		out = append(out, qu.Code+"_other")
	}
	return out
}

// HasOther says whether an option opens a text field.
func (qu *Question) HasOther() bool { return qu.otherCode() != "" }

// Option gives the option with that code, or nil.
func (qu *Question) Option(code string) *Option {
	for i := range qu.Options {
		if qu.Options[i].Code == code {
			return &qu.Options[i]
		}
	}
	return nil
}

// field is one input a form may hold.
type field struct {
	name     string
	question *Question
	repeats  bool // multi: one value for each tick
}

// inputs gives the form fields of a question; a pre-filled one has none.
func (qu *Question) inputs() []field {
	if qu.Prefill {
		return nil
	}
	var names []string
	switch qu.Kind {
	case Matrix, Numbers, Texts:
		for _, r := range qu.Rows {
			names = append(names, qu.Code+"."+r.Code)
		}
	case Ranking:
		for _, o := range qu.Options {
			names = append(names, qu.Code+"."+o.Code)
		}
	case Date:
		names = append(names, qu.Code+".day", qu.Code+".month", qu.Code+".year")
	default:
		names = append(names, qu.Code)
	}
	if qu.HasOther() {
		names = append(names, qu.Code+"_other")
	}
	out := make([]field, len(names))
	for i, name := range names {
		out[i] = field{name, qu, qu.Kind == Multi && name == qu.Code}
	}
	return out
}
