package questionnaires

import "hash/fnv"

// Permutations is how many orders a shuffled question has at most.
const Permutations = 8

// Order gives the order in which the rows and options of a question are shown
// under one of the permutations 0 to 7, as indices into Rows and Options. What
// is not shuffled keeps the order given; other, options that exclude the rest
// and answers outside the scale keep their place at the end. The same question
// code and permutation give the same order for ever.
func (q *Questionnaire) Order(qu *Question, permutation int) (rows []int, options []int) {
	rows, options = upTo(len(qu.Rows)), upTo(len(qu.Options))
	if !qu.Shuffle {
		return rows, options
	}
	if len(rows) > 0 {
		shuffle(rows, qu.Code, permutation)
		return rows, options
	}
	var loose, fixed []int
	for i, o := range qu.Options {
		if o.Other || o.Exclusive || o.Missing != 0 {
			fixed = append(fixed, i)
		} else {
			loose = append(loose, i)
		}
	}
	shuffle(loose, qu.Code, permutation)
	return rows, append(loose, fixed...)
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// shuffle is Fisher and Yates with SplitMix64, written out so that no change
// of a library ever changes an order that respondents have seen.
func shuffle(items []int, code string, permutation int) {
	h := fnv.New64a()
	h.Write([]byte(code))
	state := h.Sum64() + uint64(((permutation%Permutations)+Permutations)%Permutations)
	next := func() uint64 {
		state += 0x9e3779b97f4a7c15
		z := state
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return z ^ z>>31
	}
	for i := len(items) - 1; i > 0; i-- {
		j := int(next() % uint64(i+1))
		items[i], items[j] = items[j], items[i]
	}
}
