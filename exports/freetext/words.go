package freetext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is a run of letters and digits in a text, with the ways it may be written.
type word struct {
	from, to int
	text     string
	forms    []string // folded: Bäckerei as baeckerei and backerei
}

func split(text string) []word {
	var words []word
	from := -1
	end := func(to int) {
		if from >= 0 {
			words = append(words, word{from, to, text[from:to], forms(text[from:to])})
		}
		from = -1
	}
	for i, r := range text {
		switch {
		case inWord(r) || from >= 0 && unicode.IsMark(r):
			if from < 0 {
				from = i
			}
		default:
			end(i)
		}
	}
	end(len(text))
	return words
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "œ", "oe", "æ", "ae")

// forms gives a word without accents, umlauts written out and not.
func forms(s string) []string {
	s = strings.ToLower(norm.NFKC.String(s))
	long, short := bare(umlauts.Replace(s)), bare(strings.NewReplacer("ß", "ss", "œ", "oe", "æ", "ae").Replace(s))
	if long == short {
		return []string{long}
	}
	return []string{long, short}
}

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsMark(r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// is says whether a word is one of the folded ones, or its genitive.
func (w word) is(folded string) bool {
	for _, form := range w.forms {
		if form == folded || len(folded) >= 4 && form == folded+"s" {
			return true
		}
	}
	return false
}

// upper says whether a word begins with a capital.
func (w word) upper() bool {
	r, _ := utf8.DecodeRuneInString(w.text)
	return unicode.IsUpper(r) || unicode.IsTitle(r)
}

// capitals says whether a word has nothing but capitals.
func (w word) capitals() bool {
	return strings.IndexFunc(w.text, func(r rune) bool { return !unicode.IsUpper(r) }) < 0
}

// joined says whether what stands between two words keeps them together: no end of a sentence, no
// more than three signs.
func joined(text string, a, b word) bool {
	between := text[a.to:b.from]
	return utf8.RuneCountInString(between) <= 3 && !strings.ContainsAny(between, "!?;:\n")
}
