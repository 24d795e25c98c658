package auth

import (
	_ "embed"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	minPassword = 15  // characters
	maxPassword = 256 // characters
	minOwn      = 8   // characters left once guessable words are taken out of it; digits and signs count half
	minKinds    = 6   // different characters
)

//go:embed common.txt
var commonText string

// common holds words an attacker tries first, longest first so that "passwort" goes before "pass".
var common = words(commonText)

// PasswordProblem says what is wrong with a new password as a key of the desk catalogue (too_short, too_long, too_common), or "" when it is good.
// about are words tied to this person (address, name) that count as guessable.
func PasswordProblem(password string, about ...string) string {
	length := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return "too_common"
	case length < minPassword:
		return "too_short"
	case length > maxPassword:
		return "too_long"
	case guessable(normal(password), about):
		return "too_common"
	}
	return ""
}

// guessable removes what an attacker knows and looks at what is left: fifteen characters of "BSVUmfrage2026!" are four guesses.
func guessable(password string, about []string) bool {
	rest := strings.ToLower(password)
	kinds := map[rune]bool{}
	for _, r := range rest {
		kinds[r] = true
	}
	if len(kinds) < minKinds {
		return true
	}
	own := words(strings.Join(about, " "))
	for _, list := range [][]string{own, common} {
		for _, w := range list {
			rest = strings.ReplaceAll(rest, w, " ")
		}
	}
	return countLetters(unrolled(rest)) < minOwn
}

// countLetters counts letters fully and other characters half: digits and signs at the end are what people add when told to.
func countLetters(s string) int {
	letters, others := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case !unicode.IsSpace(r):
			others++
		}
	}
	return letters + others/2
}

// unrolled shortens what repeats itself: "abcdabcdabcd" is "abcd" to an attacker.
func unrolled(s string) string {
	runes := []rune(strings.TrimSpace(s))
	for size := 1; size <= len(runes)/2; size++ {
		repeats := true
		for i := size; i < len(runes); i++ {
			if runes[i] != runes[i-size] {
				repeats = false
				break
			}
		}
		if repeats {
			return string(runes[:size])
		}
	}
	return s
}

// normal gives the same characters for the same keys on every system, so that "é" typed on another keyboard still opens the account.
func normal(password string) string { return norm.NFKC.String(password) }

func words(text string) []string {
	list := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	kept := list[:0]
	for _, w := range list {
		if utf8.RuneCountInString(w) >= 3 || w == "iv" || w == "ai" {
			kept = append(kept, w)
		}
	}
	sort.Slice(kept, func(i, j int) bool { return len(kept[i]) > len(kept[j]) })
	return kept
}
