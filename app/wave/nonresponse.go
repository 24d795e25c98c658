package wave

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"rondo/storage/identity"
)

// LeastCell is how many must have been invited in a cell of the non-response for it to be told.
const LeastCell = 10

// dimensions are what the non-response is broken down by, in the order in which it is shown.
var dimensions = []struct {
	name  string
	value func(e identity.Participant, group map[string]string) string
}{
	{"all", func(identity.Participant, map[string]string) string { return "all" }},
	{"group", func(e identity.Participant, group map[string]string) string { return group[e.OfficeID] }},
	{"size", func(e identity.Participant, _ map[string]string) string { return e.Size }},
	{"branch", func(e identity.Participant, _ map[string]string) string { return e.Branch }},
	{"language", func(e identity.Participant, _ map[string]string) string { return e.Language }},
	{"selection", func(e identity.Participant, _ map[string]string) string { return e.Selection }},
}

// few is the cell of all values with too few invited; no code of a questionnaire is called so.
const few = "*few"

// nonResponse counts invited by outcome, one dimension at a time: never two together. Values with
// fewer than LeastCell invited are counted together, and where that is still too few the next
// smallest joins them. Invited are exact, since they are the sender's own list; outcomes are
// rounded down to a multiple of five, as all counts of an anonymous population (design §3.9).
// group is the feedback group of each office.
func nonResponse(employers []identity.Participant, group map[string]string) []identity.Outcomes {
	var cells []identity.Outcomes
	for _, d := range dimensions {
		by := map[string]*identity.Outcomes{}
		for _, e := range employers {
			value := d.value(e, group)
			if by[value] == nil {
				by[value] = &identity.Outcomes{WaveID: e.WaveID, Dimension: d.name, Value: value}
			}
			tally(by[value], e.State)
		}
		cells = append(cells, told(by)...)
	}
	return cells
}

func tally(cell *identity.Outcomes, state string) {
	cell.Invited++
	switch state {
	case "done":
		cell.Submitted++
	case "refused", "wrong_person":
		cell.Refused++
	case "undeliverable":
		cell.Undeliverable++
	default:
		cell.Silent++
	}
}

// told gives the cells that may be told, by value, with few at the end.
func told(by map[string]*identity.Outcomes) []identity.Outcomes {
	values := sortedKeys(by)
	slices.SortStableFunc(values, func(a, b string) int { return by[a].Invited - by[b].Invited })
	var small identity.Outcomes
	var kept []identity.Outcomes
	for _, value := range values {
		cell := *by[value]
		if cell.Invited < LeastCell || (small.Invited > 0 && small.Invited < LeastCell) || value == "" {
			small = identity.Outcomes{
				WaveID: cell.WaveID, Dimension: cell.Dimension, Value: few, Invited: small.Invited + cell.Invited,
				Submitted: small.Submitted + cell.Submitted, Refused: small.Refused + cell.Refused,
				Undeliverable: small.Undeliverable + cell.Undeliverable, Silent: small.Silent + cell.Silent,
			}
			continue
		}
		kept = append(kept, cell)
	}
	if small.Invited >= LeastCell {
		kept = append(kept, small)
	}
	for i := range kept {
		c := &kept[i]
		c.Submitted, c.Refused, c.Undeliverable, c.Silent = floor5(c.Submitted), floor5(c.Refused), floor5(c.Undeliverable), floor5(c.Silent)
	}
	return inOrder(kept)
}

// inOrder sorts cells as they are shown: dimensions, then values by the number they begin with, few
// at the end.
func inOrder(cells []identity.Outcomes) []identity.Outcomes {
	place := map[string]int{}
	for i, d := range dimensions {
		place[d.name] = i
	}
	rank := func(c identity.Outcomes) int {
		if c.Value == few {
			return math.MaxInt
		}
		return leading(c.Value)
	}
	slices.SortFunc(cells, func(a, b identity.Outcomes) int {
		return cmp.Or(place[a.Dimension]-place[b.Dimension], cmp.Compare(rank(a), rank(b)), strings.Compare(a.Value, b.Value))
	})
	return cells
}

// leading is the number a code begins with, such as a size class or, after its letter, a group; 0
// where there is none.
func leading(code string) int {
	digits := strings.TrimLeft(code, "G")
	end := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
	if end >= 0 {
		digits = digits[:end]
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// NonResponse tells what became of the employers' invitations, by one attribute of the frame at a
// time. It is computed on the identity side alone, and only after close, when nothing of it
// changes any more; of an archived wave it is what was kept. Before close it is empty.
func (s *Service) NonResponse(ctx context.Context, waveID string) ([]identity.Outcomes, error) {
	w, err := s.Store.Identity.WaveByID(ctx, waveID)
	if err != nil {
		return nil, fmt.Errorf("wave: %w", err)
	}
	if w.State == "archived" {
		cells, err := s.Store.Identity.NonResponse(ctx, waveID)
		return inOrder(cells), err
	}
	p, err := s.Store.Identity.Population(ctx, waveID, "employer")
	if err != nil || p.State != "closed" {
		return nil, err
	}
	employers, err := s.Store.Identity.Participants(ctx, waveID, "employer")
	if err != nil {
		return nil, fmt.Errorf("employers: %w", err)
	}
	group, err := s.groupOf(ctx, waveID)
	if err != nil {
		return nil, err
	}
	return nonResponse(employers, group), nil
}
