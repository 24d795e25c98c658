package anonymise

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"sort"
)

// puzzle is one instance of strict local suppression: groups of equal records,
// each to be placed under patterns (a set of suppressed keys and the values
// left) such that every pattern in use holds at least k records.
type puzzle struct {
	k, keys int
	sizes   []int
	parts   [][]uint64
	halt    func() bool // nil: never; once it says true, what is found is worth nothing
}

func (p *puzzle) halted() bool { return p.halt != nil && p.halt() }

// pattern is a mask of suppressed keys and the values of the others.
type pattern struct{ mask, rest uint64 }

func (p *puzzle) pattern(g int, mask uint64) pattern {
	out := pattern{mask: mask}
	for j, part := range p.parts[g] {
		if mask>>j&1 == 0 {
			out.rest += part
		}
	}
	return out
}

// spread is a way to place all records: by group, how many under which mask.
type spread struct {
	p      *puzzle
	placed []map[uint64]int
	loose  []int // records of each group not placed yet
	held   map[pattern]int
	cells  int
}

func (p *puzzle) empty() *spread {
	s := &spread{p: p, placed: make([]map[uint64]int, len(p.sizes)), loose: make([]int, len(p.sizes)), held: map[pattern]int{}}
	for g, n := range p.sizes {
		s.placed[g] = map[uint64]int{}
		s.loose[g] = n
		if n >= p.k {
			s.put(g, 0, n)
		}
	}
	return s
}

// put places n loose records of a group; a negative n takes them out again.
func (s *spread) put(g int, mask uint64, n int) {
	s.loose[g] -= n
	s.placed[g][mask] += n
	if s.placed[g][mask] == 0 {
		delete(s.placed[g], mask)
	}
	at := s.p.pattern(g, mask)
	s.held[at] += n
	if s.held[at] == 0 {
		delete(s.held, at)
	}
	s.cells += n * bits.OnesCount64(mask)
}

func (s *spread) clone() *spread {
	c := &spread{p: s.p, loose: slices.Clone(s.loose), held: make(map[pattern]int, len(s.held)), cells: s.cells, placed: make([]map[uint64]int, len(s.placed))}
	for g, m := range s.placed {
		c.placed[g] = make(map[uint64]int, len(m))
		for k, v := range m {
			c.placed[g][k] = v
		}
	}
	for k, v := range s.held {
		c.held[k] = v
	}
	return c
}

// take hands out one record of a group: the mask it is placed under, smallest
// first, so that rows get their masks in file order.
func (s *spread) take(g int) uint64 {
	first, found := uint64(0), false
	for mask := range s.placed[g] {
		if !found || mask < first {
			first, found = mask, true
		}
	}
	if s.placed[g][first]--; s.placed[g][first] == 0 {
		delete(s.placed[g], first)
	}
	return first
}

// offer is a pattern that could take in loose records.
type offer struct {
	at     pattern
	loose  int // records it would place
	need   int // donors from groups that could stay as they are
	groups []int
	worth  float64
}

// fill places every loose record, the best offer per suppressed cell first. It
// says false where that is impossible. Banned is a pattern not to be used;
// noise, where not nil, makes the choice vary.
func (s *spread) fill(banned *pattern, noise *rand.Rand) bool {
	for _, stage := range s.p.stages() {
		for {
			offers := s.offers(stage, banned, noise)
			used := 0
			for _, o := range offers {
				if s.accept(o) {
					used++
				}
			}
			if used == 0 {
				break
			}
		}
	}
	for _, n := range s.loose {
		if n > 0 {
			return false
		}
	}
	return true
}

// stages lists the masks to look at together: all at once, or, where that would
// be too much at a time, by the number of keys suppressed.
func (p *puzzle) stages() [][]uint64 {
	whole := uint64(1) << p.keys
	by := make([][]uint64, p.keys+1)
	for mask := uint64(1); mask < whole; mask++ {
		n := bits.OnesCount64(mask)
		by[n] = append(by[n], mask)
	}
	if uint64(len(p.sizes))*whole > 4_000_000 {
		return by[1:]
	}
	return [][]uint64{slices.Concat(by[1:]...)}
}

func (s *spread) offers(masks []uint64, banned *pattern, noise *rand.Rand) []offer {
	var out []offer
	for _, mask := range masks {
		if s.p.halted() {
			return nil
		}
		at := map[pattern]int{}
		first := len(out)
		for g, n := range s.loose {
			if n == 0 {
				continue
			}
			where := s.p.pattern(g, mask)
			if banned != nil && *banned == where {
				continue
			}
			i, ok := at[where]
			if !ok {
				i = len(out)
				at[where] = i
				out = append(out, offer{at: where})
			}
			out[i].loose += n
			out[i].groups = append(out[i].groups, g)
		}
		for i := first; i < len(out); i++ {
			o := &out[i]
			o.need = max(0, s.p.k-o.loose-s.held[o.at])
			o.worth = float64(o.loose) / float64(bits.OnesCount64(mask)*(o.loose+o.need))
			if noise != nil {
				o.worth *= 1 + noise.Float64()/2
			}
		}
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		switch {
		case a.worth != b.worth:
			return a.worth > b.worth
		case a.loose != b.loose:
			return a.loose > b.loose
		case a.at.mask != b.at.mask:
			return a.at.mask < b.at.mask
		}
		return a.at.rest < b.at.rest
	})
	return out
}

// accept carries an offer out if it still stands as it was made.
func (s *spread) accept(o offer) bool {
	loose := 0
	for _, g := range o.groups {
		loose += s.loose[g]
	}
	need := max(0, s.p.k-loose-s.held[o.at])
	if loose != o.loose || need != o.need {
		return false
	}
	if need > 0 && !s.donate(o.at, need) {
		return false
	}
	for _, g := range o.groups {
		s.put(g, o.at.mask, s.loose[g])
	}
	return true
}

// donate moves records of groups that could stay unsuppressed under a pattern:
// what groups have above k first, then whole groups, the smallest first.
func (s *spread) donate(at pattern, need int) bool {
	var donors []int
	for g := range s.p.sizes {
		if s.placed[g][0] > 0 && s.p.pattern(g, at.mask) == at {
			donors = append(donors, g)
		}
	}
	gifts := map[int]int{}
	for _, g := range donors {
		if spare := min(need, s.placed[g][0]-s.p.k); spare > 0 {
			gifts[g] = spare
			need -= spare
		}
	}
	sort.SliceStable(donors, func(i, j int) bool { return s.placed[donors[i]][0] < s.placed[donors[j]][0] })
	for _, g := range donors {
		if need <= 0 {
			break
		}
		need -= s.placed[g][0] - gifts[g]
		gifts[g] = s.placed[g][0]
	}
	if need > 0 {
		return false
	}
	for _, g := range donors {
		if n := gifts[g]; n > 0 {
			s.put(g, 0, -n)
			s.put(g, at.mask, n)
		}
	}
	return true
}
