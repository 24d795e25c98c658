package questionnaires

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

func (in *inputs) text(qu *Question, field, variable string, longest int) {
	s := clean(in.first(field))
	n := length(s)
	switch {
	case n == 0:
		in.clear(variable)
	case n > longest:
		in.clear(variable)
		in.problem(qu, field, "too_long", map[string]any{"max": longest, "length": n})
	default:
		in.keep(variable, Value{Text: s})
	}
}

func (in *inputs) number(qu *Question, field, variable string) {
	s := strings.TrimSpace(in.first(field))
	if s == "" {
		in.clear(variable)
		return
	}
	n, ok := ParseNumber(s)
	rule, args := "not_a_number", map[string]any(nil)
	if ok {
		rule, args = qu.outside(n)
	}
	if rule != "" {
		in.clear(variable)
		in.problem(qu, field, rule, args)
		return
	}
	in.keep(variable, Value{Number: &n})
}

// outside gives the rule that a number breaks, or "".
func (qu *Question) outside(n float64) (string, map[string]any) {
	switch {
	case qu.Kind != Decimal && decimals(n) > 0:
		return "not_whole", nil
	case decimals(n) > qu.Decimals:
		return "decimals", map[string]any{"decimals": qu.Decimals}
	case qu.Min != nil && n < *qu.Min:
		return "below_min", map[string]any{"min": *qu.Min}
	case qu.Max != nil && n > *qu.Max:
		return "above_max", map[string]any{"max": *qu.Max}
	}
	return "", nil
}

func (in *inputs) date(qu *Question) {
	field := qu.Code + ".day"
	part := func(name string) string { return strings.TrimSpace(in.first(qu.Code + "." + name)) }
	day, month, year := part("day"), part("month"), part("year")
	if day+month+year == "" {
		in.clear(qu.Code)
		return
	}
	d, err1 := strconv.ParseUint(day, 10, 8)
	m, err2 := strconv.ParseUint(month, 10, 8)
	y, err3 := strconv.ParseUint(year, 10, 16)
	iso := fmt.Sprintf("%04d-%02d-%02d", y, m, d)
	switch {
	case err1 != nil || err2 != nil || err3 != nil || !validDay(iso):
		in.problem(qu, field, "not_a_date", nil)
	case qu.NotFuture && in.s.Today != "" && iso > in.s.Today:
		in.problem(qu, field, "future", nil)
	default:
		in.keep(qu.Code, Value{Text: iso})
		return
	}
	in.clear(qu.Code)
}

// validDay says whether s is a calendar day between 1900 and 2199, as ISO 8601.
func validDay(s string) bool {
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Year() >= 1900 && t.Year() < 2200
}
