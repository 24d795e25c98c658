package questionnaires

import (
	"cmp"
	"slices"
)

// place gives each row and option with a condition its place in view.hidden,
// after the questions. It comes last when a questionnaire is read.
func (q *Questionnaire) place() {
	q.places = len(q.questions)
	next := func(c *Condition) int {
		if c == nil {
			return 0
		}
		q.places++
		return q.places - 1
	}
	for _, qu := range q.questions {
		before := q.places
		for i := range qu.Rows {
			qu.Rows[i].place = next(qu.Rows[i].If)
		}
		for i := range qu.Options {
			qu.Options[i].place = next(qu.Options[i].If)
		}
		qu.parted = q.places > before
	}
	for _, c := range q.Calculated {
		for i, name := range c.variables() {
			at := c.Formula.named.questions[i]
			c.inputs = append(c.inputs, input{at, q.questions[at].placeOf(name)})
		}
	}
}

// walk goes through the questions in order and decides of each, and of its rows
// and options, whether they are asked. It calls each for those that are, which
// may set or take in their answers; answers to hidden rows and options are
// taken out afterwards, so that later conditions do not see them.
func (q *Questionnaire) walk(v *view, each func(qu *Question)) {
	for _, p := range q.Pages {
		open := p.If.under(v)
		for _, qu := range p.Questions {
			if !open || !qu.If.under(v) || qu.parted && !qu.part(v) {
				v.hidden[qu.at] = true
				continue
			}
			if each != nil {
				each(qu)
			}
			if qu.parted {
				qu.prune(v)
			}
		}
	}
}

// part decides which rows and options are hidden. Where no row, or no option,
// is left, there is nothing to ask: it says false.
func (qu *Question) part(v *view) bool {
	rows, options := 0, 0
	for i := range qu.Rows {
		r := &qu.Rows[i]
		if r.place != 0 {
			v.hidden[r.place] = !r.If.under(v)
		}
		if !v.off(r.place) {
			rows++
		}
	}
	for i := range qu.Options {
		o := &qu.Options[i]
		if o.place != 0 {
			v.hidden[o.place] = !o.If.under(v)
		}
		if !v.off(o.place) {
			options++
		}
	}
	return (rows > 0 || len(qu.Rows) == 0) && (options > 0 || len(qu.Options) == 0)
}

// prune takes out the answers of an asked question that its hidden rows and
// options held. What was ranked above or below a hidden option keeps its order.
func (qu *Question) prune(v *view) {
	for i := range qu.Rows {
		if v.off(qu.Rows[i].place) {
			v.drop(qu, i)
		}
	}
	if !slices.ContainsFunc(qu.Options, func(o Option) bool { return v.off(o.place) }) {
		return
	}
	switch qu.Kind {
	case Multi:
		qu.untick(v)
	case Ranking:
		qu.closeRanks(v)
	default:
		for i := range qu.variables {
			x, _ := v.answer(qu, i)
			if o := qu.chosen(x); o != nil && v.off(o.place) {
				v.drop(qu, i)
			}
		}
	}
	if qu.HasOther() && !qu.choseOther(v) {
		v.drop(qu, len(qu.variables)-1)
	}
}

// chosen gives the option that a value of one choice stands for, or nil.
func (qu *Question) chosen(x Value) *Option {
	for i := range qu.Options {
		o := &qu.Options[i]
		if x.Missing != 0 && o.Missing == x.Missing || len(x.Codes) == 1 && o.Code == x.Codes[0] {
			return o
		}
	}
	return nil
}

func (qu *Question) untick(v *view) {
	x, _ := v.answer(qu, 0)
	if x.Missing != 0 {
		if o := qu.chosen(x); o != nil && v.off(o.place) {
			v.drop(qu, 0)
		}
		return
	}
	var left []string
	for _, code := range x.Codes {
		if o := qu.Option(code); o == nil || !v.off(o.place) {
			left = append(left, code)
		}
	}
	switch {
	case len(left) == len(x.Codes):
	case len(left) == 0:
		v.drop(qu, 0)
	default:
		v.set(qu, 0, Value{Codes: left})
	}
}

// closeRanks drops the ranks of hidden options and counts the others anew.
func (qu *Question) closeRanks(v *view) {
	dropped := false
	ranks, ranked := make([]float64, len(qu.Options)), []int{}
	for i := range qu.Options {
		x, ok := v.answer(qu, i)
		switch {
		case !ok:
		case v.off(qu.Options[i].place):
			v.drop(qu, i)
			dropped = true
		case x.Number != nil:
			ranks[i], ranked = *x.Number, append(ranked, i)
		}
	}
	if !dropped {
		return
	}
	slices.SortStableFunc(ranked, func(i, j int) int { return cmp.Compare(ranks[i], ranks[j]) })
	for above, i := range ranked {
		n := float64(above + 1)
		v.set(qu, i, Value{Number: &n})
	}
}

// offered counts the substantive options that do not exclude the others and
// are not hidden.
func (qu *Question) offered(v *view) int {
	n := 0
	for i := range qu.Options {
		if o := &qu.Options[i]; o.Missing == 0 && !o.Exclusive && !v.off(o.place) {
			n++
		}
	}
	return n
}
