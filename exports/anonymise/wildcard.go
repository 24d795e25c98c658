package anonymise

import "slices"

// WildcardMasks suppresses single cells until every row matches at least k rows where a suppressed
// cell, on either side, matches anything, and says for each row which, as bits: the lowest is the
// first key. It is what programs do that count like sdcMicro, and is for comparison only: Candidates
// tells how many of the rows an attacker is left with (sdcMicro issues 225 and 352).
//
// Rows are taken in the order of their values, so that the order of the file decides nothing; of
// each the cell goes whose absence lets the row match most others.
// Fewer rows than k give nil.
func WildcardMasks(cells [][]string, k int) []uint64 {
	if len(cells) < k {
		return nil
	}
	w := wild{cells: coded32(cells), masks: make([]uint64, len(cells)), match: Wildcard(cells, func(string) bool { return false })}
	order := make([]int, len(cells))
	for r := range order {
		order[r] = r
	}
	slices.SortStableFunc(order, func(a, b int) int { return slices.Compare(cells[a], cells[b]) })
	for _, r := range order {
		for w.match[r] < k {
			best, most := 0, -1
			for j := range cells[r] {
				if w.masks[r]>>j&1 == 1 {
					continue
				}
				if n := w.count(r, w.masks[r]|1<<j); n > most {
					best, most = j, n
				}
			}
			w.suppress(r, best)
		}
	}
	return w.masks
}

// wild is a file under wildcard suppression.
type wild struct {
	cells [][]uint32
	masks []uint64
	match []int // rows that each row matches, itself among them
}

// fit says whether row r, with a mask of its own, matches row s.
func (w *wild) fit(r, s int, mask uint64) bool {
	mask |= w.masks[s]
	for j, cell := range w.cells[r] {
		if mask>>j&1 == 0 && cell != w.cells[s][j] {
			return false
		}
	}
	return true
}

func (w *wild) count(r int, mask uint64) (n int) {
	for s := range w.cells {
		if w.fit(r, s, mask) {
			n++
		}
	}
	return n
}

// suppress takes a cell of row r; the rows it now matches match one more, too.
func (w *wild) suppress(r, j int) {
	mask := w.masks[r] | 1<<j
	for s := range w.cells {
		if s != r && w.fit(r, s, mask) && !w.fit(r, s, w.masks[r]) {
			w.match[r]++
			w.match[s]++
		}
	}
	w.masks[r] = mask
}

// coded32 codes the cells of each column.
func coded32(cells [][]string) [][]uint32 {
	out := make([][]uint32, len(cells))
	var codes []map[string]uint32
	for r, row := range cells {
		for j, cell := range row {
			if j == len(codes) {
				codes = append(codes, map[string]uint32{})
			}
			code, ok := codes[j][cell]
			if !ok {
				code = uint32(len(codes[j]))
				codes[j][cell] = code
			}
			out[r] = append(out[r], code)
		}
	}
	return out
}
