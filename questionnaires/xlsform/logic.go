package xlsform

import (
	"regexp"
	"strconv"
	"strings"
)

// logic is a condition of ours in the making.
type logic struct {
	op    string // and, or, not, atom, true, false
	parts []logic
	atom  string // answered(x), x > 3, "a" in m
	equal *equal // where the atom says x == code
}

// equal is x == code, kept apart so that several become x in [ … ].
type equal struct{ name, code string }

var (
	always = logic{op: "true"}
	never  = logic{op: "false"}
)

func atom(s string) logic { return logic{op: "atom", atom: s} }

func isCode(name, code string) logic { return logic{op: "atom", equal: &equal{name, code}} }

// all and some join conditions; what is constant falls out.
func all(parts ...logic) logic  { return joined("and", always, never, parts) }
func some(parts ...logic) logic { return joined("or", never, always, parts) }

func joined(op string, neutral, decisive logic, parts []logic) logic {
	out := logic{op: op}
	for _, p := range parts {
		switch p.op {
		case neutral.op:
		case decisive.op:
			return decisive
		case op:
			out.parts = append(out.parts, p.parts...)
		default:
			out.parts = append(out.parts, p)
		}
	}
	switch len(out.parts) {
	case 0:
		return neutral
	case 1:
		return out.parts[0]
	}
	return out
}

func (l logic) negated() logic {
	switch l.op {
	case "true":
		return never
	case "false":
		return always
	case "not":
		return l.parts[0]
	}
	return logic{op: "not", parts: []logic{l}}
}

// source writes the condition as an author would.
func (l logic) source() string {
	switch l.op {
	case "not":
		return "not (" + l.parts[0].source() + ")"
	case "and":
		var out []string
		for _, p := range l.parts {
			s := p.source()
			if p.op == "or" && !p.member() {
				s = "(" + s + ")"
			}
			out = append(out, s)
		}
		return strings.Join(out, " and ")
	case "or":
		if l.member() {
			var codes []string
			for _, p := range l.parts {
				codes = append(codes, spell(p.equal.code))
			}
			return l.parts[0].equal.name + " in [" + strings.Join(codes, ", ") + "]"
		}
		var out []string
		for _, p := range l.parts {
			out = append(out, p.source())
		}
		return strings.Join(out, " or ")
	}
	if l.equal != nil {
		return l.equal.name + " == " + spell(l.equal.code)
	}
	return l.atom
}

// member says whether an or compares one variable with several codes.
func (l logic) member() bool {
	for _, p := range l.parts {
		if p.equal == nil || p.equal.name != l.parts[0].equal.name {
			return false
		}
	}
	return l.op == "or"
}

var wholeNumber = regexp.MustCompile(`^(0|-?[1-9]\d{0,8})$`)

// spell writes a code: a number bare, anything else in quotation marks.
func spell(code string) string {
	if wholeNumber.MatchString(code) {
		return code
	}
	return strconv.Quote(code)
}
