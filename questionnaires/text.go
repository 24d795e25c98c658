package questionnaires

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxTextLength is the most characters any text answer may have.
const maxTextLength = 10000

// clean gives typed text in its canonical form: NFC, lines ended by \n, no
// control characters but \n and \t, nothing blank at either end.
func clean(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(norm.NFC.String(s))
}

// length counts characters as a person does who reads code points.
func length(s string) int { return utf8.RuneCountInString(s) }
