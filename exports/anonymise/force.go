package anonymise

import (
	"math/bits"
	"sort"
)

// force opens a pattern that is not in use, draws into it the records that
// would cost less there, mends what that breaks, and gives the first result
// that costs fewer cells; nil where none does.
func (s *spread) force(work *int) *spread {
	for _, at := range s.closed(work) {
		if *work <= 0 || s.p.halted() {
			return nil
		}
		c := s.clone()
		if !c.draw(at) {
			continue
		}
		c.mend()
		*work -= s.p.price(c) + len(s.p.sizes)
		if !c.fill(nil, nil) && !c.rest() {
			continue
		}
		c.tidy()
		if c.cells < s.cells {
			return c
		}
	}
	return nil
}

// closed lists patterns not in use that could hold k records, those with the
// most records that would gain first.
func (s *spread) closed(work *int) []pattern {
	type prospect struct {
		at         pattern
		could, win int
	}
	at := map[pattern]int{}
	var all []prospect
	whole := uint64(1) << s.p.keys
	*work -= len(s.p.sizes) * int(whole)
	if *work <= 0 {
		return nil
	}
	for mask := uint64(1); mask < whole; mask++ {
		for g, n := range s.p.sizes {
			where := s.p.pattern(g, mask)
			if s.held[where] > 0 {
				continue
			}
			i, ok := at[where]
			if !ok {
				i = len(all)
				at[where] = i
				all = append(all, prospect{at: where})
			}
			all[i].could += n
			for m, placed := range s.placed[g] {
				all[i].win += placed * max(0, bits.OnesCount64(m)-bits.OnesCount64(mask))
			}
		}
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		switch {
		case a.win != b.win:
			return a.win > b.win
		case a.at.mask != b.at.mask:
			return a.at.mask < b.at.mask
		}
		return a.at.rest < b.at.rest
	})
	var out []pattern
	for _, p := range all {
		if p.could >= s.p.k && p.win > 0 {
			out = append(out, p.at)
		}
	}
	return out
}

// draw moves into a pattern every record that costs more where it is, then, up
// to k, others that have to be suppressed anyway, then donors.
func (s *spread) draw(at pattern) bool {
	cost := bits.OnesCount64(at.mask)
	for _, gain := range []bool{true, false} {
		for g := range s.p.sizes {
			if s.p.pattern(g, at.mask) != at {
				continue
			}
			for _, mask := range masksOf(s.placed[g]) {
				n := s.placed[g][mask]
				if mask == 0 || mask == at.mask {
					continue
				}
				if gain && bits.OnesCount64(mask) <= cost || !gain && s.held[at] >= s.p.k {
					continue
				}
				s.put(g, mask, -n)
				s.put(g, at.mask, n)
			}
		}
	}
	need := s.p.k - s.held[at]
	return need <= 0 || s.donate(at, need)
}

// mend dissolves patterns that hold fewer than k records.
func (s *spread) mend() {
	for _, at := range s.open() {
		if s.held[at] >= s.p.k {
			continue
		}
		for g := range s.p.sizes {
			if n := s.placed[g][at.mask]; n > 0 && s.p.pattern(g, at.mask) == at {
				s.release(g, at.mask, n)
			}
		}
	}
}

// release takes records out of a pattern; those of a group that can stand alone
// go home.
func (s *spread) release(g int, mask uint64, n int) {
	s.put(g, mask, -n)
	if s.loose[g]+s.placed[g][0] >= s.p.k {
		s.put(g, 0, s.loose[g])
	}
}
