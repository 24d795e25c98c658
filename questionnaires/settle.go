package questionnaires

// Settle takes the whole questionnaire together: it drops answers of questions,
// rows and options that routing hides, or that the questionnaire does not know, sets the pre-filled ones, and
// lists every hard problem still to be corrected. Settling what is settled
// changes nothing.
func (q *Questionnaire) Settle(a Answers, s Setting) (Answers, []Problem) {
	settled := make(Answers, len(a))
	v := q.look(settled)
	v.own = true
	q.walk(v, func(qu *Question) { qu.carry(a, settled, s) })
	var hard []Problem
	for _, p := range q.Pages {
		for _, x := range q.problems(p, v) {
			if !x.Soft {
				hard = append(hard, x)
			}
		}
	}
	return settled, hard
}

// carry copies the answers of an asked question that fit it.
func (qu *Question) carry(from, into Answers, s Setting) {
	if qu.Prefill {
		if x, ok := qu.Prefilled(s); ok {
			into[qu.Code] = x
			return
		}
	}
	for i, name := range qu.variables {
		if x, ok := from[name]; ok && qu.fits(i, x, s) {
			into[name] = x
		}
	}
	if qu.Kind == Ranking && !qu.ranked(into) {
		for _, name := range qu.variables {
			delete(into, name)
		}
	}
	if qu.HasOther() && !qu.choseOther(&view{answers: into}) {
		delete(into, qu.Code+"_other")
	}
}

// Prefilled gives the answer that the service fills in, and whether it is one.
func (qu *Question) Prefilled(s Setting) (Value, bool) {
	written := s.Prefill[qu.Code]
	if !qu.Prefill || written == "" {
		return Value{}, false
	}
	return qu.value([]string{written})
}

// fits says whether a stored value is one that ReadPage could have kept for the
// i-th variable of the question.
func (qu *Question) fits(i int, x Value, s Setting) bool {
	if i > 0 && i == len(qu.variables)-1 && qu.HasOther() {
		return x.typed(otherLength)
	}
	switch qu.Kind {
	case Single, YesNo, Matrix:
		if x.Missing != 0 {
			return x.bare() && qu.offersMissing(x.Missing)
		}
		return x.plain() && len(x.Codes) == 1 && qu.offersCode(x.Codes[0]) && qu.allows(x.Codes[0], s)
	case Multi:
		return qu.fitsMulti(x)
	case Integer, Decimal, Numbers:
		return x.counted() && qu.inRange(*x.Number)
	case Ranking:
		return x.counted() && *x.Number >= 1 && *x.Number <= float64(qu.Top) && decimals(*x.Number) == 0
	case Date:
		return x.typed(len("2006-01-02")) && validDay(x.Text) && !(qu.NotFuture && s.Today != "" && x.Text > s.Today)
	}
	return x.typed(qu.MaxLength)
}

func (qu *Question) fitsMulti(x Value) bool {
	if x.Missing != 0 {
		return x.bare() && qu.offersMissing(x.Missing)
	}
	if !x.plain() || len(x.Codes) == 0 {
		return false
	}
	next := 0 // codes stand in the order of the questionnaire, each once
	for i := range qu.Options {
		o := &qu.Options[i]
		if next < len(x.Codes) && o.Code == x.Codes[next] {
			if o.Missing != 0 || o.Exclusive && len(x.Codes) > 1 {
				return false
			}
			next++
		}
	}
	return next == len(x.Codes)
}

func (qu *Question) inRange(n float64) bool {
	rule, _ := qu.outside(n)
	return rule == "" && n == n
}

func (qu *Question) offersMissing(m Missing) bool {
	for i := range qu.Options {
		if qu.Options[i].Missing == m {
			return true
		}
	}
	return false
}

func (qu *Question) offersCode(code string) bool {
	o := qu.Option(code)
	return o != nil && o.Missing == 0
}

// ranked says whether the ranks are 1, 2, 3 … without gap or repetition.
func (qu *Question) ranked(a Answers) bool {
	count := 0
	for _, name := range qu.variables {
		if _, ok := a[name]; ok {
			count++
		}
	}
	seen := make([]bool, count+1)
	for _, name := range qu.variables {
		x, ok := a[name]
		if !ok {
			continue
		}
		rank := int(*x.Number)
		if rank > count || seen[rank] {
			return false
		}
		seen[rank] = true
	}
	return true
}

func (qu *Question) choseOther(v *view) bool {
	other := qu.otherCode()
	if other == "" {
		return false
	}
	x, _ := v.answer(qu, 0)
	for _, c := range x.Codes {
		if c == other {
			return true
		}
	}
	return false
}

func (x Value) bare() bool  { return x.Codes == nil && x.Number == nil && x.Text == "" }
func (x Value) plain() bool { return x.Number == nil && x.Text == "" }
func (x Value) counted() bool {
	return x.Number != nil && x.Codes == nil && x.Text == "" && x.Missing == 0
}
func (x Value) typed(longest int) bool {
	return x.Text != "" && x.Codes == nil && x.Number == nil && x.Missing == 0 && length(x.Text) <= longest
}
