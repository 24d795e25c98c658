package exports

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rondo/questionnaires"
)

// Codes that protection itself writes into a cell.
const (
	cellRoute = "-95" // suppressed with its routing
	cellLocal = "-96" // suppressed locally
	cellRare  = "-97" // merged as rare
)

// missing says whether a cell holds a reason instead of an answer.
func missing(cell string) bool {
	return len(cell) == 3 && cell[0] == '-' && cell[1] == '9' && cell[2] >= '0' && cell[2] <= '9'
}

// hidden says whether protection took the answer away.
func hidden(cell string) bool { return cell == cellRoute || cell == cellLocal || cell == cellRare }

// sheet is the data of a release on its way: the kept columns of the
// questionnaire and one row of cells per record, in released order.
type sheet struct {
	choices []Choice
	lead    []string   // names of the columns before those of the questionnaire
	before  [][]string // their cells, by row
	rows    [][]string
	ids     []int        // of each row, the number of its record in the snapshot; in memory only
	veiled  map[int]bool // columns in which a class was hidden since it agreed, see veil
}

// gather reads all records and puts them into the order of the release: by a
// keyed hash of their content, which nobody without the key can compute.
func gather(ctx context.Context, src Source, s Snapshot, plan Plan, rowKey []byte) (*sheet, error) {
	sh := &sheet{choices: plan.Kept(), lead: leadColumns(s, plan.Profile)}
	keep := plan.places()
	var order []place
	var all []string
	placeOf := places(s, plan.Profile.Name, rowKey)
	known := definedIn(s.Questionnaire)
	err := src.Records(ctx, s, func(r Record) error {
		r, err := r.read()
		if err == nil {
			err = errors.Join(fits(s, r), known.fit(s, r))
		}
		if err != nil {
			return err
		}
		at, err := placeOf(r)
		if err != nil {
			return err
		}
		all = s.Questionnaire.AppendRow(all[:0], r.Answers)
		sh.rows, sh.ids, order = append(sh.rows, keptCells(make([]string, 0, len(keep)), all, keep)), append(sh.ids, len(sh.ids)), append(order, at)
		sh.before = append(sh.before, leadCells(s, plan.Profile, r))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read records: %w", err)
	}
	if len(sh.rows) != s.N {
		return nil, fmt.Errorf("%w: %d records, %d declared", ErrSnapshot, len(sh.rows), s.N)
	}
	at := make([]int, len(order))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(i, j int) int { return bytes.Compare(order[i][:], order[j][:]) })
	sh.pick(at)
	return sh, nil
}

// place is the sort key of a record, so that the order never depends on the order of reading.
type place [sha256.Size]byte

// places gives the sort key of each record: a keyed hash of its content.
func places(s Snapshot, profile string, rowKey []byte) func(r Record) (place, error) {
	mac, head, frame := hmac.New(sha256.New, rowKey), []byte(s.Hash+"\x00"+profile+"\x00"), framesOf(s)
	return func(r Record) (at place, err error) {
		written := r.Written
		if written == nil {
			if written, err = json.Marshal(r.Answers); err != nil {
				return at, fmt.Errorf("order records: %w", err)
			}
		}
		about, err := frame(r)
		if err != nil {
			return at, fmt.Errorf("order records: %w", err)
		}
		mac.Reset()
		for _, part := range [][]byte{head, []byte(`{"Answers":`), written, {','}, about, strconv.AppendInt(nil, int64(r.Shuffle), 10), {'}'}} {
			mac.Write(part)
		}
		mac.Sum(at[:0])
		return at, nil
	}
}

// framesOf writes what stands beside the answers of a record up to its shuffle, as JSON within braces
// that do not close. Many records share it, so it is kept.
func framesOf(s Snapshot) func(r Record) ([]byte, error) {
	known, key := map[string][]byte{}, []byte(nil)
	return func(r Record) ([]byte, error) {
		key = append(append(append(key[:0], r.Language...), 0), r.Office...)
		if r.Stratum == nil {
			key = append(key, 2) // null, not {}
		}
		for _, name := range s.Strata {
			key = append(key, 0)
			if value, ok := r.Stratum[name]; ok {
				key = append(append(key, 1), value...)
			}
		}
		if kept, ok := known[string(key)]; ok {
			return kept, nil
		}
		made, err := json.Marshal(struct {
			Stratum          map[string]string
			Language, Office string
			Shuffle          struct{}
		}{Stratum: r.Stratum, Language: r.Language, Office: r.Office})
		if err != nil {
			return nil, err
		}
		made = made[1 : len(made)-len("{}}")]
		known[string(key)] = made
		return made, nil
	}
}

