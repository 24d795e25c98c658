package xlsform

import (
	"fmt"
	"regexp"
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
	spaceStart  = regexp.MustCompile(`^[\s\x{a0}]+`)
	refStart    = regexp.MustCompile(`^\$\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}`)
	numberStart = regexp.MustCompile(`^(\d+(\.\d*)?|\.\d+)`)
	nameStart   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*(:[A-Za-z_][A-Za-z0-9_.-]*)?`)
	signs       = []string{"!=", "<=", ">=", "//", "..", "=", "<", ">", "+", "-", "*", "(", ")", ",", ".", "/", "[", "]", "|", "@"}
	// curly are the quotation marks that spreadsheets put in place of straight ones.
	curly = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`)
)

// lex takes an expression apart.
func lex(source string) ([]lexeme, error) {
	source = curly.Replace(source)
	var out []lexeme
	for source != "" {
		if m := spaceStart.FindString(source); m != "" {
			source = source[len(m):]
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
	if m := refStart.FindStringSubmatch(s); m != nil {
		return lexeme{refToken, m[1]}, len(m[0]), nil
	}
	if m := numberStart.FindString(s); m != "" {
		return lexeme{numberToken, m}, len(m), nil
	}
	if m := nameStart.FindString(s); m != "" {
		return lexeme{nameToken, m}, len(m), nil
	}
	for _, sign := range signs {
		if strings.HasPrefix(s, sign) {
			return lexeme{signToken, sign}, len(sign), nil
		}
	}
	return lexeme{}, 0, fmt.Errorf("%.10q is not part of an expression", s)
}
