package synthetic

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// quota is how many respondents give one answer.
type quota struct {
	code string
	n    int
}

// target is the exact distribution of one variable. The first quota goes to those with the
// highest disposition; pull says how closely (0: by chance alone).
type target struct {
	variable string
	pull     float64
	quotas   []quota
}

// weights are the forced answers of each respondent, as questionnaires.Random takes them.
type weights = map[string]map[string]float64

// distribute forces each target's distribution on the respondents.
func distribute(r *rand.Rand, disposition []float64, targets []target, forced []weights) {
	for _, t := range targets {
		order := ranked(r, disposition, t.pull)
		at := 0
		for _, q := range t.quotas {
			for range q.n {
				force(forced[order[at]], t.variable, q.code)
				at++
			}
		}
		if at != len(order) {
			panic("synthetic: quotas of " + t.variable + " do not cover everybody")
		}
	}
}

// ranked orders respondents by their disposition, blurred by chance.
func ranked(r *rand.Rand, disposition []float64, pull float64) []int {
	type scored struct {
		i     int
		score float64
	}
	list := make([]scored, len(disposition))
	for i, d := range disposition {
		list[i] = scored{i, pull*d + r.NormFloat64()}
	}
	slices.SortFunc(list, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	order := make([]int, len(list))
	for k, s := range list {
		order[k] = s.i
	}
	return order
}

func force(w weights, variable, code string) { w[variable] = map[string]float64{code: 1} }

func normals(r *rand.Rand, n int) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = r.NormFloat64()
	}
	return list
}

func blank(n int) []weights {
	list := make([]weights, n)
	for i := range list {
		list[i] = weights{}
	}
	return list
}
