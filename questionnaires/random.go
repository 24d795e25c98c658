package questionnaires

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
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

// option draws one option for a variable.
func (d *dice) option(qu *Question, name string) Value {
	total := 0.0
	for _, o := range qu.Options {
		total += d.weight(qu, name, o)
	}
	at := d.Float64() * total
	for _, o := range qu.Options {
		w := d.weight(qu, name, o)
		if at -= w; at < 0 && w > 0 {
			return o.value()
		}
	}
	for _, o := range qu.Options {
		if qu.allows(o.Code, d.s) {
			return o.value()
		}
	}
	return Value{}
}

func (o Option) value() Value {
	if o.Missing != 0 {
		return Value{Missing: o.Missing}
	}
	return Value{Codes: []string{o.Code}}
}

// weight is how likely an option is; without weights, substantive answers are
// twenty times as likely as those outside the scale.
func (d *dice) weight(qu *Question, name string, o Option) float64 {
	if !qu.allows(o.Code, d.s) {
		return 0
	}
	if w := d.weights[name]; len(w) > 0 {
		return math.Max(0, w[o.Code])
	}
	if o.Missing != 0 || o.Other {
		return 0.05
	}
	return 1
}

// tick draws a multiple choice that is never empty where an answer is required.
func (d *dice) tick(qu *Question) {
	w := d.weights[qu.Code]
	var ticked []string
	for _, o := range qu.Options {
		chance, given := w[o.Code]
		if !given && len(w) == 0 {
			chance = 0.35
			if o.Other {
				chance = 0.05
			}
		}
		if !o.Exclusive && d.Float64() < chance {
			ticked = append(ticked, o.Code)
		}
	}
	if ticked != nil {
		d.keep(qu.Code, Value{Codes: ticked})
		return
	}
	for _, o := range qu.Options {
		if o.Exclusive && (len(w) == 0 || w[o.Code] > 0) {
			d.keep(qu.Code, o.value())
			return
		}
	}
	d.keep(qu.Code, qu.Options[d.IntN(len(qu.Options))].value())
}

// number draws a number, low ones more often, as counts of people are.
func (d *dice) number(qu *Question, name string) Value {
	if w := d.weights[name]; len(w) > 0 {
		var points Question
		for _, code := range sortedKeys(w) {
			points.Options = append(points.Options, Option{Code: code})
		}
		if n, err := strconv.ParseFloat(d.option(&points, name).Codes[0], 64); err == nil && qu.inRange(n) {
			return Value{Number: &n}
		}
	}
	step := math.Pow(10, float64(qu.Decimals))
	n := math.Round((*qu.Min+(*qu.Max-*qu.Min)*math.Pow(d.Float64(), 3))*step) / step
	return Value{Number: &n}
}

// numbers draws one number for each row; where they must sum to something, the
// sum is dealt out in small portions.
func (d *dice) numbers(qu *Question) {
	if qu.SumEquals == nil {
		for _, name := range qu.variables {
			d.keep(name, d.number(qu, name))
		}
		return
	}
	counts := make([]float64, len(qu.variables))
	for left := *qu.SumEquals; left > 0; {
		portion := math.Min(left, 5)
		counts[d.IntN(len(counts))] += portion
		left -= portion
	}
	for i, name := range qu.variables {
		d.keep(name, Value{Number: &counts[i]})
	}
}

func (d *dice) day() string {
	year, month := 2024, 1+d.IntN(12)
	if len(d.s.Today) >= 4 {
		if y, err := strconv.Atoi(d.s.Today[:4]); err == nil {
			year = y - 1
		}
	}
	return strconv.Itoa(year) + "-" + twoDigits(month) + "-" + twoDigits(1+d.IntN(28))
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// remarks are what made-up respondents write; nobody can take them for real.
var remarks = []string{
	"Erfundene Antwort, keine echte Angabe.",
	"Réponse inventée, aucune donnée réelle.",
	"Risposta inventata, nessun dato reale.",
	"Made-up answer, no real data.",
}

func (d *dice) text(qu *Question) Value {
	s := remarks[d.IntN(len(remarks))]
	if qu.Kind != LongText && qu.Kind != Texts || qu.MaxLength >= length(s) {
		return Value{Text: s}
	}
	return Value{Text: string([]rune(s)[:qu.MaxLength])}
}

func sortedKeys(w map[string]float64) []string { return slices.Sorted(maps.Keys(w)) }
