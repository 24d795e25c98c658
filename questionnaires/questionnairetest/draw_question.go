package questionnairetest

import (
	"fmt"
	"slices"
	"strconv"

	"pgregory.net/rapid"
)

var kinds = []string{"single", "multi", "matrix", "integer", "decimal", "text", "ranking", "yesno", "date", "numbers", "texts"}

func (d *drawing) question() object {
	qu := object{"code": d.code(), "kind": d.pick(kinds...)}
	code, kind := qu["code"].(string), qu["kind"].(string)
	d.putCondition(qu, "if", 40)
	d.putNotes(qu)
	d.say("questions", code, "label")
	if d.chance(60) {
		qu["required"] = d.chance(70)
	}
	if d.chance(90) {
		qu["role"] = d.pick("direct", "qi(size)", "plain", "sensitive_high", "freetext")
	}
	if d.chance(30) {
		qu["shuffle"] = true
	}
	var codes []string
	switch kind {
	case "single", "multi", "matrix", "ranking", "yesno":
		codes = d.options(qu, code, kind)
	case "integer", "decimal", "numbers":
		d.limits(qu, code, kind)
	case "text", "texts":
		if d.chance(50) {
			qu["max_length"] = d.number(1, 9999)
		}
		if kind == "text" && d.chance(20) {
			qu["default"] = true
		}
	case "date":
		qu["not_future"] = d.chance(50)
	}
	var rows []string
	if kind == "matrix" || kind == "numbers" || kind == "texts" {
		rows = d.rows(qu, code, kind)
	}
	if slices.Contains([]string{"yesno", "integer", "decimal", "date"}, kind) && d.chance(8) {
		qu["prefill"] = true
	}
	d.initial(qu, kind, codes)
	d.know(code, kind, codes, rows, qu["prefill"] == true)
	return qu
}

// initial draws the answer a question starts with.
func (d *drawing) initial(qu object, kind string, codes []string) {
	if !d.chance(25) || qu["prefill"] == true || qu["default"] == true || qu["limit"] != nil {
		return
	}
	switch kind {
	case "single", "yesno":
		if len(codes) > 0 {
			qu["initial"] = d.pick(codes...)
		}
	case "multi":
		if len(codes) > 0 && qu["least"] == nil {
			qu["initial"] = []string{d.pick(codes...)}
		}
	case "integer", "decimal":
		qu["initial"] = qu["max"]
	case "text":
		if n, ok := qu["max_length"].(int); !ok || n > 20 {
			qu["initial"] = d.pick("x", "98", "=1+1", "today()", "${x}", "yes", "a b c")
		}
	case "date":
		qu["initial"] = d.pick("2015-01-31", "2000-02-29")
	}
}

// options draws the options of a choice and gives the codes conditions may wait for.
func (d *drawing) options(qu object, code, kind string) []string {
	pool := []string{"a", "b", "yes", "no", "1", "0", "2-5", "250+", "other", "none", "98", "90", "94", "-1", "1e5", "null", "x_y", "Z"}
	low, high := 1, 7
	switch kind {
	case "yesno":
		pool, low, high = []string{"1", "0", "98"}, 2, 3
	case "ranking":
		pool = []string{"a", "b", "c", "yes", "1", "x_y"}
		low, high = 2, 6
	}
	chosen := rapid.Permutation(pool).Draw(d.T, "options")[:d.number(low, min(high, len(pool)))]
	var list []any
	var codes []string
	others := false
	for _, c := range chosen {
		d.say("questions", code, "options", c)
		missing := c == "98" || c == "90" || c == "94"
		if !missing {
			codes = append(codes, c)
		}
		o := object{"code": c}
		if kind == "multi" && !missing && d.chance(15) {
			o["exclusive"] = true
		}
		if (kind == "multi" || kind == "single") && !others && !missing && d.chance(15) {
			o["other"], others = true, true
		}
		if kind != "matrix" || d.chance(20) {
			d.putCondition(o, "if", 15)
		}
		if len(o) == 1 {
			list = append(list, c)
		} else {
			list = append(list, o)
		}
	}
	qu["options"] = list
	switch {
	case kind == "ranking" && d.chance(30):
		qu["top"] = "all"
	case kind == "ranking":
		qu["top"] = d.number(1, len(chosen)-1)
	case kind == "multi":
		d.ticks(qu, codes)
	case kind == "single" && d.chance(10):
		qu["prefill"] = true
	case kind == "single" && d.chance(10):
		qu["limit"] = "offices"
	}
	return codes
}

