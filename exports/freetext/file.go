package freetext

import (
	"bytes"
	"crypto/rand"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"

	"rondo/exports/formats"
)

const (
	// K is how many texts of a language there must be: fewer would tell a region, as Italian does
	// Ticino.
	K = 5
	// Least is how many texts a file must hold.
	Least = 10
)

// ErrTooFew says that fewer than Least texts may leave together.
var ErrTooFew = errors.New("fewer than ten texts can leave together")

// Text is one text as it may leave.
type Text struct{ Language, Text string }

// Leaving gives the texts that may leave together and the languages left out, since they have fewer
// than K texts. ErrTooFew.
func Leaving(texts []Text) (kept []Text, leftOut []string, err error) {
	byLanguage := map[string]int{}
	for _, t := range texts {
		byLanguage[t.Language]++
	}
	for _, t := range texts {
		switch {
		case byLanguage[t.Language] >= K:
			kept = append(kept, t)
		case !slices.Contains(leftOut, t.Language):
			leftOut = append(leftOut, t.Language)
		}
	}
	slices.Sort(leftOut)
	if len(kept) < Least {
		return nil, leftOut, ErrTooFew
	}
	return kept, leftOut, nil
}

// File writes the texts that may leave together, as CSV (UTF-8, comma, LF), in an order that random
// decides, crypto/rand in the house: each time another one. Text that a spreadsheet would read as a
// formula begins with an apostrophe. Made-up texts are marked in every line. It says how many there
// are. ErrTooFew.
func File(texts []Text, madeUp bool, random io.Reader) ([]byte, int, error) {
	kept, _, err := Leaving(texts)
	if err != nil {
		return nil, 0, err
	}
	if err := shuffle(kept, random); err != nil {
		return nil, 0, err
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	line := []string{"language", "text"}
	if madeUp {
		line = append(line, "synthetic")
	}
	_ = w.Write(line) // a buffer takes everything
	for _, t := range kept {
		line = []string{t.Language, formats.Harmless(Clean(t.Text))}
		if madeUp {
			line = append(line, formats.Mark["en"])
		}
		_ = w.Write(line)
	}
	w.Flush()
	return out.Bytes(), len(kept), nil
}

// shuffle is that of Fisher and Yates.
func shuffle(texts []Text, random io.Reader) error {
	for i := len(texts) - 1; i > 0; i-- {
		j, err := rand.Int(random, big.NewInt(int64(i+1)))
		if err != nil {
			return fmt.Errorf("shuffle texts: %w", err)
		}
		texts[i], texts[j.Int64()] = texts[j.Int64()], texts[i]
	}
	return nil
}
