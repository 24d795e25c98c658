package nominate

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"strconv"

	"rondo/storage/identity"
)

// MostFirms is how many rows the list of an office may have.
const MostFirms = 20_000

// Exclusions are the reasons for which a drawn row may be left out.
var Exclusions = []string{"gone", "no_contact", "twice", "no_work", "declined"}

// Order gives the rows 1 to firms of a list in the order in which they are drawn. Every row has a
// ticket, SHA-256 of "seed:row" in decimal digits, and the rows follow one another by their tickets;
// so each order is equally likely to whoever does not know the seed, whoever knows it can repeat the
// draw with sha256sum, and a replacement is the next row.
// Source: R. L. Rivest, Consistent Sampling with Replacement, 2018 (arXiv:1808.10016), first tickets.
func Order(seed string, firms int) []int {
	type ticket struct {
		number [sha256.Size]byte
		row    int
	}
	tickets := make([]ticket, max(0, min(firms, MostFirms)))
	text := append([]byte(seed), ':')
	for i := range tickets {
		tickets[i] = ticket{sha256.Sum256(strconv.AppendInt(text, int64(i+1), 10)), i + 1}
	}
	slices.SortFunc(tickets, func(a, b ticket) int { return bytes.Compare(a.number[:], b.number[:]) })
	rows := make([]int, len(tickets))
	for i, t := range tickets {
		rows[i] = t.row
	}
	return rows
}

// Draw gives the first wanted rows of an order that are not out.
func Draw(order []int, wanted int, out map[int]bool) []int {
	var rows []int
	for _, row := range order {
		if len(rows) >= wanted {
			break
		}
		if !out[row] {
			rows = append(rows, row)
		}
	}
	return rows
}

// DefaultDraw is how many rows are drawn for an office that may name any number.
const DefaultDraw = 10

// Drawn is what the draw of an office has come to. Rows that are left out, and rows whose employer
// is not invited through this office, have been replaced by the next ones.
type Drawn struct {
	Rows []int        // all that count now, in the order in which they were drawn
	Open map[int]bool // those of them whose employer is not named yet
	Out  map[int]bool // those that were replaced
}

// DrawnOf says what the draw of an office has come to; it is nil for an office that picks. nominations
// are the office's own.
func DrawnOf(s identity.Selection, quota int, exclusions []identity.Exclusion, nominations []identity.Nomination) *Drawn {
	if s.Mode != "drawn" {
		return nil
	}
	if quota <= 0 {
		quota = DefaultDraw
	}
	d := &Drawn{Open: map[int]bool{}, Out: map[int]bool{}}
	for _, e := range exclusions {
		d.Out[e.ListRow] = true
	}
	named := map[int]bool{}
	for _, n := range nominations {
		switch {
		case n.OfficeID != s.OfficeID || n.ListRow == 0 || n.State == "withdrawn":
		case Counts(n):
			named[n.ListRow] = true
		default:
			d.Out[n.ListRow] = true
		}
	}
	d.Rows = Draw(Order(s.Seed, s.Firms), quota, d.Out)
	for _, row := range d.Rows {
		if !named[row] {
			d.Open[row] = true
		}
	}
	return d
}
