package i18n

import (
	"slices"
	"strings"
)

// Nearest is the one of the known words that somebody who has typed word may have meant: the fewest
// letters are to be changed, capital or not, and of several the first by alphabet; "" where none is known.
func Nearest(word string, known []string) string {
	known = slices.Sorted(slices.Values(known))
	nearest, fewest := "", 0
	for _, k := range known {
		if n := distance(strings.ToLower(word), strings.ToLower(k)); nearest == "" || n < fewest {
			nearest, fewest = k, n
		}
	}
	return nearest
}

// distance is the Levenshtein distance of two short names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		corner := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := corner
			if a[i-1] != b[j-1] {
				cost++
			}
			corner = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
