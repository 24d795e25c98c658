package verify

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Snapshot is what a release was made from: the frozen responses, in no order.
type Snapshot struct {
	Records []Answers
	Options map[string][]string // by key: what could be answered, "don't know" and the like aside
}

// Answers is one response by variable: the codes chosen, or one text or number, or the missing
// code (-90, -93, -94) given instead. A variable without an answer is absent.
type Answers map[string][]string

// mostPaired is up to how many records each row is given a record of its own.
const mostPaired = 3_000

// Against checks a bundle as Bundle does and, where it is a release, compares it with the frozen
// snapshot: every row is one record of it, changed in no way but by what the report says; every
// participant could be any of k rows; no text that somebody typed is in any file. Report holds the
// fewest candidates and the loss, counted again.
func Against(r io.ReaderAt, size int64, s Snapshot) (Report, error) {
	out, files, d, err := read(r, size)
	if err != nil || d == nil {
		return out, err
	}
	d.say = func(format string, args ...any) { out.Findings = append(out.Findings, fmt.Sprintf(format, args...)) }
	d.compare(s, &out)
	d.checkTyped(files, s)
	if len(out.Findings) > 0 {
		return out, fmt.Errorf("%w: %s", ErrBroken, out.Findings[0])
	}
	return out, nil
}

// expected is a record as the file would show it whole: keys at their released level, answers as
// given, "" where there was none.
func (d *release) expected(a Answers, roots []map[string][]string) ([]string, bool) {
	cells, known := make([]string, len(d.names)), true
	for j, name := range d.names {
		switch e := d.book[name]; {
		case e.role == "technical":
		case slices.Contains(d.keys, j):
			leaf := missingKey
			if given := a[name]; len(given) == 1 && !reason(given[0]) {
				leaf = given[0]
			}
			cells[j] = above(roots[j], leaf, d.r.Node[name])
			known = known && cells[j] != ""
		case e.kind == "flag":
			at := strings.LastIndex(name, "__")
			if given := a[name[:max(at, 0)]]; len(given) == 1 && reason(given[0]) {
				cells[j] = given[0]
			} else if len(given) > 0 {
				cells[j] = "0"
				if slices.Contains(given, name[at+2:]) {
					cells[j] = "1"
				}
			}
		default:
			if given := a[name]; len(given) == 1 {
				cells[j] = given[0]
			}
		}
	}
	return cells, known
}

// compare pairs rows and records.
func (d *release) compare(s Snapshot, out *Report) {
	roots := make([]map[string][]string, len(d.names))
	for _, j := range d.keys {
		tree := trees[d.r.Ways[d.names[j]]]
		roots[j] = map[string][]string{}
		for _, leaf := range s.Options[d.names[j]] {
			if tree[leaf] != nil {
				roots[j][leaf] = tree[leaf]
			}
		}
		if len(roots[j]) == 0 || len(roots[j]) < len(s.Options[d.names[j]]) {
			d.say("the hierarchy of %s is not known", d.names[j])
			return
		}
	}
	raw := make([][]string, len(s.Records))
	for i, a := range s.Records {
		cells, known := d.expected(a, roots)
		if raw[i] = cells; !known {
			d.say("a record of the snapshot has a key that its hierarchy does not know")
			return
		}
	}
	d.checkLeft(len(raw))
	out.Candidates = d.candidates(raw)
	if out.Candidates < d.m.K {
		d.say("a participant could be fewer than k=%d of the rows", d.m.K)
	}
	if !d.paired(raw) {
		d.say("a row is no record of the snapshot, or one record stands there twice")
	}
	out.NCP = d.loss(roots)
	if len(raw) == len(d.rows) && (math.Abs(out.NCP-d.r.NCP) > 1e-9 || out.Candidates != d.r.Candidates) {
		d.say("the report says another loss, or other candidates, than the snapshot")
	}
	if len(raw) == len(d.rows) && math.Abs(d.r.Before-float64(d.combinations(s))) > 1e-6 {
		d.say("the report says another risk before protection than the snapshot")
	}
}

// checkLeft compares how many records are missing with what the report and the profile say.
func (d *release) checkLeft(all int) {
	left := all - len(d.rows)
	if left < 0 || !d.shows(d.r.LeftOut, left) || float64(left) > d.r.Rules["left_out_max"]*float64(all)+1e-9 {
		d.say("other records were left out than the report and the profile say")
	}
}

// candidates is how many rows a participant could be, at least, for whoever knows all keys.
func (d *release) candidates(raw [][]string) int {
	least := len(d.rows)
	for _, cells := range raw {
		n := 0
		for _, class := range d.classes {
			if d.could(d.rows[class[0]], cells) {
				n += len(class)
			}
		}
		if n > 0 { // 0: left out
			least = min(least, n)
		}
	}
	return least
}

