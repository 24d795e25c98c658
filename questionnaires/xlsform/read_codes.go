package xlsform

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var (
	codeForm   = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	optionForm = regexp.MustCompile(`^[A-Za-z0-9+-]+(_[A-Za-z0-9+-]+)*$`)
	rowForm    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$`)
	noCode     = regexp.MustCompile(`[^a-z0-9]+`)
	noOption   = regexp.MustCompile(`[^A-Za-z0-9+-]+`)
	noRow      = regexp.MustCompile(`[^A-Za-z0-9]+`)
)

// plainLetters takes the accents from letters.
func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// reserved are words of the language of conditions.
var reserved = map[string]bool{"true": true, "false": true, "nil": true, "not": true, "and": true, "or": true, "in": true, "let": true, "if": true, "else": true,
	"answered": true, "matches": true, "contains": true, "mean": true, "sum": true, "count": true, "min": true, "max": true, "round": true}

// asCode gives a name in the form of our codes; base stands where nothing of the
// name is left.
func asCode(name, base string) string {
	if codeForm.MatchString(name) && !reserved[name] {
		return name
	}
	s := strings.Trim(noCode.ReplaceAllString(strings.ToLower(plainLetters(name)), "_"), "_")
	switch {
	case s == "":
		return base
	case s[0] >= '0' && s[0] <= '9':
		return base + "_" + s
	case reserved[s]:
		return s + "_q"
	}
	return s
}

// asOption gives a choice's name in the form of our option codes.
func asOption(name string) string {
	if optionForm.MatchString(name) {
		return name
	}
	if s := strings.Trim(noOption.ReplaceAllString(plainLetters(name), "_"), "_"); s != "" {
		return s
	}
	return "c"
}

// asRow gives a name in the form of our row codes.
func asRow(name string) string {
	if rowForm.MatchString(name) {
		return name
	}
	s := strings.Trim(noRow.ReplaceAllString(plainLetters(name), "_"), "_")
	if s == "" || s[0] >= '0' && s[0] <= '9' {
		s = strings.TrimSuffix("r_"+s, "_")
	}
	return s
}

// taken are the codes that are in use, with the last number put behind each.
type taken map[string]int

// free gives the code, or the code with a number, that nobody has taken, and
// takes it.
func (t taken) free(code string) string {
	out := code
	for n := t[code]; t[out] > 0; {
		n++
		out = code + "_" + strconv.Itoa(n)
		t[code] = n
	}
	t[out] = max(t[out], 1)
	return out
}

// codeOf gives a question its code; a name that has to change is reported.
func (r *reader) codeOf(it *item, base string) string {
	name := it.name
	if own := it.get("rondo_code"); own != "" && codeForm.MatchString(own) {
		name = own
	}
	code := r.codes.free(asCode(name, base))
	switch {
	case it.name == "":
		r.changed(it.place("name"), "no_name", "the row has no name; it becomes %s", code)
	case code != name:
		r.changed(it.place("name"), "renamed", "%s becomes %s", it.name, code)
	}
	return code
}
