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
	v := q.look(Answers{})
	v.own = true
	d := &dice{Rand: r, s: s, weights: weights, answers: v.answers, v: v, known: q.symbols}
	q.walk(v, func(qu *Question) { d.answer(q, qu) })
	return d.answers
}

// dice draws answers, one question after the other.
type dice struct {
	*rand.Rand
	s       Setting
	weights map[string]map[string]float64
	answers Answers
	v       *view // of the answers so far
	known   symbols
}

// answer draws until the question passes its own rules and checks; it tries for
// a while to spare warnings too. After many vain draws it falls back on an
// answer at the lower limit.
func (d *dice) answer(q *Questionnaire, qu *Question) {
	for try := range 100 {
		d.draw(qu)
		if !q.faulty(qu, d.v, try < 20) {
			return
		}
		for _, name := range qu.variables {
			delete(d.answers, name)
		}
		clear(d.v.computed) // those of this question are computed from the next draw
	}
	if low := qu.Min; low != nil {
		for _, name := range qu.variables {
			if !d.v.off(qu.placeOf(name)) {
				d.answers[name] = Value{Number: low}
			}
		}
	}
}

// faulty says whether an answered question has a problem, or a warning where
// these count.
func (q *Questionnaire) faulty(qu *Question, v *view, warnings bool) bool {
	if len(qu.sums(qu.ticks(qu.lacking(nil, v), v), v)) > 0 {
		return true
	}
	for i := range q.Checks {
		if c := &q.Checks[i]; c.Question == qu.Code && !c.Release && (warnings || !c.Soft) && c.Fails.holds(v) {
			return true
		}
	}
	return false
}

func (d *dice) draw(qu *Question) {
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
		d.rank(qu)
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
			if qu.Required || qu.Rows[i].RequiredIf.holds(d.v) || d.Float64() < 0.2 {
				d.keep(name, d.text(qu))
			}
		}
	}
	if qu.HasOther() && qu.choseOther(d.v) && d.Float64() < 0.5 {
		d.keep(qu.Code+"_other", d.text(qu))
	}
}

// keep keeps an answer, unless it belongs to a hidden row.
func (d *dice) keep(name string, x Value) {
	if d.hides(name) {
		return
	}
	if x.Missing != 0 || x.Codes != nil || x.Number != nil || x.Text != "" {
		d.answers[name] = x
	}
}

func (d *dice) hides(name string) bool {
	s, ok := d.known[name]
	return ok && d.v.off(s.question.placeOf(name))
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
