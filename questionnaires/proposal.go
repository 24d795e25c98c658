package questionnaires

import "slices"

// Proposed gives the answer a page proposes where nothing is answered yet, and
// whether the question has one. It is no answer before somebody posts it.
func (qu *Question) Proposed() (Value, bool) {
	if len(qu.Initial) == 0 {
		return Value{}, false
	}
	return qu.value(qu.Initial)
}

// value turns what a definition or the service writes (option codes, a number
// with a decimal point, a text, an ISO 8601 day) into an answer; false where it
// is none that the question allows.
func (qu *Question) value(written []string) (Value, bool) {
	var x Value
	switch qu.Kind {
	case Multi:
		x = qu.tickedOf(written)
	case Single, YesNo:
		if o := qu.Option(written[0]); o != nil {
			x = o.value()
		}
	case Integer, Decimal:
		n, ok := ParseNumber(written[0])
		if !ok {
			return x, false
		}
		x = Value{Number: &n}
	case LongText, Date:
		x = Value{Text: clean(written[0])}
	}
	return x, (len(written) == 1 || qu.Kind == Multi) && qu.fits(0, x, Setting{})
}

// tickedOf gives the ticks in the order of the questionnaire; none where one of
// the codes is no option or stands there twice.
func (qu *Question) tickedOf(codes []string) Value {
	if len(codes) == 1 {
		if o := qu.Option(codes[0]); o != nil {
			return o.value()
		}
	}
	var x Value
	for _, o := range qu.Options {
		if slices.Contains(codes, o.Code) {
			x.Codes = append(x.Codes, o.Code)
		}
	}
	if len(x.Codes) != len(codes) {
		return Value{}
	}
	return x
}

// initial checks the proposed answer of a question.
func (r *reader) initial(f *fields, qu *Question) {
	if len(qu.Initial) == 0 {
		return
	}
	say := func(sentence string, args ...any) { r.found.add(f.at("initial"), RuleBadInitial, sentence, args...) }
	switch x, ok := qu.value(qu.Initial); {
	case slices.Contains([]Kind{Matrix, Ranking, Numbers, Texts}, qu.Kind):
		say("a question of kind %s cannot propose an answer", qu.Kind)
	case qu.Prefill || qu.Default:
		say("the service fills this question in already")
	case !ok:
		say("%v is no answer to this question", qu.Initial)
	case qu.Kind == Multi && x.Missing == 0 && !qu.Option(x.Codes[0]).Exclusive &&
		(len(x.Codes) < qu.Least || qu.Most > 0 && len(x.Codes) > qu.Most):
		say("%d ticks are proposed, which is outside least and most", len(x.Codes))
	}
}
