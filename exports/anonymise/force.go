package anonymise

import (
	"cmp"
	"math/bits"
	"slices"
)

// force opens a pattern that is not in use, draws into it the records that
// would cost less there, mends what that breaks, and keeps the first result
// that costs fewer cells; false where none does.
func (s *spread) force(work *int) bool {
	before := s.cells
	for _, at := range s.closed(work) {
		if *work <= 0 {
			return false
		}
		if s.draw(at) {
			s.mend()
			*work -= s.p.price(s) + len(s.p.sizes)
			if s.fill(-1, nil) || s.rest() {
				s.tidy()
				if s.cells < before {
					return true
				}
			}
		}
		s.back(0)
	}
	return false
}

// closed lists patterns not in use that could hold k records, those with the
// most records that would gain first.
func (s *spread) closed(work *int) []int32 {
	type prospect struct {
		at         int32
		could, win int
	}
	var all []prospect
	whole := uint64(1) << s.p.keys
	*work -= len(s.p.sizes) * int(whole)
	if *work <= 0 {
		return nil
	}
	place := s.p.list()
	for mask := uint64(1); mask < whole; mask++ {
		cost := bits.OnesCount64(mask)
		for g, n := range s.p.sizes {
			at := s.p.pattern(g, mask)
			if s.held[at] > 0 {
				continue
			}
			i, there := place(at, len(all))
			if !there {
				all = append(all, prospect{at: at})
			}
			all[i].could += n
			for _, one := range s.placed[g] {
				all[i].win += one.n * max(0, bits.OnesCount64(one.mask)-cost)
			}
		}
	}
	slices.SortFunc(all, func(a, b prospect) int {
		if c := cmp.Compare(b.win, a.win); c != 0 {
			return c
		}
		return s.p.compare(a.at, b.at)
	})
	var out []int32
	for _, p := range all {
		if p.could >= s.p.k && p.win > 0 {
			out = append(out, p.at)
		}
	}
	return out
}

// draw moves into a pattern every record that costs more where it is, then, up
// to k, others that have to be suppressed anyway, then donors.
func (s *spread) draw(at int32) bool {
	mask := uint64(s.p.masks[at])
	cost := bits.OnesCount64(mask)
	for _, gain := range []bool{true, false} {
		for g := range s.p.sizes {
			if s.p.pattern(g, mask) != at {
				continue
			}
			for _, one := range slices.Clone(s.placed[g]) {
				if one.mask == 0 || one.mask == mask {
					continue
				}
				if gain && bits.OnesCount64(one.mask) <= cost || !gain && int(s.held[at]) >= s.p.k {
					continue
				}
				s.put(g, one.mask, -one.n)
				s.put(g, mask, one.n)
			}
		}
	}
	need := s.p.k - int(s.held[at])
	return need <= 0 || s.donate(at, need)
}

// mend dissolves patterns that hold fewer than k records.
func (s *spread) mend() {
	for _, at := range s.open() {
		if int(s.held[at]) < s.p.k {
			s.dissolve(at)
		}
	}
}

// release takes records out of a pattern; those of a group that can stand alone
// go home.
func (s *spread) release(g int, mask uint64, n int) {
	s.put(g, mask, -n)
	if s.loose[g]+s.under(g, 0) >= s.p.k {
		s.put(g, 0, s.loose[g])
	}
}
