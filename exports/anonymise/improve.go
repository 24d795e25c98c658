package anonymise

import (
	"math/bits"
	"math/rand/v2"
	"sort"
)

// Effort of the search for fewer suppressed cells: how often it starts anew,
// and how much work it may do altogether. Both only bound time; every answer is
// strict.
const (
	restarts = 20
	effort   = 80_000_000
)

// solve gives a good strict solution, nil where there is none; work is how much
// may be spent on making it better.
func (p *puzzle) solve(work int) *spread {
	best := p.attempt(nil, &work)
	if best == nil || best.cells == 0 {
		return best
	}
	for i := range restarts {
		if work <= 0 {
			break
		}
		s := p.attempt(rand.New(rand.NewPCG(uint64(i), 2015)), &work)
		if s != nil && s.cells < best.cells {
			best = s
		}
	}
	return best
}

func (p *puzzle) attempt(noise *rand.Rand, work *int) *spread {
	s := p.empty()
	*work -= p.price(s)
	if !s.fill(nil, noise) {
		if !s.rest() {
			return nil
		}
	}
	s.tidy()
	return s.improve(work)
}

// price estimates the work of placing the loose records of a spread once.
func (p *puzzle) price(s *spread) int {
	loose := 0
	for _, n := range s.loose {
		if n > 0 {
			loose++
		}
	}
	return (loose + 1) * (1 << min(p.keys, 20)) * (p.keys + 1)
}

// rest suppresses what is left altogether, with as many others as that takes: donors, else whole
// patterns, the smallest first, else all there are.
func (s *spread) rest() bool {
	all := uint64(1)<<s.p.keys - 1
	at := pattern{mask: all}
	loose := 0
	for _, n := range s.loose {
		loose += n
	}
	need := s.p.k - loose - s.held[at]
	if need > 0 && !s.donate(at, need) {
		for _, small := range s.open() {
			if need > 0 && small != at {
				need -= s.held[small]
				s.empty(small)
			}
		}
		for g := range s.p.sizes {
			if n := s.placed[g][0]; n > 0 && need > 0 {
				s.put(g, 0, -n)
				need -= n
			}
		}
	}
	for g, n := range s.loose {
		if n > 0 {
			s.put(g, all, n)
		}
	}
	return s.held[at] >= s.p.k
}

// empty takes all records out of a pattern.
func (s *spread) empty(at pattern) {
	for g := range s.p.sizes {
		if n := s.placed[g][at.mask]; n > 0 && s.p.pattern(g, at.mask) == at {
			s.put(g, at.mask, -n)
		}
	}
}

// tidy sends records back to where they cost less: donors that are no longer
// needed, and records that fit a cheaper pattern which is open by now.
func (s *spread) tidy() {
	for changed := true; changed; {
		changed = false
		for g := range s.p.sizes {
			for _, mask := range masksOf(s.placed[g]) {
				spare := s.held[s.p.pattern(g, mask)] - s.p.k
				n := min(s.placed[g][mask], spare)
				if whole := s.held[s.p.pattern(g, mask)]; s.placed[g][mask] == whole {
					n = whole // the pattern may go altogether
				}
				if n <= 0 || mask == 0 {
					continue
				}
				if to, ok := s.cheaper(g, mask); ok {
					s.put(g, mask, -n)
					s.put(g, to, n)
					changed = true
				}
			}
		}
	}
}

// cheaper finds an open pattern of a group with fewer suppressed keys.
func (s *spread) cheaper(g int, mask uint64) (uint64, bool) {
	for sub := uint64(0); sub < uint64(1)<<s.p.keys; sub++ {
		if bits.OnesCount64(sub) < bits.OnesCount64(mask) && s.held[s.p.pattern(g, sub)] >= s.p.k {
			return sub, true
		}
	}
	return 0, false
}

func masksOf(m map[uint64]int) []uint64 {
	out := make([]uint64, 0, len(m))
	for mask := range m {
		out = append(out, mask)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// improve closes one pattern after the other and places its records anew,
// keeping what costs fewer cells, until nothing does.
func (s *spread) improve(work *int) *spread {
	for {
		better := s.step(work)
		if better == nil {
			better = s.force(work)
		}
		if better == nil {
			return s
		}
		s = better
	}
}

func (s *spread) step(work *int) *spread {
	for _, at := range s.open() {
		if *work <= 0 || s.p.halted() {
			return nil
		}
		c := s.clone()
		for g := range s.p.sizes {
			if n := c.placed[g][at.mask]; n > 0 && s.p.pattern(g, at.mask) == at {
				c.release(g, at.mask, n)
			}
		}
		*work -= s.p.price(c) + len(s.p.sizes)
		if !c.fill(&at, nil) {
			continue
		}
		c.tidy()
		if c.cells < s.cells {
			return c
		}
	}
	return nil
}

// open lists the patterns in use that suppress something, the smallest first.
func (s *spread) open() []pattern {
	var out []pattern
	for at := range s.held {
		if at.mask != 0 {
			out = append(out, at)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if s.held[a] != s.held[b] {
			return s.held[a] < s.held[b]
		}
		if a.mask != b.mask {
			return a.mask < b.mask
		}
		return a.rest < b.rest
	})
	return out
}
