package questionnaires

import (
	"math/rand/v2"
)

// Random makes up a complete, valid set of answers: Settle has nothing to
// correct in it. Weights give, by variable, how likely each option code is
// against the others (those not named count 0 as soon as one is named); for a
// multi, the chance from 0 to 1 that each option is ticked; for a number, the
// numbers to draw from. Optional questions and typed texts are often left out.
// It serves the demo, rehearsals and tests.
func (q *Questionnaire) Random(r *rand.Rand, s Setting, weights map[string]map[string]float64) Answers {
	d := &dice{Rand: r, s: s, weights: weights, answers: Answers{}}
	v := view{d.answers, make([]bool, len(q.questions))}
	for _, p := range q.Pages {
		open := p.If.under(v)
		for _, qu := range p.Questions {
			if !open || !qu.If.under(v) {
				v.hidden[qu.at] = true
				continue
			}
			d.answer(q, qu, v)
		}
	}
	return d.answers
}

// dice draws answers, one question after the other.
type dice struct {
	*rand.Rand
	s       Setting
	weights map[string]map[string]float64
	answers Answers
}

// answer draws until the question passes its own rules and checks; it tries for
// a while to spare warnings too. After many vain draws it falls back on an
// answer at the lower limit.
func (d *dice) answer(q *Questionnaire, qu *Question, v view) {
	for try := range 100 {
		d.draw(qu, v)
		if !q.faulty(qu, v, try < 20) {
			return
		}
		for _, name := range qu.variables {
			delete(d.answers, name)
		}
	}
	if low := qu.Min; low != nil {
		for _, name := range qu.variables {
			d.answers[name] = Value{Number: low}
		}
	}
}

// faulty says whether an answered question has a problem, or a warning where
// these count.
func (q *Questionnaire) faulty(qu *Question, v view, warnings bool) bool {
	if len(qu.sums(qu.lacking(nil, v), v)) > 0 {
		return true
	}
	for i := range q.Checks {
		if c := &q.Checks[i]; c.Question == qu.Code && !c.Release && (warnings || !c.Soft) && c.Fails.holds(v) {
			return true
		}
	}
	return false
}

func (d *dice) draw(qu *Question, v view) {
	if qu.Prefill {
		qu.carry(nil, d.answers, d.s)
		return
	}
	if !qu.Required && d.Float64() < d.skips(qu) && qu.Kind != Texts {
		return
	}
	switch qu.Kind {
	case Single, YesNo:
		d.keep(qu.Code, d.option(qu, qu.Code))
	case Multi:
		d.tick(qu)
	case Matrix:
		for _, name := range qu.variables {
			d.keep(name, d.option(qu, name))
		}
	case Ranking:
		for rank, i := range d.Perm(len(qu.Options))[:1+d.IntN(qu.Top)] {
			n := float64(rank + 1)
			d.keep(qu.variables[i], Value{Number: &n})
		}
	case Integer, Decimal:
		d.keep(qu.Code, d.number(qu, qu.Code))
	case Numbers:
		d.numbers(qu)
	case Date:
		d.keep(qu.Code, Value{Text: d.day()})
	case LongText:
		d.keep(qu.Code, d.text(qu))
	case Texts:
		for i, name := range qu.variables {
			if qu.Required || qu.Rows[i].RequiredIf.holds(v) || d.Float64() < 0.2 {
				d.keep(name, d.text(qu))
			}
		}
	}
	if qu.HasOther() && qu.choseOther(d.answers) && d.Float64() < 0.5 {
		d.keep(qu.Code+"_other", d.text(qu))
	}
}

func (d *dice) keep(name string, x Value) {
	if x.Missing != 0 || x.Codes != nil || x.Number != nil || x.Text != "" {
		d.answers[name] = x
	}
}

// skips is how often an optional question is left out.
func (d *dice) skips(qu *Question) float64 {
	switch qu.Kind {
	case LongText:
		return 0.85
	case Single, YesNo, Matrix, Multi:
		return 0.1
	}
	return 0.3
}
