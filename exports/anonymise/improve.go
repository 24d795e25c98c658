package anonymise

import (
	"cmp"
	"math/bits"
	"math/rand/v2"
	"slices"
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
	if !s.fill(-1, noise) {
		if !s.rest() {
			return nil
		}
	}
	s.tidy()
	s.improve(work)
	return s
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

// rest suppresses what is left altogether, with as many others as that takes.
func (s *spread) rest() bool {
	all := uint64(1)<<s.p.keys - 1
	at := s.p.pattern(0, all) // the same for all groups
	loose := 0
	for _, n := range s.loose {
		loose += n
	}
	need := s.p.k - loose - int(s.held[at])
	if need > 0 && !s.donate(at, need) {
		for g := range s.p.sizes {
			for len(s.placed[g]) > 0 {
				s.put(g, s.placed[g][0].mask, -s.placed[g][0].n)
			}
		}
	}
	for g, n := range s.loose {
		if n > 0 {
			s.put(g, all, n)
		}
	}
	return int(s.held[at]) >= s.p.k
}

// tidy sends records back to where they cost less: donors that are no longer
// needed, and records that fit a cheaper pattern which is open by now.
func (s *spread) tidy() {
	var was []share
	for changed := true; changed; {
		changed = false
		for g := range s.p.sizes {
			if all := s.placed[g]; len(all) == 1 && all[0].mask == 0 {
				continue
			}
			was = append(was[:0], s.placed[g]...)
			for _, one := range was {
				whole := int(s.held[s.p.pattern(g, one.mask)])
				has := s.under(g, one.mask)
				n := min(has, whole-s.p.k)
				if has == whole {
					n = whole // the pattern may go altogether
				}
				if n <= 0 || one.mask == 0 {
					continue
				}
				if to, ok := s.cheaper(g, one.mask); ok {
					s.put(g, one.mask, -n)
					s.put(g, to, n)
					changed = true
				}
			}
		}
	}
}

// cheaper finds an open pattern of a group with fewer suppressed keys.
func (s *spread) cheaper(g int, mask uint64) (uint64, bool) {
	most := bits.OnesCount64(mask)
	for sub, at := range s.p.table[g<<s.p.keys : (g+1)<<s.p.keys] {
		if int(s.held[at]) >= s.p.k && bits.OnesCount64(uint64(sub)) < most {
			return uint64(sub), true
		}
	}
	return 0, false
}

// improve closes one pattern after the other and places its records anew,
// keeping what costs fewer cells, until nothing does.
func (s *spread) improve(work *int) {
	for better := true; better; better = s.step(work) || s.force(work) {
		s.moves = s.moves[:0] // for good
	}
}

func (s *spread) step(work *int) bool {
	before := s.cells
	for _, at := range s.open() {
		if *work <= 0 {
			return false
		}
		s.dissolve(at)
		*work -= s.p.price(s) + len(s.p.sizes)
		if s.fill(at, nil) {
			s.tidy()
			if s.cells < before {
				return true
			}
		}
		s.back(0)
	}
	return false
}

// dissolve takes all records out of a pattern.
func (s *spread) dissolve(at int32) {
	mask := uint64(s.p.masks[at])
	for g := range s.p.sizes {
		if s.p.pattern(g, mask) != at {
			continue
		}
		if n := s.under(g, mask); n > 0 {
			s.release(g, mask, n)
		}
	}
}

// open lists the patterns in use that suppress something, the smallest first.
func (s *spread) open() []int32 {
	var out []int32
	place := s.p.list()
	for g, all := range s.placed {
		for _, one := range all {
			at := s.p.pattern(g, one.mask)
			if _, there := place(at, 0); one.mask != 0 && !there {
				out = append(out, at)
			}
		}
	}
	slices.SortFunc(out, func(a, b int32) int {
		if c := cmp.Compare(s.held[a], s.held[b]); c != 0 {
			return c
		}
		return s.p.compare(a, b)
	})
	return out
}
