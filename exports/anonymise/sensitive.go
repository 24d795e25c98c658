package anonymise

import (
	"math"
	"slices"
	"sort"
	"strconv"
)

// Diversity is how much the classes of a file give away about one sensitive
// column even when nobody can be found.
type Diversity struct {
	L        int     // fewest distinct values in a class
	Alpha    float64 // largest share of one value in a class, as in (alpha,k)-anonymity
	EntropyL float64 // smallest e^entropy of a class
	T        float64 // largest distance of a class from the whole file
}

// Diverse measures a sensitive column against the classes of the keys. The
// distance is the ordered one where all values are numbers, else the equal one.
func Diverse(cells [][]string, sensitive []string) Diversity {
	if len(cells) == 0 {
		return Diversity{}
	}
	values, ordered := domain(sensitive)
	whole := shares(values, sensitive)
	members := map[string][]string{}
	for r, row := range cells {
		key := join(row)
		members[key] = append(members[key], sensitive[r])
	}
	d := Diversity{L: len(values) + 1, EntropyL: math.Inf(1)}
	for _, class := range members {
		part := shares(values, class)
		distinct, h := 0, 0.0
		for _, p := range part {
			if p > 0 {
				distinct++
				h -= p * math.Log(p)
			}
		}
		d.L = min(d.L, distinct)
		d.Alpha = math.Max(d.Alpha, slices.Max(part))
		d.EntropyL = math.Min(d.EntropyL, math.Exp(h))
		d.T = math.Max(d.T, distance(part, whole, ordered))
	}
	return d
}

// domain lists the distinct values, as numbers in their order where all are
// numbers.
func domain(cells []string) (values []string, ordered bool) {
	seen := map[string]float64{}
	ordered = true
	for _, v := range cells {
		if _, ok := seen[v]; ok {
			continue
		}
		x, err := strconv.ParseFloat(v, 64)
		if err != nil {
			ordered = false
		}
		seen[v] = x
		values = append(values, v)
	}
	if ordered {
		sort.Slice(values, func(i, j int) bool { return seen[values[i]] < seen[values[j]] })
	} else {
		slices.Sort(values)
	}
	return values, ordered
}

func shares(values, cells []string) []float64 {
	at := make(map[string]int, len(values))
	for i, v := range values {
		at[v] = i
	}
	out := make([]float64, len(values))
	for _, v := range cells {
		out[at[v]] += 1 / float64(len(cells))
	}
	return out
}

// distance is the earth mover's distance of two distributions over the same
// values: over their order, or with all values equally far apart.
func distance(p, q []float64, ordered bool) float64 {
	if len(p) < 2 {
		return 0
	}
	sum, run := 0.0, 0.0
	for i := range p {
		if ordered {
			run += p[i] - q[i]
			sum += math.Abs(run)
		} else {
			sum += math.Abs(p[i]-q[i]) / 2
		}
	}
	if ordered {
		return sum / float64(len(p)-1)
	}
	return sum
}
