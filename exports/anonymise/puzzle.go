package anonymise

import (
	"cmp"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// puzzle is one instance of strict local suppression: groups of equal records,
// each to be placed under patterns (a set of suppressed keys and the values
// left) such that every pattern in use holds at least k records. A pattern has
// a number; those of fewer keys suppressed do not come first.
type puzzle struct {
	k, keys int
	sizes   []int
	parts   [][]uint64

	table  []int32    // by group and mask: number of the pattern
	first  []int32    // by pattern: a group that has it
	masks  []uint16   // by pattern: its suppressed keys
	stages [][]uint64 // masks that are looked at together
	slots  []int32    // by pattern: place in a list under way
	turns  []int32    // by pattern: the list that the place belongs to
	turn   int32
}

// number gives each pattern its number.
func (p *puzzle) number() {
	whole := 1 << p.keys
	p.table = make([]int32, len(p.sizes)*whole)
	t := newLookup(len(p.sizes))
	for mask := range whole {
		t.clear()
		for g := range p.sizes {
			rest := p.rest(g, uint64(mask))
			at, there := t.find(rest, int32(len(p.first)))
			if !there {
				p.first, p.masks = append(p.first, int32(g)), append(p.masks, uint16(mask))
			}
			p.table[g*whole+mask] = at
		}
	}
	p.slots, p.turns = make([]int32, len(p.first)), make([]int32, len(p.first))
	p.stages = p.staged()
}

// pattern is the number of the pattern of a group under a mask.
func (p *puzzle) pattern(g int, mask uint64) int32 { return p.table[g<<p.keys|int(mask)] }

// rest sums the values of the keys that a mask leaves.
func (p *puzzle) rest(g int, mask uint64) (sum uint64) {
	for j, part := range p.parts[g] {
		if mask>>j&1 == 0 {
			sum += part
		}
	}
	return sum
}

// compare orders patterns by their masks, then by the values left.
func (p *puzzle) compare(a, b int32) int {
	if c := cmp.Compare(p.masks[a], p.masks[b]); c != 0 {
		return c
	}
	return cmp.Compare(p.rest(int(p.first[a]), uint64(p.masks[a])), p.rest(int(p.first[b]), uint64(p.masks[b])))
}

// list begins a list of patterns: the function gives the place of a pattern in it, and whether it
// has one already; next is the place it gets otherwise.
func (p *puzzle) list() func(at int32, next int) (place int, there bool) {
	p.turn++
	turn := p.turn
	return func(at int32, next int) (int, bool) {
		if p.turns[at] == turn {
			return int(p.slots[at]), true
		}
		p.turns[at], p.slots[at] = turn, int32(next)
		return next, false
	}
}

// spread is a way to place all records.
type spread struct {
	p      *puzzle
	placed [][]share // by group, the fewest suppressed keys first
	loose  []int     // records of each group not placed yet
	held   []int32   // records by pattern
	cells  int
	moves  []move // since the beginning, to take back
}

// share is how many records of a group stand under a mask.
type share struct {
	mask uint64
	n    int
}

type move struct {
	g int
	share
}

func (p *puzzle) empty() *spread {
	s := &spread{p: p, placed: make([][]share, len(p.sizes)), loose: slices.Clone(p.sizes), held: make([]int32, len(p.first))}
	for g, n := range p.sizes {
		if n >= p.k {
			s.put(g, 0, n)
		}
	}
	s.moves = s.moves[:0]
	return s
}

// put places n loose records of a group; a negative n takes them out again.
func (s *spread) put(g int, mask uint64, n int) {
	s.moves = append(s.moves, move{g, share{mask, n}})
	s.move(g, mask, n)
}

func (s *spread) move(g int, mask uint64, n int) {
	s.loose[g] -= n
	all := s.placed[g]
	i := 0
	for i < len(all) && all[i].mask < mask {
		i++
	}
	if i == len(all) || all[i].mask != mask {
		all = slices.Insert(all, i, share{mask: mask})
	}
	if all[i].n += n; all[i].n == 0 {
		all = slices.Delete(all, i, i+1)
	}
	s.placed[g] = all
	s.held[s.p.pattern(g, mask)] += int32(n)
	s.cells += n * bits.OnesCount64(mask)
}

// under is how many records of a group stand under a mask.
func (s *spread) under(g int, mask uint64) int {
	for _, one := range s.placed[g] {
		if one.mask == mask {
			return one.n
		}
	}
	return 0
}

// back takes back the moves after the first so many.
func (s *spread) back(to int) {
	for i := len(s.moves) - 1; i >= to; i-- {
		m := s.moves[i]
		s.move(m.g, m.mask, -m.n)
	}
	s.moves = s.moves[:to]
}

// take hands out one record of a group: the mask it is placed under, smallest
// first, so that rows get their masks in file order.
func (s *spread) take(g int) uint64 {
	first := s.placed[g][0].mask
	s.move(g, first, -1)
	return first
}

// offer is a pattern that could take in loose records.
type offer struct {
	at    int32
	last  int32 // the last of the groups in the list of links, counted from 1
	loose int   // records it would place
	need  int   // donors from groups that could stay as they are
	worth float64
}

// link is a group of an offer and the link before it, counted from 1; 0: none.
type link struct{ g, before int32 }

// fill places every loose record, the best offer per suppressed cell first. It
// says false where that is impossible. Banned is a pattern not to be used, -1
// where all may be; noise, where not nil, makes the choice vary.
func (s *spread) fill(banned int32, noise *rand.Rand) bool {
	for _, stage := range s.p.stages {
		for {
			offers, links := s.offers(stage, banned, noise)
			used := 0
			for _, o := range offers {
				if s.accept(o, links) {
					used++
				}
			}
			if used == 0 {
				break
			}
		}
	}
	return !slices.ContainsFunc(s.loose, func(n int) bool { return n > 0 })
}

// staged lists the masks to look at together: all at once, or, where that would
// be too much at a time, by the number of keys suppressed.
func (p *puzzle) staged() [][]uint64 {
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

func (s *spread) offers(masks []uint64, banned int32, noise *rand.Rand) (out []offer, links []link) {
	var loose []int
	for g, n := range s.loose {
		if n != 0 {
			loose = append(loose, g)
		}
	}
	if len(loose) == 0 {
		return nil, nil
	}
	place := s.p.list()
	for _, mask := range masks {
		first := len(out)
		for _, g := range loose {
			at := s.p.pattern(g, mask)
			if at == banned {
				continue
			}
			i, there := place(at, len(out))
			if !there {
				out = append(out, offer{at: at})
			}
			links = append(links, link{int32(g), out[i].last})
			out[i].loose, out[i].last = out[i].loose+s.loose[g], int32(len(links))
		}
		for i := first; i < len(out); i++ {
			o := &out[i]
			o.need = max(0, s.p.k-o.loose-int(s.held[o.at]))
			o.worth = float64(o.loose) / float64(bits.OnesCount64(mask)*(o.loose+o.need))
			if noise != nil {
				o.worth *= 1 + noise.Float64()/2
			}
		}
	}
	slices.SortFunc(out, func(a, b offer) int {
		switch {
		case a.worth != b.worth:
			return cmp.Compare(b.worth, a.worth)
		case a.loose != b.loose:
			return cmp.Compare(b.loose, a.loose)
		}
		return s.p.compare(a.at, b.at)
	})
	return out, links
}

// accept carries an offer out if it still stands as it was made.
func (s *spread) accept(o offer, links []link) bool {
	loose := 0
	for i := o.last; i > 0; i = links[i-1].before {
		loose += s.loose[links[i-1].g]
	}
	need := max(0, s.p.k-loose-int(s.held[o.at]))
	if loose != o.loose || need != o.need {
		return false
	}
	if need > 0 && !s.donate(o.at, need) {
		return false
	}
	for i := o.last; i > 0; i = links[i-1].before {
		g := int(links[i-1].g)
		s.put(g, uint64(s.p.masks[o.at]), s.loose[g])
	}
	return true
}

// donate moves records of groups that could stay unsuppressed under a pattern:
// what groups have above k first, then whole groups, the smallest first.
func (s *spread) donate(at int32, need int) bool {
	mask := uint64(s.p.masks[at])
	type donor struct{ g, has, gift int }
	var donors []donor
	for g, placed := range s.placed {
		if len(placed) > 0 && placed[0].mask == 0 && s.p.pattern(g, mask) == at {
			donors = append(donors, donor{g: g, has: placed[0].n})
		}
	}
	for i, d := range donors {
		if spare := min(need, d.has-s.p.k); spare > 0 {
			donors[i].gift = spare
			need -= spare
		}
	}
	slices.SortStableFunc(donors, func(a, b donor) int { return cmp.Compare(a.has, b.has) })
	for i, d := range donors {
		if need <= 0 {
			break
		}
		need -= d.has - d.gift
		donors[i].gift = d.has
	}
	if need > 0 {
		return false
	}
	for _, d := range donors {
		if d.gift > 0 {
			s.put(d.g, 0, -d.gift)
			s.put(d.g, mask, d.gift)
		}
	}
	return true
}
