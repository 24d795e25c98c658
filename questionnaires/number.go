package questionnaires

import (
	"regexp"
	"strconv"
	"strings"
)

// numberForm is a number as people in Switzerland type it, once spaces and
// apostrophes between thousands are told from others.
var (
	numberForm = regexp.MustCompile(`^[+-]?(\d{1,15}|\d{1,3}(['’ \x{a0}\x{202f}\x{2009}]\d{3}){1,4})([.,]\d{1,12})?$`)
	groupForm  = strings.NewReplacer("'", "", "’", "", " ", "", "\u00a0", "", "\u202f", "", "\u2009", "", ",", ".", "+", "")
	// ambiguous is 1,234 and 1.234: a thousand to some and one to others.
	ambiguous = regexp.MustCompile(`^[+-]?[1-9]\d{0,2}[.,]\d{3}$`)
)

// ParseNumber reads a number as typed: 1'000, 1’000 and 1 000 with thousands
// set apart, 1,5 and 1.5 with a decimal sign. It refuses everything else, also
// 1,234 and 1.234, which mean a thousand to some people and one to others.
func ParseNumber(s string) (float64, bool) {
	s = strings.ReplaceAll(strings.TrimSpace(s), "−", "-")
	if !numberForm.MatchString(s) || ambiguous.MatchString(s) {
		return 0, false
	}
	n, err := strconv.ParseFloat(groupForm.Replace(s), 64)
	return n + 0, err == nil
}

// codeNumber gives the number that an option code is, such as "4" or "-2": up
// to 15 digits, with or without a sign.
func codeNumber(code string) (float64, bool) {
	digits, sign := code, 1.0
	if code != "" && (code[0] == '-' || code[0] == '+') {
		digits = code[1:]
		if code[0] == '-' {
			sign = -1
		}
	}
	if digits == "" || len(digits) > 15 {
		return 0, false
	}
	n := 0.0
	for _, d := range []byte(digits) {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = 10*n + float64(d-'0')
	}
	return sign*n + 0, true
}

// FormatNumber gives a number as datasets and form fields hold it: a decimal
// point, no thousands, as few digits as tell it apart.
func FormatNumber(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// SayNumber gives a number as FormatNumber does, with the decimal sign that people who read lang
// expect in Switzerland: a comma in French, a point in German, Italian and English (CLDR: fr-CH,
// de-CH, it-CH, en-CH). ParseNumber reads both in every language.
func SayNumber(n float64, lang string) string {
	if lang == "fr" {
		return strings.Replace(FormatNumber(n), ".", ",", 1)
	}
	return FormatNumber(n)
}

// decimals counts the digits after the decimal sign that a number needs.
func decimals(n float64) int {
	s := FormatNumber(n)
	if i := strings.IndexByte(s, '.'); i >= 0 {
		return len(s) - i - 1
	}
	return 0
}
