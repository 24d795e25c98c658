package xlsform

import (
	"fmt"
	"strings"
)

type lexemeKind int

const (
	endToken lexemeKind = iota
	textToken
	numberToken
	refToken
	nameToken
	signToken
)

// lexeme is a word of an expression.
type lexeme struct {
	kind lexemeKind
	text string
}

var (
	signs = []string{"!=", "<=", ">=", "//", "..", "=", "<", ">", "+", "-", "*", "(", ")", ",", ".", "/", "[", "]", "|", "@"}
	// curly are the quotation marks that spreadsheets put in place of straight ones.
	curly = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`)
)

// lex takes an expression apart.
func lex(source string) ([]lexeme, error) {
	source = curly.Replace(source)
	var out []lexeme
	for source != "" {
		if n := blank(source); n > 0 {
			source = source[n:]
			continue
		}
		t, length, err := word(source)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
		source = source[length:]
	}
	return append(out, lexeme{kind: endToken}), nil
}

// word reads the first lexeme and says how many bytes it takes.
func word(s string) (lexeme, int, error) {
	if s[0] == '\'' || s[0] == '"' {
		end := strings.IndexByte(s[1:], s[0])
		if end < 0 {
			return lexeme{}, 0, fmt.Errorf("a text is not closed: %.20s", s)
		}
		return lexeme{textToken, s[1 : 1+end]}, end + 2, nil
	}
	if name, n := reference(s); n > 0 {
		return lexeme{refToken, name}, n, nil
	}
	if n := number(s); n > 0 {
		return lexeme{numberToken, s[:n]}, n, nil
	}
	if n := name(s); n > 0 {
		if n < len(s) && s[n] == ':' {
			if more := name(s[n+1:]); more > 0 {
				n += 1 + more
			}
		}
		return lexeme{nameToken, s[:n]}, n, nil
	}
	for _, sign := range signs {
		if strings.HasPrefix(s, sign) {
			return lexeme{signToken, sign}, len(sign), nil
		}
	}
	return lexeme{}, 0, fmt.Errorf("%.10q is not part of an expression", s)
}

// The following say how many bytes at the beginning of a text are of a kind. They
// are written out, since a regular expression prepares for all of the text that
// follows, at every word anew.

func span(s string, is func(c byte) bool) int {
	n := 0
	for n < len(s) && is(s[n]) {
		n++
	}
	return n
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func nameBegins(c byte) bool { return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c == '_' }

func blank(s string) int {
	n := 0
	for {
		switch rest := s[n:]; {
		case rest != "" && strings.IndexByte(" \t\n\f\r", rest[0]) >= 0:
			n++
		case strings.HasPrefix(rest, "\u00a0"):
			n += len("\u00a0")
		default:
			return n
		}
	}
}

// number: 3, 3., 3.5, .5
func number(s string) int {
	n := span(s, digit)
	if n < len(s) && s[n] == '.' {
		if after := span(s[n+1:], digit); n > 0 || after > 0 {
			n += 1 + after
		}
	}
	return n
}

// name: select-one, e_since, a.b
func name(s string) int {
	if s == "" || !nameBegins(s[0]) {
		return 0
	}
	return span(s, func(c byte) bool { return nameBegins(c) || digit(c) || c == '.' || c == '-' })
}

// reference: ${e_since}, with blanks within the braces
func reference(s string) (string, int) {
	inside, ok := strings.CutPrefix(s, "${")
	if !ok {
		return "", 0
	}
	inside = strings.TrimLeft(inside, " \t\n\f\r")
	n := name(inside)
	rest := strings.TrimLeft(inside[n:], " \t\n\f\r")
	if n == 0 || !strings.HasPrefix(rest, "}") {
		return "", 0
	}
	return inside[:n], len(s) - len(rest) + 1
}
