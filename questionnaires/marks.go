package questionnaires

import (
	"strings"
	"unicode"
)

// Piece is a run of words that two texts share or do not share.
type Piece struct {
	Words   string
	Changed bool // not in the other text
}

// most is how many pairs of words are compared at most; longer texts are shown
// whole, as changed. The longest text of the built-in questionnaires has 200 words.
const mostPairs = 4_000_000

// Marks gives two texts in pieces, so that the words that differ can be marked:
// the words of a longest common subsequence are unchanged.
func Marks(old, new string) (before, after []Piece) {
	a, b := cutWords(old), cutWords(new)
	if len(a)*len(b) > mostPairs {
		return allChanged(old), allChanged(new)
	}
	common := commonLengths(a, b)
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			before, after = grow(before, a[i], false), grow(after, b[j], false)
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			before = grow(before, a[i], true)
			i++
		default:
			after = grow(after, b[j], true)
			j++
		}
	}
	return before, after
}

// commonLengths gives, for each pair of places, how many words the rests have in common.
func commonLengths(a, b []string) [][]int {
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	return common
}

func allChanged(s string) []Piece {
	if s == "" {
		return nil
	}
	return []Piece{{s, true}}
}

func grow(pieces []Piece, word string, changed bool) []Piece {
	if n := len(pieces); n > 0 && pieces[n-1].Changed == changed {
		pieces[n-1].Words += word
		return pieces
	}
	return append(pieces, Piece{word, changed})
}

// cutWords cuts a text into words, each with the space after it, so that the
// pieces put together are the text again.
func cutWords(s string) []string {
	var out []string
	var word strings.Builder
	space := false
	for _, r := range s {
		if space && !unicode.IsSpace(r) {
			out = append(out, word.String())
			word.Reset()
		}
		space = unicode.IsSpace(r)
		word.WriteRune(r)
	}
	if word.Len() > 0 {
		out = append(out, word.String())
	}
	return out
}
