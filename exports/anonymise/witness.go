package anonymise

import "math/bits"

// witnesses are raw combinations that stood in too small a class at some node of a search. Most nodes
// that fail do so for the sake of few of them, and the size of one class takes far less time than
// that of all: a bit for each combination says whether it is alike by one key, and what is alike by
// every key is the class.
type witnesses struct {
	f     *Frame
	codes [][]uint32 // by key: of each raw combination
	known []int32    // at most mostWitnesses, the last that told first
	alike map[value][]uint64
	class []uint64
}

// value is a code of a key at a level.
type value struct {
	key, level int
	code       uint32
}

// mostWitnesses bounds the memory: a witness has len(f.base)/8 bytes for each level of each key.
const mostWitnesses = 32

// tell says whether a witness is in a class smaller than k, and of more than most records, at some levels.
func (w *witnesses) tell(levels []int, k, most int) bool {
	for i, one := range w.known {
		if n := w.size(one, levels, k); n < k && n > most {
			copy(w.known[1:i+1], w.known[:i])
			w.known[0] = one
			return true
		}
	}
	return false
}

// size is how many records are in the class of a raw combination, or at least enough of them.
func (w *witnesses) size(one int32, levels []int, enough int) int {
	for j := range w.f.keys {
		alike := w.of(value{j, levels[j], w.f.keys[j].rise(w.codes[j][one], levels[j])})
		if j == 0 {
			w.class = append(w.class[:0], alike...)
			continue
		}
		for i := range w.class {
			w.class[i] &= alike[i]
		}
	}
	n := 0
	for i, word := range w.class {
		for ; word != 0 && n < enough; word &= word - 1 {
			n += w.f.base[i*64+bits.TrailingZeros64(word)].n
		}
	}
	return n
}

// of has a bit for each raw combination: whether it has a value.
func (w *witnesses) of(v value) []uint64 {
	if alike, known := w.alike[v]; known {
		return alike
	}
	c, alike := w.f.keys[v.key], make([]uint64, (len(w.f.base)+63)/64)
	has := make([]uint64, c.size)
	for code := range has {
		if c.rise(uint32(code), v.level) == v.code {
			has[code] = 1
		}
	}
	for i, code := range w.codes[v.key] {
		alike[i/64] |= has[code] << (i % 64)
	}
	if w.alike == nil {
		w.alike = map[value][]uint64{}
	}
	w.alike[v] = alike
	return alike
}

// add takes the first of the classes of a node, each with a raw combination that is in it, that has
// fewer than k records and more than most.
func (w *witnesses) add(groups []group, reps []int32, k, most int) {
	for i, g := range groups {
		if g.n >= k || g.n <= most {
			continue
		}
		if len(w.known) < mostWitnesses {
			w.known = append(w.known, 0)
		}
		copy(w.known[1:], w.known)
		w.known[0] = reps[i]
		return
	}
}