// keptCells appends the cells of the kept columns to row.
func keptCells(row, all []string, keep []int) []string {
	for _, i := range keep {
		cell := clean(all[i])
		if cell == "" { // nothing but marks
			cell = questionnaires.CellNoAnswer
		}
		row = append(row, cell)
	}
	return row
}

func fits(s Snapshot, r Record) error {
	for name := range r.Stratum {
		if !slices.Contains(s.Strata, name) {
			return fmt.Errorf("%w: a record carries the stratum attribute %q, which the snapshot does not declare", ErrSnapshot, name)
		}
	}
	if r.Office != "" && !s.Confidential() {
		return fmt.Errorf("%w: a record of an anonymous population carries an office", ErrSnapshot)
	}
	return nil
}

func leadColumns(s Snapshot, p Profile) []string {
	var out []string
	if s.MadeUp() {
		out = append(out, "synthetic")
	}
	if p.Release() {
		return out
	}
	if s.Confidential() {
		out = append(out, "office")
	}
	out = append(out, "language")
	for _, name := range s.Strata {
		out = append(out, "stratum_"+name)
	}
	return append(out, "shuffle")
}

func leadCells(s Snapshot, p Profile, r Record) []string {
	var out []string
	if s.MadeUp() {
		out = append(out, "1")
	}
	if p.Release() {
		return out
	}
	if s.Confidential() {
		out = append(out, orMissing(r.Office))
	}
	out = append(out, orMissing(r.Language))
	for _, name := range s.Strata {
		out = append(out, orMissing(clean(r.Stratum[name])))
	}
	return append(out, strconv.Itoa(r.Shuffle))
}

func orMissing(cell string) string {
	if cell == "" {
		return otherMissing
	}
	return cell
}

// clean makes a cell safe for every format: one line, because statistics
// programs read a file line by line; no control characters, which XML and SPSS
// refuse; no marks that turn the direction of what stands after them, which let
// a cell look like another; no bytes that are no text.
func clean(cell string) string {
	plain := true
	for i := 0; plain && i < len(cell); i++ {
		plain = ' ' <= cell[i] && cell[i] <= '~'
	}
	if plain || !strings.ContainsFunc(cell, unfit) && utf8.ValidString(cell) {
		return cell
	}
	cell = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\u2028', r == '\u2029':
			return ' '
		case unfit(r):
			return -1
		}
		return r
	}, strings.NewReplacer("\r\n", " ", "\r", " ").Replace(strings.ToValidUTF8(cell, "\ufffd")))
	return strings.Trim(cell, " ")
}

// unfit says whether a character may not stand in a cell.
func unfit(r rune) bool {
	switch {
	case r < ' ', 0x7f <= r && r < 0xa0: // control characters
		return true
	case r == 0x61c, r == 0x200e, r == 0x200f, 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069: // direction
		return true
	case r == 0x2028, r == 0x2029, r == 0xfeff, r == 0xfffe, r == 0xffff: // line ends, byte order marks, no characters
		return true
	}
	return false
}

// pick keeps the given rows, in the given order.
func (sh *sheet) pick(at []int) {
	sh.rows, sh.before = pickRows(sh.rows, at), pickRows(sh.before, at)
	ids := make([]int, len(at))
	for i, r := range at {
		ids[i] = sh.ids[r]
	}
	sh.ids = ids
}

func pickRows(rows [][]string, at []int) [][]string {
	out := make([][]string, len(at))
	for i, r := range at {
		out[i] = rows[r]
	}
	return out
}

// clone copies the cells, so that one node can be tried without spoiling the
// next.
func (sh *sheet) clone() *sheet {
	c := *sh
	c.veiled = maps.Clone(sh.veiled)
	c.rows = make([][]string, len(sh.rows))
	for r, row := range sh.rows {
		c.rows[r] = slices.Clone(row)
	}
	return &c
}

// keys lists the places of the coarse columns.
func (sh *sheet) keys() []int {
	var out []int
	for j, c := range sh.choices {
		if c.Treatment == Coarse {
			out = append(out, j)
		}
	}
	return out
}

// blocks lists the places of each question's open columns, in order. A release
// holds no calculated column, so each has a question.
func (sh *sheet) blocks() [][]int {
	var out [][]int
	var last *questionnaires.Question
	for j, c := range sh.choices {
		if c.Treatment != Open {
			continue
		}
		if c.Column.Question != last {
			out = append(out, nil)
			last = c.Column.Question
		}
		out[len(out)-1] = append(out[len(out)-1], j)
	}
	return out
}
