package exports

import (
	"bytes"
	"context"
	"testing"
)

// TestWeightsSteerWhatIsCoarsened: a profile to which the branch matters little coarsens it before
// the size, says so in its report, and the second reader counts the same loss.
func TestWeightsSteerWhatIsCoarsened(t *testing.T) {
	before := profiles[Scientific]
	defer func() { profiles[Scientific] = before }()
	steered := 0
	for seed := range uint64(3) {
		m := wave(t, "employer/2", 150, seed)
		cost := func(weight map[string]float64) map[string]int {
			p := before
			p.Weight = weight
			profiles[Scientific] = p
			v, err := versionOf(context.Background(), m, m.snapshot, Scientific, []byte("key"), nil)
			if refusal(err) {
				return nil
			} else if err != nil {
				t.Fatal(err)
			}
			return v.done.levels
		}
		branch, size := cost(map[string]float64{"branch": .1}), cost(map[string]float64{"size": .1})
		if branch == nil || size == nil {
			continue
		}
		if branch["e_size"] > size["e_size"] || branch["e_branch"] < size["e_branch"] {
			t.Errorf("seed %d: with a light branch %v, with a light size %v", seed, branch, size)
		}
		if branch["e_size"] < size["e_size"] {
			steered++
		}
		var out bytes.Buffer
		man, err := Build(context.Background(), m, Request{Wave: "2026", Population: "employer", Profile: Scientific}, []byte("key"), &out)
		if err != nil || man.K != 5 || !bytes.Contains(unzip(t, out.Bytes())["report/anonymisation.json"], []byte(`"e_size": 0.1`)) {
			t.Errorf("seed %d: a release with weights: %v", seed, err)
		}
	}
	if steered == 0 {
		t.Error("the weights made no difference: the test proves nothing")
	}
}
