package xlsform

import (
	"math"
	"strconv"
	"strings"

	"rondo/questionnaires"
)

// evaluator works out an expression as XForms clients do (XPath 1.0, with every
// answer a text). It knows nothing of how conditions are put into XPath and
// serves to compare the two.
type evaluator map[string]string // ${name} → the answer, empty where there is none

// answersOf gives the answers of a questionnaire as an XForms client would hold them.
func answersOf(q *questionnaires.Questionnaire, a questionnaires.Answers) evaluator {
	e := evaluator{}
	for _, qu := range q.Questions() {
		if qu.Kind == questionnaires.Ranking {
			byRank := map[int]string{}
			for i, o := range qu.Options {
				if n := a[qu.Variables()[i]].Number; n != nil {
					byRank[int(*n)] = o.Code
				}
			}
			var order []string
			for rank := 1; byRank[rank] != ""; rank++ {
				order = append(order, byRank[rank])
			}
			e[qu.Code] = strings.Join(order, " ")
			continue
		}
		for _, name := range qu.Variables() {
			e[name] = textOf(a[name])
		}
	}
	for code, x := range q.Calculate(a) {
		e[code] = textOf(x)
	}
	return e
}

func textOf(x questionnaires.Value) string {
	switch {
	case x.Missing != 0:
		return strconv.Itoa(int(x.Missing))
	case x.Number != nil:
		return questionnaires.FormatNumber(*x.Number)
	case x.Text != "":
		return x.Text
	}
	return strings.Join(x.Codes, " ")
}

// value works out a node: a string, a float64 or a bool.
func (e evaluator) value(n node) any {
	switch n := n.(type) {
	case textNode:
		return n.s
	case numberNode:
		return asNumber(n.s)
	case refNode:
		return e[n.name]
	case negativeNode:
		return -asNumber(e.value(n.x))
	case binaryNode:
		return e.binary(n)
	case callNode:
		return e.call(n)
	}
	panic("not a part of an expression of ours")
}

func (e evaluator) binary(n binaryNode) any {
	left := e.value(n.left)
	switch n.op {
	case "and":
		return asBool(left) && asBool(e.value(n.right))
	case "or":
		return asBool(left) || asBool(e.value(n.right))
	}
	right := e.value(n.right)
	x, y := asNumber(left), asNumber(right)
	switch n.op {
	case "+":
		return x + y
	case "-":
		return x - y
	case "*":
		return x * y
	case "div":
		return x / y
	case "=", "!=":
		_, textLeft := left.(string)
		_, textRight := right.(string)
		same := x == y
		if textLeft && textRight {
			same = left == right
		}
		return same == (n.op == "=")
	case "<":
		return x < y
	case "<=":
		return x <= y
	case ">":
		return x > y
	}
	return x >= y
}

func (e evaluator) call(n callNode) any {
	if n.name == "if" {
		if asBool(e.value(n.args[0])) {
			return e.value(n.args[1])
		}
		return e.value(n.args[2])
	}
	var args []any
	for _, a := range n.args {
		args = append(args, e.value(a))
	}
	switch n.name {
	case "not":
		return !asBool(args[0])
	case "true":
		return true
	case "false":
		return false
	case "number":
		return asNumber(args[0])
	case "selected":
		return contains(strings.Fields(asText(args[0])), asText(args[1]))
	case "count-selected":
		return float64(len(strings.Fields(asText(args[0]))))
	case "string-length":
		return float64(len([]rune(asText(args[0]))))
	case "selected-at":
		if list, at := strings.Fields(asText(args[0])), int(asNumber(args[1])); at >= 0 && at < len(list) {
			return list[at]
		}
		return ""
	case "coalesce":
		if asText(args[0]) != "" {
			return args[0]
		}
		return args[1]
	case "round":
		scale := math.Pow(10, asNumber(args[1]))
		return math.Round(asNumber(args[0])*scale) / scale
	case "min", "max":
		out := asNumber(args[0])
		for _, a := range args[1:] {
			if n.name == "min" {
				out = math.Min(out, asNumber(a))
			} else {
				out = math.Max(out, asNumber(a))
			}
		}
		return out
	}
	panic("the function " + n.name + " is not one of ours")
}

func asNumber(v any) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case bool:
		if v {
			return 1
		}
		return 0
	case string:
		if f, err := strconv.ParseFloat(strings.TrimSpace(v), 64); err == nil && !strings.ContainsAny(v, "eExXpPiInN_+") {
			return f
		}
	}
	return math.NaN()
}

func asBool(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case float64:
		return v != 0 && v == v
	}
	return v != ""
}

func asText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		if v != v {
			return ""
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}
