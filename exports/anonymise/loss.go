package anonymise

import (
	"fmt"
	"math"
	"slices"
)

// Losses are the measures by which the best node may be chosen.
var Losses = []string{"ncp", "arx-loss", "precision", "discernibility", "aecs", "entropy"}

// measure computes one loss of a node at which groups smaller than k are
// suppressed as whole records.
type measure func(f *Frame, levels []int, groups []group, k int) float64

func measureOf(name string) (measure, error) {
	switch name {
	case "", "ncp":
		return ncp, nil
	case "arx-loss":
		return arxLoss, nil
	case "precision":
		return precision, nil
	case "discernibility":
		return discernibility, nil
	case "aecs":
		return aecs, nil
	case "entropy":
		return entropy, nil
	}
	return nil, fmt.Errorf("%w: %q is no loss; known are %v", ErrOption, name, Losses)
}

// penalties gives for each key the mean over all rows of (leaves below the
// released value - 1) / (all leaves - 1), a suppressed record counting 1.
func penalties(f *Frame, levels []int, groups []group, k int) []float64 {
	out := make([]float64, len(f.keys))
	if f.n == 0 {
		return out
	}
	for j, c := range f.keys {
		for v, n := range c.counts[levels[j]] {
			out[j] += float64(n) * c.share[levels[j]][v]
		}
	}
	for _, g := range groups {
		if g.n >= k {
			continue
		}
		for j, c := range f.keys {
			out[j] += float64(g.n) * (1 - c.share[levels[j]][c.at(g.combination)])
		}
	}
	for j := range out {
		out[j] /= float64(f.n)
	}
	return out
}

// ncp is the normalised certainty penalty: the mean over rows and keys, each key
// by its weight.
func ncp(f *Frame, levels []int, groups []group, k int) float64 {
	sum := 0.0
	for j, p := range penalties(f, levels, groups, k) {
		sum += f.keys[j].weight() * p
	}
	return sum / float64(max(1, len(f.keys)))
}

// arxLoss is the geometric mean of 1 + penalty over the keys, less 1, as the
// program ARX reports its metric "Loss".
func arxLoss(f *Frame, levels []int, groups []group, k int) float64 {
	product := 1.0
	for _, p := range penalties(f, levels, groups, k) {
		product *= 1 + p
	}
	return math.Pow(product, 1/float64(max(1, len(f.keys)))) - 1
}

// precision is the mean over cells of level / height, a suppressed record
// counting 1.
func precision(f *Frame, levels []int, groups []group, k int) float64 {
	gone := float64(suppressed(groups, k)) / float64(max(1, f.n))
	sum := 0.0
	for j, c := range f.keys {
		degree := 0.0
		if h := len(c.values) - 1; h > 0 {
			degree = float64(levels[j]) / float64(h)
		}
		sum += degree*(1-gone) + gone
	}
	return sum / float64(max(1, len(f.keys)))
}

// discernibility is the sum of squared class sizes; a suppressed record counts
// as many as there are records.
func discernibility(f *Frame, _ []int, groups []group, k int) float64 {
	sum := 0.0
	for _, g := range groups {
		if g.n >= k {
			sum += float64(g.n) * float64(g.n)
		} else {
			sum += float64(g.n) * float64(f.n)
		}
	}
	return sum
}

// aecs is the average class size, all suppressed records forming one class.
func aecs(f *Frame, _ []int, groups []group, k int) float64 {
	classes, gone := 0, false
	for _, g := range groups {
		if g.n >= k {
			classes++
		} else {
			gone = true
		}
	}
	if gone {
		classes++
	}
	return float64(f.n) / float64(max(1, classes))
}

// entropy is non-uniform entropy in bits, what the released values leave open
// about the raw ones, over all records, as ARX counts it: suppressing a record
// adds nothing.
func entropy(f *Frame, levels []int, _ []group, _ int) float64 {
	sum := 0.0
	for j, c := range f.keys {
		for v, n := range c.counts[0] {
			if n > 0 {
				sum -= float64(n) * math.Log2(float64(n)/float64(c.counts[levels[j]][c.rise(uint32(v), levels[j])]))
			}
		}
	}
	return sum
}

// suppressed counts the records in groups smaller than k.
func suppressed(groups []group, k int) int {
	n := 0
	for _, g := range groups {
		if g.n < k {
			n += g.n
		}
	}
	return n
}

// Penalty is the ncp of a file at a node, of whose rows the masks say which keys are suppressed.
func (f *Frame) Penalty(levels []int, masks []uint64) float64 { return f.penaltyOf(levels, masks) }

// penaltyOf is the ncp of released cells, whatever way they came about.
func (f *Frame) penaltyOf(levels []int, masks []uint64) float64 {
	if f.n == 0 || len(f.keys) == 0 {
		return 0
	}
	sum := 0.0
	for r := range f.n {
		for j, c := range f.keys {
			if masks != nil && masks[r]>>j&1 == 1 {
				sum += c.weight()
				continue
			}
			sum += c.weight() * c.share[levels[j]][c.rise(c.rows[r], levels[j])]
		}
	}
	return sum / float64(f.n*len(f.keys))
}

func sum(levels []int) int {
	total := 0
	for _, l := range levels {
		total += l
	}
	return total
}

// before is the fixed order of nodes that cost the same: fewer suppressed
// cells, then less generalisation, then the levels themselves.
func before(a, b Node) bool {
	if math.Abs(a.Loss-b.Loss) > 1e-12*math.Max(1, math.Abs(a.Loss)) {
		return a.Loss < b.Loss
	}
	if a.Suppressed != b.Suppressed {
		return a.Suppressed < b.Suppressed
	}
	if x, y := sum(a.Levels), sum(b.Levels); x != y {
		return x < y
	}
	return slices.Compare(a.Levels, b.Levels) < 0
}
