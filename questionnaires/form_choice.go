package questionnaires

import (
	"slices"
	"strconv"
)

// choice turns an option code of a form into the value that is kept.
func (in *inputs) choice(qu *Question, field, code string) (Value, error) {
	o := qu.Option(code)
	if o == nil || !qu.allows(code, in.s) {
		return Value{}, &FieldError{field, "bad_code"}
	}
	if o.Missing != 0 {
		return Value{Missing: o.Missing}, nil
	}
	return Value{Codes: []string{code}}, nil
}

// allows says whether the wave offers an option of a list limited to its offices.
func (qu *Question) allows(code string, s Setting) bool {
	return !qu.Offices || s.Offices == nil || slices.Contains(s.Offices, code)
}

func (in *inputs) single(qu *Question) error {
	code := in.first(qu.Code)
	if code == "" && qu.HasOther() && clean(in.first(qu.Code+"_other")) != "" {
		code = qu.otherCode() // somebody who types beside "other" means it
	}
	if code == "" {
		in.clear(qu.variables...)
		return nil
	}
	v, err := in.choice(qu, qu.Code, code)
	if err != nil {
		return err
	}
	in.keep(qu.Code, v)
	in.otherText(qu, code == qu.otherCode())
	return nil
}

func (qu *Question) otherCode() string {
	for i := range qu.Options {
		if qu.Options[i].Other {
			return qu.Options[i].Code
		}
	}
	return ""
}

// otherText keeps what was typed beside "other" as long as that is chosen.
func (in *inputs) otherText(qu *Question, chosen bool) {
	if !qu.HasOther() {
		return
	}
	name := qu.Code + "_other"
	if !chosen {
		in.clear(name)
		return
	}
	in.text(qu, name, name, otherLength)
}

func (in *inputs) multi(qu *Question) error {
	codes := slices.DeleteFunc(slices.Clone(in.form[qu.Code]), func(c string) bool { return c == "" })
	if len(codes) == 0 && qu.HasOther() && clean(in.first(qu.Code+"_other")) != "" {
		codes = []string{qu.otherCode()}
	}
	var ticked []string
	alone, known, offers := false, 0, in.offers(qu)
	for _, o := range qu.Options {
		if !slices.Contains(codes, o.Code) {
			continue
		}
		known++
		if offers(o) {
			ticked = append(ticked, o.Code)
			alone = alone || o.Exclusive
		}
	}
	if known < len(codes) {
		return &FieldError{qu.Code, "bad_code"}
	}
	switch {
	case len(ticked) == 0:
		in.clear(qu.variables...)
		return nil
	case alone && len(ticked) > 1:
		in.clear(qu.variables...)
		in.problem(qu, qu.Code, "exclusive", nil)
		return nil
	case alone && qu.Option(ticked[0]).Missing != 0:
		in.keep(qu.Code, Value{Missing: qu.Option(ticked[0]).Missing})
	default:
		in.keep(qu.Code, Value{Codes: ticked})
	}
	in.otherText(qu, slices.Contains(ticked, qu.otherCode()))
	return nil
}

func (in *inputs) matrix(qu *Question) error {
	for i, r := range qu.Rows {
		field := qu.Code + "." + r.Code
		code := in.first(field)
		if code == "" {
			in.clear(qu.variables[i])
			continue
		}
		v, err := in.choice(qu, field, code)
		if err != nil {
			return err
		}
		in.keep(qu.variables[i], v)
	}
	return nil
}

// ranking reads a rank for each offered option: 1, 2, 3 without a gap, none
// twice, at most Top of them. A ranking with a fault is kept as a whole or not at all.
func (in *inputs) ranking(qu *Question) error {
	by := make([]string, len(qu.Options)+1) // field by rank
	ranks := make([]int, len(qu.Options))
	highest, bad, offers := 0, false, in.offers(qu)
	say := func(field, rule string, args map[string]any) {
		bad = true
		in.problem(qu, field, rule, args)
	}
	for i, o := range qu.Options {
		field := qu.Code + "." + o.Code
		s := in.first(field)
		if s == "" {
			continue
		}
		rank, err := strconv.Atoi(s)
		if err != nil || rank < 1 || rank > len(qu.Options) || strconv.Itoa(rank) != s {
			return &FieldError{field, "bad_code"}
		}
		switch {
		case !offers(o):
		case rank > qu.Top:
			say(field, "too_many", map[string]any{"max": qu.Top})
		case by[rank] != "":
			say(field, "rank_twice", map[string]any{"rank": rank})
		default:
			by[rank], ranks[i], highest = field, rank, max(highest, rank)
		}
	}
	for rank := 1; rank < highest && !bad; rank++ {
		if by[rank] == "" {
			say(by[highest], "rank_gap", map[string]any{"rank": rank})
		}
	}
	for i, rank := range ranks {
		if bad || rank == 0 {
			in.clear(qu.variables[i])
		} else {
			n := float64(rank)
			in.keep(qu.variables[i], Value{Number: &n})
		}
	}
	return nil
}