// could says whether the keys of a row fit a record.
func (d *release) could(row, cells []string) bool {
	for _, j := range d.keys {
		if row[j] != cells[j] && row[j] != "-96" {
			return false
		}
	}
	return true
}

// fits says whether a row may be a record.
func (d *release) fits(row, cells []string) bool {
	if !d.could(row, cells) {
		return false
	}
	for j, cell := range row {
		e := d.book[d.names[j]]
		switch {
		case e.role == "technical" || hiddenCell(cell) || slices.Contains(d.keys, j) || cell == cells[j]:
		case cell == "-91" && e.filter != "":
		case cells[j] == "" && (cell == "-91" || cell == "-92" || cell == "0" && e.kind == "rank"):
		default:
			return false
		}
	}
	return true
}

// paired gives each row a record of its own (Kuhn's augmenting paths); of very many rows only
// whether each has one.
func (d *release) paired(raw [][]string) bool {
	fits := make([][]int32, len(d.rows))
	for r, row := range d.rows {
		for i, cells := range raw {
			if d.fits(row, cells) {
				if fits[r] = append(fits[r], int32(i)); len(d.rows) > mostPaired {
					break
				}
			}
		}
		if len(fits[r]) == 0 {
			return false
		}
	}
	if len(d.rows) > mostPaired {
		return true
	}
	owner := make([]int, len(raw)) // row of each record, from 1
	var seen []bool
	var find func(r int) bool
	find = func(r int) bool {
		for _, i := range fits[r] {
			if owner[i] == 0 {
				owner[i] = r + 1
				return true
			}
		}
		for _, i := range fits[r] {
			if seen[i] {
				continue
			}
			seen[i] = true
			if find(owner[i] - 1) {
				owner[i] = r + 1
				return true
			}
		}
		return false
	}
	for r := range d.rows {
		seen = make([]bool, len(raw))
		if !find(r) {
			return false
		}
	}
	return true
}

// loss is the normalised certainty penalty of the rows, each key by its weight.
func (d *release) loss(roots []map[string][]string) float64 {
	sum := 0.0
	for _, j := range d.keys {
		name, mine := d.names[j], 0.0
		costs := map[string]float64{"-96": 1}
		for _, row := range d.rows {
			cost, known := costs[row[j]]
			if !known {
				cost = penalty(roots[j], row[j], d.r.Node[name])
				costs[row[j]] = cost
			}
			mine += cost
		}
		mine /= float64(max(1, len(d.rows)))
		if math.Abs(mine-d.r.Losses[name]) > 1e-9 {
			d.say("the report says another loss of %s than the data", name)
		}
		if weight, weighted := d.r.Weights[name]; weighted {
			mine *= weight
		}
		sum += mine
	}
	return sum / float64(max(1, len(d.keys)))
}

// combinations counts the different keys as they were answered.
func (d *release) combinations(s Snapshot) int {
	seen := map[string]bool{}
	for _, a := range s.Records {
		combination := ""
		for _, j := range d.keys {
			leaf := missingKey
			if given := a[d.names[j]]; len(given) == 1 && !reason(given[0]) {
				leaf = given[0]
			}
			combination += strconv.Quote(leaf)
		}
		seen[combination] = true
	}
	return len(seen)
}

// shortest is how long a typed text is that cannot stand in a file by chance.
const shortest = 24

// checkTyped looks in all files, and in the files within them, for texts that somebody typed.
func (d *release) checkTyped(files map[string][]byte, s Snapshot) {
	var labels strings.Builder
	for _, e := range d.book {
		labels.WriteString(e.words)
	}
	typed := map[string][]string{} // by their first bytes
	for _, a := range s.Records {
		for _, given := range a {
			for _, text := range given {
				// What a format would write otherwise than it was typed cuts the text.
				for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r < ' ' || strings.ContainsRune(`<>&"'+;,`, r) }) {
					part = strings.TrimSpace(part)
					if len(part) >= shortest && strings.Contains(part, " ") && !strings.Contains(labels.String(), part) {
						typed[part[:8]] = append(typed[part[:8]], part)
					}
				}
			}
		}
	}
	if len(typed) == 0 {
		return
	}
	for name, body := range files {
		if strings.HasSuffix(name, ".xlsx") {
			body = inflated(body)
		}
		for i := 0; i+shortest <= len(body); i++ {
			for _, text := range typed[string(body[i:i+8])] {
				if bytes.HasPrefix(body[i:], []byte(text)) {
					d.say("%s holds a text that somebody typed", name)
					i = len(body)
					break
				}
			}
		}
	}
}

// inflated joins the files within an archive.
func inflated(body []byte) []byte {
	zr, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return body
	}
	var all []byte
	for _, f := range zr.File {
		part, err := f.Open()
		if err != nil {
			continue
		}
		content, err := io.ReadAll(io.LimitReader(part, largest))
		part.Close()
		if err == nil {
			all = append(all, content...)
		}
	}
	return all
}
