package xlsform

import (
	"strconv"

	"rondo/questionnaires"
)

// variable is what an expression may name.
type variable struct {
	name  string // in our conditions: e_since, e_channels__phone, e_wishes__faster
	ref   string // in the workbook: ${e_since}
	qu    *questionnaires.Question
	rank  string            // ranking: the option whose rank the variable holds
	codes map[string]string // choice as the workbook names it → our code; nil: the same
	at    int               // place of its question, or of the last one it is calculated from
}

// calculated says whether the variable belongs to no question.
func (v *variable) calculated() bool { return v.qu == nil }

// numeric says whether the variable holds a number.
func (v *variable) numeric() bool {
	if v.calculated() || v.rank != "" {
		return true
	}
	switch v.qu.Kind {
	case questionnaires.Integer, questionnaires.Decimal, questionnaires.Numbers:
		return true
	}
	return false
}

// chosen says whether the variable holds the code of one option.
func (v *variable) chosen() bool {
	return !v.calculated() && (v.qu.Kind == questionnaires.Single || v.qu.Kind == questionnaires.YesNo || v.qu.Kind == questionnaires.Matrix)
}

func (v *variable) multi() bool { return !v.calculated() && v.qu.Kind == questionnaires.Multi }

// code gives our code of a choice.
func (v *variable) code(choice string) string {
	if c, ok := v.codes[choice]; ok {
		return c
	}
	return choice
}

// choice gives the workbook's name of one of our codes.
func (v *variable) choice(code string) string {
	for choice, c := range v.codes {
		if c == code {
			return choice
		}
	}
	return code
}

// scope knows the variables of a questionnaire by both their names.
type scope struct {
	byName map[string]*variable
	byRef  map[string]*variable
}

func newScope() *scope { return &scope{map[string]*variable{}, map[string]*variable{}} }

func (s *scope) add(v *variable) {
	s.byName[v.name] = v
	if v.rank == "" && s.byRef[v.ref] == nil { // the first of a name counts
		s.byRef[v.ref] = v
	}
}

// addQuestion adds the variables of a question; refs gives the names of its rows
// in the workbook, or the one of the question itself; at is its place.
func (s *scope) addQuestion(qu *questionnaires.Question, refs []string, codes map[string]string, at int) {
	switch qu.Kind {
	case questionnaires.Matrix, questionnaires.Numbers, questionnaires.Texts:
		for i, r := range qu.Rows {
			s.add(&variable{name: qu.Code + "__" + r.Code, ref: refs[i], qu: qu, codes: codes, at: at})
		}
	case questionnaires.Ranking:
		for _, o := range qu.Options {
			s.add(&variable{name: qu.Code + "__" + o.Code, ref: refs[0], qu: qu, rank: o.Code, codes: codes, at: at})
		}
		if s.byRef[refs[0]] == nil {
			s.byRef[refs[0]] = &variable{name: qu.Code, ref: refs[0], qu: qu, codes: codes, at: at}
		}
	default:
		s.add(&variable{name: qu.Code, ref: refs[0], qu: qu, codes: codes, at: at})
	}
}

// ranks gives the ranks an option can have that fit a comparison with a number.
func (v *variable) ranks(op string, n float64) []int {
	var fit []int
	for rank := 1; rank <= v.qu.Top; rank++ {
		if ordered(float64(rank), op, n) {
			fit = append(fit, rank)
		}
	}
	return fit
}

func ordered(x float64, op string, y float64) bool {
	switch op {
	case "=", "==":
		return x == y
	case "!=":
		return x != y
	case "<":
		return x < y
	case "<=":
		return x <= y
	case ">":
		return x > y
	}
	return x >= y
}

// missing gives the choices that are stored as a missing answer and that a
// comparison of the workbook with n would take for numbers.
func (v *variable) missing(op string, n float64) []string {
	var out []string
	for _, o := range v.qu.Options {
		if f, err := strconv.ParseFloat(o.Code, 64); o.Missing != 0 && err == nil && ordered(f, op, n) {
			out = append(out, v.choice(o.Code))
		}
	}
	return out
}
