package questionnaires

import (
	"fmt"

	"github.com/goccy/go-yaml/token"
)

// maxKeys is how many keys one mapping may have: the parser takes a time that
// grows with their square.
const maxKeys = 2000

// mostMarks is how many marks that may begin or end something a file may have, mostMarksInAll how
// many the five files of a version: the parser makes nearly a kilobyte of each. The files of a
// thousand questions, written in the most crowded way, have 25,000 at most and 92,000 in all.
const (
	mostMarks      = 100_000
	mostMarksInAll = 200_000
)

// marks are such characters; the others count only before a blank. Most of them in a text mean
// nothing, but only the parser could tell.
var (
	marks       = byteSet(",[]{}\"'\n&*!|>%@`#")
	beforeBlank = byteSet(":-?")
)

func byteSet(of string) (set [256]bool) {
	for i := range len(of) {
		set[of[i]] = true
	}
	return set
}

// crowded refuses a file that is all marks and hardly any words, before the parser sees it; left
// is how many there may still be.
func crowded(data []byte, left *int) error {
	most, line := min(*left, mostMarks), 1
	count := 0
	for i, c := range data {
		if marks[c] || beforeBlank[c] && (i+1 == len(data) || data[i+1] == ' ' || data[i+1] == '\n' || data[i+1] == '\t') {
			count++
		}
		if count > most {
			return fmt.Errorf("line %d: up to here are more than %d brackets, commas, colons and other marks in the file, or %d in all files", line, mostMarks, mostMarksInAll)
		}
		if c == '\n' {
			line++
		}
	}
	*left -= count
	return nil
}

// harmless refuses what is YAML, or nearly, but no questionnaire, before
// anything is built from it: what grows when it is read (aliases), what is deep,
// and what keeps the parser busy.
func harmless(tokens token.Tokens) error {
	g := guard{line: -1}
	for i, t := range tokens {
		if why := g.look(tokens, i, t); why != "" {
			return fmt.Errorf("line %d: %s", t.Position.Line, why)
		}
	}
	return nil
}

// guard follows the tokens of a file.
type guard struct {
	flow  []int    // keys of the open { and [
	block []column // the open lists and mappings in block style, and their keys
	line  int      // of the last key in block style
}

type column struct{ at, keys int }

// look says what is wrong with a token, or "".
func (g *guard) look(tokens token.Tokens, i int, t *token.Token) string {
	switch t.Type {
	case token.AliasType, token.AnchorType, token.TagType, token.MergeKeyType:
		return "anchors, aliases, tags and merge keys are not part of this format"
	case token.MappingKeyType:
		return "keys that begin with ? are not part of this format"
	case token.MappingStartType, token.SequenceStartType:
		g.flow = append(g.flow, 0)
	case token.MappingEndType, token.SequenceEndType:
		g.flow = g.flow[:max(len(g.flow)-1, 0)]
	case token.SequenceEntryType:
		g.enter(t.Position.Column)
	case token.MappingValueType:
		return g.key(tokens[max(i-1, 0)].Position, t.Position.Line)
	}
	if len(g.flow) > maxNesting || len(g.block) > maxNesting || t.Position.IndentNum > 10*maxNesting {
		return "nested too deeply"
	}
	return ""
}

// enter closes what stands further to the right, and opens what stands here.
func (g *guard) enter(at int) *column {
	for len(g.block) > 0 && g.block[len(g.block)-1].at > at {
		g.block = g.block[:len(g.block)-1]
	}
	if n := len(g.block); n == 0 || g.block[n-1].at < at {
		g.block = append(g.block, column{at: at})
	}
	return &g.block[len(g.block)-1]
}

// key counts a key of the innermost mapping.
func (g *guard) key(at *token.Position, line int) string {
	var keys int
	if n := len(g.flow); n > 0 {
		g.flow[n-1]++
		keys = g.flow[n-1]
	} else {
		if g.line == line {
			return "two colons on one line: put words with a colon into quotation marks"
		}
		g.line = line
		open := g.enter(at.Column)
		open.keys++
		keys = open.keys
	}
	if keys > maxKeys {
		return fmt.Sprintf("a mapping of more than %d keys", maxKeys)
	}
	return ""
}