// ticks draws how many options must, and how many may, be ticked.
func (d *drawing) ticks(qu object, codes []string) {
	free := 0
	for _, o := range qu["options"].([]any) {
		m, mapping := o.(object)
		code, _ := o.(string)
		if mapping {
			code = m["code"].(string)
		}
		if slices.Contains(codes, code) && (!mapping || m["exclusive"] != true) {
			free++
		}
	}
	if free < 2 || !d.chance(40) {
		return
	}
	least := d.number(1, free)
	if d.chance(60) {
		qu["least"] = least
	}
	if d.chance(60) {
		qu["most"] = d.number(least, free)
	}
}

func (d *drawing) limits(qu object, code, kind string) {
	low := d.number(-100, 50)
	qu["min"], qu["max"] = low, low+d.number(0, 5000)
	if kind == "decimal" {
		if d.chance(80) {
			qu["decimals"] = d.number(1, 6)
		}
		if d.chance(30) {
			qu["min"] = float64(low) - 0.25
		}
	}
	if kind == "numbers" && d.chance(40) {
		qu["sum_equals"] = d.number(0, 100)
	}
	if kind == "numbers" && d.chance(40) {
		qu["sum_min"] = d.number(0, 100)
	}
	if d.chance(40) {
		d.say("questions", code, "unit")
	}
}

func (d *drawing) rows(qu object, code, kind string) []string {
	rows := rapid.Permutation([]string{"a", "B", "r_1", "yes", "no", "other", "phone"}).Draw(d.T, "rows")[:d.number(1, 5)]
	var list []any
	for _, r := range rows {
		d.say("questions", code, "rows", r)
		row := object{"code": r}
		d.putCondition(row, "if", 15)
		if kind == "texts" || d.chance(10) {
			d.putCondition(row, "required_if", 25)
		}
		if len(row) == 1 {
			list = append(list, r)
		} else {
			list = append(list, row)
		}
	}
	qu["rows"] = list
	return rows
}

// know keeps the variables of a question for the conditions to come.
func (d *drawing) know(code, kind string, codes, rows []string, prefill bool) {
	switch {
	case prefill:
	case kind == "ranking":
		for _, c := range codes {
			d.variables = append(d.variables, variable{code + "__" + c, kind, nil})
		}
	case rows != nil:
		for _, r := range rows {
			d.variables = append(d.variables, variable{code + "__" + r, kind, codes})
		}
	default:
		d.variables = append(d.variables, variable{code, kind, codes})
	}
}

func (d *drawing) putCondition(at object, key string, percent int) {
	if len(d.variables) > 0 && d.chance(percent) {
		at[key] = d.condition(2)
	}
}

// condition draws a condition, in an author's many ways of writing.
func (d *drawing) condition(depth int) string {
	if depth == 0 || d.chance(40) {
		return d.atom()
	}
	switch d.number(0, 4) {
	case 0:
		return "not (" + d.condition(depth-1) + ")"
	case 1:
		return "(" + d.condition(depth-1) + ") or (" + d.condition(depth-1) + ")"
	case 2:
		return d.atom() + " or " + d.atom() + " and " + d.atom()
	case 3:
		return d.atom() + "  &&\n not (" + d.atom() + ")"
	}
	return "(" + d.condition(depth-1) + ") and (" + d.condition(depth-1) + ")"
}

func (d *drawing) atom() string {
	v := rapid.SampledFrom(d.variables).Draw(d.T, "variable")
	if d.chance(20) || v.codes == nil && (v.kind == "text" || v.kind == "texts" || v.kind == "date") {
		return "answered(" + v.name + ")"
	}
	op := d.pick("==", "!=", "<", "<=", ">", ">=")
	switch v.kind {
	case "integer", "decimal", "numbers", "ranking":
		return v.name + " " + op + " " + d.pick("0", "2", "-1", "1.5", "100")
	}
	if len(v.codes) == 0 {
		return "answered(" + v.name + ")"
	}
	code := strconv.Quote(d.pick(v.codes...))
	if v.kind == "multi" {
		return code + " in " + v.name
	}
	switch {
	case d.chance(30):
		return v.name + " in [" + code + ", " + strconv.Quote(d.pick(v.codes...)) + "]"
	case d.chance(20):
		return v.name + " not in [" + code + "]"
	case d.chance(20) && v.kind == "matrix":
		return v.name + " " + d.pick("<", "<=", ">", ">=") + " 1"
	}
	if slices.Contains([]string{"<", "<=", ">", ">="}, op) {
		op = "=="
	}
	return fmt.Sprintf("%s %s %s", v.name, op, code)
}
