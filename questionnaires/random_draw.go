package questionnaires

import (
	"maps"
	"math"
	"slices"
	"strconv"
)

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
		if d.offers(qu, o) {
			return o.value()
		}
	}
	return Value{}
}

// offers says whether an option can be chosen now.
func (d *dice) offers(qu *Question, o Option) bool {
	return qu.allows(o.Code, d.s) && !d.v.off(o.place)
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
	if !d.offers(qu, o) {
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
		if !o.Exclusive && d.Float64() < chance && !d.v.off(o.place) {
			ticked = append(ticked, o.Code)
		}
	}
	ticked = d.fewer(qu, ticked)
	if ticked != nil {
		d.keep(qu.Code, Value{Codes: ticked})
		return
	}
	for _, o := range qu.Options {
		if o.Exclusive && (len(w) == 0 || w[o.Code] > 0) && !d.v.off(o.place) {
			d.keep(qu.Code, o.value())
			return
		}
	}
	if qu.Least == 0 && !qu.parted {
		d.keep(qu.Code, qu.Options[d.IntN(len(qu.Options))].value())
		return
	}
	if least := min(max(qu.Least, 1), qu.offered(d.v)); least > 0 {
		d.keep(qu.Code, Value{Codes: d.some(qu, least)})
		return
	}
	d.keep(qu.Code, d.option(qu, qu.Code))
}

// fewer brings ticks within least and most; none where too few are ticked.
func (d *dice) fewer(qu *Question, ticked []string) []string {
	if len(ticked) < min(qu.Least, qu.offered(d.v)) {
		return nil
	}
	for qu.Most > 0 && len(ticked) > qu.Most {
		at := d.IntN(len(ticked))
		ticked = slices.Delete(ticked, at, at+1)
	}
	return ticked
}

// some ticks n of the offered options that do not exclude others, in order.
func (d *dice) some(qu *Question, n int) []string {
	var codes []string
	for _, o := range qu.Options {
		if o.Missing == 0 && !o.Exclusive && !d.v.off(o.place) {
			codes = append(codes, o.Code)
		}
	}
	for len(codes) > n {
		at := d.IntN(len(codes))
		codes = slices.Delete(codes, at, at+1)
	}
	return codes
}

// rank draws the ranks of a ranking.
func (d *dice) rank(qu *Question) {
	var shown []int
	for _, i := range d.Perm(len(qu.Options)) {
		if !d.v.off(qu.Options[i].place) {
			shown = append(shown, i)
		}
	}
	n := min(1+d.IntN(qu.Top), len(shown))
	if qu.Required && qu.Top == len(qu.Options) {
		n = len(shown)
	}
	for rank, i := range shown[:n] {
		rank := float64(rank + 1)
		d.keep(qu.variables[i], Value{Number: &rank})
	}
}

// number draws a number, low ones more often, as counts of people are.
func (d *dice) number(qu *Question, name string) Value {
	if w := d.weights[name]; len(w) > 0 {
		var points Question // its options have no condition
		for _, code := range slices.Sorted(maps.Keys(w)) {
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
	var shown []string
	for i, name := range qu.variables {
		if !d.v.off(qu.Rows[i].place) {
			shown = append(shown, name)
		}
	}
	counts := make([]float64, len(shown))
	for left := *qu.SumEquals; left > 0; {
		portion := math.Min(left, math.Max(5, math.Ceil(*qu.SumEquals/100)))
		counts[d.IntN(len(counts))] += portion
		left -= portion
	}
	for i, name := range shown {
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
