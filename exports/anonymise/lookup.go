package anonymise

import "math/bits"

// lookup numbers combinations of values: a hash table that is emptied at once. Most of the time of
// a search goes here.
type lookup struct {
	slots []slot
	round uint32 // slots of another round are empty
}

type slot struct {
	combination uint64
	round       uint32
	at          int32
}

// newLookup makes room for n combinations.
func newLookup(n int) *lookup { return &lookup{slots: make([]slot, 1<<bits.Len(uint(2*n+1)))} }

// clear empties it.
func (t *lookup) clear() { t.round++ }

// find gives the number of a combination, or keeps next for one that is new.
func (t *lookup) find(combination uint64, next int32) (at int32, there bool) {
	last := uint64(len(t.slots) - 1)
	for i := combination * 0x9e3779b97f4a7c15 >> 20 & last; ; i = (i + 1) & last { // Fibonacci hashing
		s := &t.slots[i]
		if s.round != t.round {
			*s = slot{combination, t.round, next}
			return next, false
		}
		if s.combination == combination {
			return s.at, true
		}
	}
}
