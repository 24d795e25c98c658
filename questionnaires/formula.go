package questionnaires

import "math"

// Formula is a compiled rule that gives a number, such as
// mean(o_type__a, o_type__b) - 2. A number outside the range of float64, and a
// division by zero, is no value.
type Formula struct {
	source string
	root   amount
	named  mentions
}

// Source gives the formula as its author wrote it.
func (f *Formula) Source() string { return f.source }

// Variables gives the variables of questions the formula looks at, in order of
// first mention; a calculated variable stands for its own.
func (f *Formula) Variables() []string { return append([]string(nil), f.named.variables...) }

// amount is one part of a formula; ok is false where it has no value.
type amount interface {
	of(v *view) (n float64, ok bool)
}

type (
	constant  float64
	variable  struct{ ref }
	operation struct {
		op          string // + - * /
		left, right amount
	}
	// summary is a function over several inputs. It skips those without a value
	// and has none itself where fewer than need of them have one; need 0 means
	// all. A count always has a value.
	summary struct {
		name   string // sum mean min max count
		need   int
		inputs []amount
	}
	rounded struct {
		inner  amount
		digits int
	}
	choice struct {
		condition term
		yes, no   amount
	}
	// compareFormulas is a comparison of which a side is more than a variable or a
	// constant; false where a side has no value.
	compareFormulas struct {
		op          string
		left, right amount
	}
)

func (t constant) of(*view) (float64, bool) { return float64(t), true }

func (t variable) of(v *view) (float64, bool) { return v.number(t.ref) }

func (t operation) of(v *view) (float64, bool) {
	x, ok := t.left.of(v)
	y, also := t.right.of(v)
	if !ok || !also {
		return 0, false
	}
	switch t.op {
	case "+":
		x += y
	case "-":
		x -= y
	case "*":
		x *= y
	default:
		x /= y
	}
	return finite(x)
}

// finite gives a number that is one; the library's NaN and infinity are not.
func finite(x float64) (float64, bool) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, false
	}
	return x, true
}

func (t summary) of(v *view) (float64, bool) {
	total, low, high, count := 0.0, math.Inf(1), math.Inf(-1), 0
	for _, input := range t.inputs {
		if x, ok := input.of(v); ok {
			total, low, high, count = total+x, math.Min(low, x), math.Max(high, x), count+1
		}
	}
	need := t.need
	if need == 0 {
		need = len(t.inputs)
	}
	switch {
	case t.name == "count":
		return float64(count), true
	case count < need:
		return 0, false
	case t.name == "sum":
		return finite(total)
	case t.name == "mean":
		return finite(total / float64(count))
	case t.name == "min":
		return low, true
	}
	return high, true
}

func (t rounded) of(v *view) (float64, bool) {
	x, ok := t.inner.of(v)
	if !ok {
		return 0, false
	}
	return round(x, t.digits), true
}

// tens are the powers of ten that numbers are rounded to.
var tens = [...]float64{1, 10, 100, 1e3, 1e4, 1e5, 1e6}

// round rounds half away from zero; numbers too large to have digits after the
// point stay as they are.
func round(x float64, digits int) float64 {
	if math.Abs(x) > 1e15 {
		return x
	}
	return math.Round(x*tens[digits])/tens[digits] + 0 // + 0: never minus zero
}

func (t choice) of(v *view) (float64, bool) {
	if t.condition.holds(v) {
		return t.yes.of(v)
	}
	return t.no.of(v)
}

func (t compareFormulas) holds(v *view) bool {
	x, ok := t.left.of(v)
	y, also := t.right.of(v)
	return ok && also && ordered(x, t.op, y)
}
