package freetext

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// gap is what people put between the groups of a number.
const gap = `[\s\x{a0}\x{202f}.’'\-–/]`

var months = `(?:jan(?:uar|vier|uary)?|gennaio|f[eé]vr(?:ier)?|feb(?:ruar|braio|ruary)?|mars|m[aä]rz|marzo|march|apr(?:il|ile)?|avril|mai|maggio|may|` +
	`jun[ie]?|juin|giugno|jul[iy]?|juillet|luglio|aug(?:ust)?|ao[uû]t|agosto|sept?(?:ember|embre)?|settembre|okt(?:ober)?|oct(?:ober|obre)?|ottobre|` +
	`nov(?:ember|embre)?|de[zc](?:ember|embre)?|d[eé]cembre|dicembre)`

// patterns are looked for everywhere; letters and digits must not go on on either side, but for
// numbers, which are marked wherever they stand.
var patterns = []struct {
	kind Kind
	form *regexp.Regexp
}{
	{Email, regexp.MustCompile(`(?i)[\pL\pN._%+\-]+\s?(?:@|\(at\)|\[at\]|\(a\))\s?[\pL\pN\-]+(?:\s?(?:\.|\(dot\)|\[dot\]|\(punkt\)|\(point\))\s?[\pL\pN\-]+)+`)},
	{URL, regexp.MustCompile(`(?i)(?:https?://|www\.)[^\s<>"]*[^\s<>".,;:!?)]`)},
	{URL, regexp.MustCompile(`(?i)[\pL\pN](?:[\pL\pN\-]*[\pL\pN])?(?:\.[\pL\pN\-]+)*\.(?:ch|li|com|org|net|swiss|info|eu|de|fr|it|at|io)(?:/[^\s<>"]*[^\s<>".,;:!?)])?`)},
	{AHV, regexp.MustCompile(`756` + gap + `?\d{4}` + gap + `?\d{4}` + gap + `?\d{2}`)},
	{IBAN, regexp.MustCompile(`(?i)[a-z]{2}\d{2}(?:[\s\x{a0}]?[a-z0-9]{4}){2,7}(?:[\s\x{a0}]?\d[a-z0-9]{0,2})?`)},
	{UID, regexp.MustCompile(`(?i)che` + gap + `?\d{3}` + gap + `?\d{3}` + gap + `?\d{3}`)},
	{Phone, regexp.MustCompile(`(?:\+|00)\d{1,3}` + gap + `?(?:\(0\))?(?:` + gap + `?\d){6,12}`)},
	{Phone, regexp.MustCompile(`\(?0\d{2}\)?` + gap + `{0,3}\d{3}` + gap + `?\d{2}` + gap + `?\d{2}`)},
	{Date, regexp.MustCompile(`\d{1,2}\.\s?\d{1,2}\.(?:\s?(?:\d{4}|\d{2}))?`)},
	{Date, regexp.MustCompile(`\d{1,2}[/\-]\d{1,2}[/\-](?:\d{4}|\d{2})|\d{4}[\-/.]\d{1,2}[\-/.]\d{1,2}`)},
	{Date, regexp.MustCompile(`(?i)\d{1,2}(?:\.|er|st|nd|rd|th|º)?[\s\x{a0}](?:of\s)?` + months + `\.?(?:,?[\s\x{a0}]\d{4})?`)},
	{Date, regexp.MustCompile(`(?i)` + months + `\.?[\s\x{a0}](?:\d{1,2}(?:st|nd|rd|th)?,?[\s\x{a0}])?\d{4}`)},
	{Number, regexp.MustCompile(`\p{Nd}(?:` + gap + `?\p{Nd}){4,}`)},
}

func patterned(text string) []Mark {
	var marks []Mark
	for _, p := range patterns {
		for start := 0; start < len(text); {
			at := p.form.FindStringIndex(text[start:])
			if at == nil {
				break
			}
			from, to := start+at[0], start+at[1]
			switch {
			case p.kind == Number:
				if !years.MatchString(text[from:to]) {
					marks = append(marks, Mark{Number, from, to})
				}
			case !free(text, from, to) && (p.kind == Email || p.kind == URL): // may be as long as the text
			case !free(text, from, to):
				start = nextWord(text, from) // another may begin within it
				continue
			case p.kind != IBAN || account(text[from:to]):
				marks = append(marks, Mark{p.kind, from, to})
			}
			start = to
		}
	}
	return marks
}

// years are no number: 2015, 2016/17 or 2021–2026.
var years = regexp.MustCompile(`^(?:(?:19|20)\d\d|` + gap + `\d\d\b|` + gap + `)+$`)

// nextWord gives where the next word begins.
func nextWord(text string, from int) int {
	in := true
	for i, r := range text[from:] {
		if word := inWord(r); i > 0 && word && !in {
			return from + i
		} else if i > 0 || !word {
			in = word
		}
	}
	return len(text)
}

// free says whether a part stands for itself.
func free(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	first, _ := utf8.DecodeRuneInString(text[from:])
	after, _ := utf8.DecodeRuneInString(text[to:])
	last, _ := utf8.DecodeLastRuneInString(text[:to])
	return !(inWord(before) && inWord(first)) && !(inWord(after) && inWord(last))
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// account says whether something is as long as an account number and holds as many digits: words
// after two letters and two digits are none.
func account(s string) bool {
	letters, digits := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		}
	}
	return letters+digits >= 15 && digits >= letters
}

// Clean makes a text fit to be kept: one kind of line end, no control signs, nothing that turns or
// hides what a reader sees, no blanks around it.
func Clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text))
}
