package anonymise

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// compared prints what a published figure is and what we reach, and fails where they differ by more
// than tolerance, relative to figures above 1.
func compared(t *testing.T, what string, expected, reached, tolerance float64) {
	t.Helper()
	t.Logf("%s: expected %v, reached %v", what, expected, reached)
	if math.Abs(expected-reached) > tolerance*math.Max(1, math.Abs(expected)) || math.IsNaN(reached) {
		t.Errorf("%s: expected %v, reached %v", what, expected, reached)
	}
}

func comparedAll(t *testing.T, what string, expected, reached []float64, tolerance float64) {
	t.Helper()
	t.Logf("%s: expected %v, reached %v", what, expected, reached)
	for i := range expected {
		if len(reached) != len(expected) || math.Abs(expected[i]-reached[i]) > tolerance {
			t.Errorf("%s: expected %v, reached %v", what, expected, reached)
			return
		}
	}
}

func floats(ns []int) []float64 {
	out := make([]float64, len(ns))
	for i, n := range ns {
		out[i] = float64(n)
	}
	return out
}

func rounded(xs []float64, digits float64) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = math.Round(x*digits) / digits
	}
	return out
}

func wordsOf(lines ...string) [][]string {
	var out [][]string
	for _, line := range lines {
		out = append(out, strings.Fields(line))
	}
	return out
}

// TestPublished_toy_of_sdcMicro is P1: tests/testthat/test_freqCalc.R and test_indivRisk.R.
func TestPublished_toy_of_sdcMicro(t *testing.T) {
	cells := transpose(wordsOf("2 3 2 2 3 3 1 2", "3 3 3 3 3 3 4 3", "1 3 1 2 1 1 1 1"), 8)
	e := Expose(cells, []float64{18, 45.5, 39, 17, 92, 8, 123.5, 51})
	comparedAll(t, "fk", []float64{3, 1, 3, 1, 2, 2, 1, 3}, floats(e.Sizes), 0)
	comparedAll(t, "Fk", []float64{108, 45.5, 108, 17, 100, 100, 123.5, 108}, e.Weights, 1e-9)
	comparedAll(t, "individual risk", []float64{.01355297, .08579129, .01355297, .17707583, .01877883, .01877883, .03931625, .01355297}, rounded(e.Risks, 1e8), 1e-9)
	p := 3 / 108.0
	compared(t, "individual risk of three, approximated as sdcMicro does", .01369863, math.Round(p/(2+p)*1e8)/1e8, 1e-9)
	comparedAll(t, "risk without weights", []float64{1. / 3, 1, 1. / 3, 1, .5, .5, 1, 1. / 3}, Expose(cells, nil).Risks, 1e-12)
}

// TestPublished_toy_with_missing_cells is P2, from the same place.
func TestPublished_toy_with_missing_cells(t *testing.T) {
	cells := transpose(wordsOf("2 3 2 2 3 3 1 2", "3 3 3 3 3 3 4 3", "1 3 * 2 1 1 * 1"), 8)
	fk := Wildcard(cells, isStar)
	comparedAll(t, "fk where a missing cell matches anything", []float64{3, 1, 4, 2, 2, 2, 1, 3}, floats(fk), 0)
	n := map[int]int{}
	for _, f := range fk {
		n[f]++
	}
	comparedAll(t, "records with fk 1 and 2", []float64{2, 3}, []float64{float64(n[1]), float64(n[2])}, 0)
}

// TestPublished_francdat is P3: sdc_guidelines.tex of sdcMicro 5.7.5, table 1.
func TestPublished_francdat(t *testing.T) {
	report, err := Risk(table(t, "sdcMicro-francdat.csv"), RiskOptions{Keys: franc, Weight: "w", Records: true})
	if err != nil {
		t.Fatal(err)
	}
	var fk, sums, risks []float64
	for _, r := range report.Rows {
		fk, sums, risks = append(fk, float64(r.Size)), append(sums, *r.Weight), append(risks, r.Risk)
	}
	comparedAll(t, "fk", []float64{2, 2, 2, 1, 1, 1, 1, 2}, fk, 0)
	comparedAll(t, "Fk", []float64{110, 84.5, 84.5, 17, 541, 8, 5, 110}, sums, 1e-9)
	comparedAll(t, "individual risk", []float64{.017, .022, .022, .177, .012, .297, .402, .017}, rounded(risks, 1000), 1e-9)
	compared(t, "expected re-identifications", .9665, math.Round(report.Expected*1e4)/1e4, 1e-9)
	compared(t, "records below k=2", 4, float64(report.Violations["2"]), 0)
}

// TestPublished_testdata is P4: the guidelines print 10.78 (0.24 %).
func TestPublished_testdata(t *testing.T) {
	report, err := Risk(table(t, "sdcMicro-testdata.csv"), RiskOptions{Keys: seven, Weight: "sampling_weight", Records: true})
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, r := range report.Rows {
		if p := float64(r.Size) / *r.Weight; r.Size == 3 {
			r.Risk = p / (2 + p) // as the program approximates
		}
		sum += r.Risk
	}
	compared(t, "expected re-identifications", 10.7783, math.Round(sum*1e4)/1e4, 1e-9)
	compared(t, "the same in percent", .2353, math.Round(sum/float64(report.Records)*1e6)/1e4, 1e-9)
	compared(t, "combinations of keys", 412, float64(report.Classes), 0)
	for k, n := range map[string]float64{"2": 157, "3": 281, "5": 458} {
		compared(t, "records below k="+k, n, float64(report.Violations[k]), 0)
	}
}

// TestPublished_distinct_l is P5: the guidelines, table 2.
func TestPublished_distinct_l(t *testing.T) {
	cells := wordsOf("1 1", "1 1", "1 1", "1 2", "2 2", "2 2")
	sensitive := strings.Fields("50 50 42 42 62 62")
	comparedAll(t, "fk", []float64{3, 3, 3, 1, 2, 2}, floats(Expose(cells, nil).Sizes), 0)
	l := make([]float64, len(cells))
	for r := range cells {
		var class [][]string
		var answers []string
		for i := range cells {
			if slices.Equal(cells[i], cells[r]) {
				class, answers = append(class, cells[i]), append(answers, sensitive[i])
			}
		}
		l[r] = float64(Diverse(class, answers).L)
	}
	comparedAll(t, "distinct l", []float64{2, 2, 2, 1, 1, 1}, l, 0)
}

// TestPublished_students is P6 and P7: pyCANON, tests/test_reports.py.
func TestPublished_students(t *testing.T) {
	keys := []string{"Teacher", "Gender", "Ethnic", "Freeredu", "wesson"}
	for _, c := range []struct {
		file                            string
		records, classes, k, l, entropy int
		alpha, t                        float64
	}{
		{"pycanon-StudentsMath_Score.csv", 216, 0, 1, 1, 1, 1, .4165919952210274},
		{"pycanon-StudentsMath_Score_k5.csv", 154, 25, 5, 4, 3, .5, .31023287057769827},
	} {
		got, err := Risk(table(t, c.file), RiskOptions{Keys: keys, Sensitive: "Score"})
		if err != nil {
			t.Fatal(err)
		}
		compared(t, c.file+" records", float64(c.records), float64(got.Records), 0)
		if c.classes > 0 {
			compared(t, c.file+" classes", float64(c.classes), float64(got.Classes), 0)
		}
		compared(t, c.file+" k", float64(c.k), float64(got.K), 0)
		compared(t, c.file+" alpha of (alpha,k)", c.alpha, *got.Alpha, 1e-12)
		compared(t, c.file+" distinct l", float64(c.l), float64(*got.L), 0)
		compared(t, c.file+" entropy l, rounded down", float64(c.entropy), math.Floor(*got.EntropyL+1e-12), 0)
		compared(t, c.file+" t", c.t, *got.T, 1e-9)
	}
}

// TestPublished_risk_of_adult is P11: ARX, TestRiskMetrics.
func TestPublished_risk_of_adult(t *testing.T) {
	data := table(t, "arx-adult.csv")
	got, err := Risk(data, RiskOptions{Keys: data.Names})
	if err != nil {
		t.Fatal(err)
	}
	compared(t, "classes", 19502, float64(got.Classes), 0)
	compared(t, "mean prosecutor risk", .6465751607983555, got.Expected/float64(got.Records), 1e-9)
}

// TestPublished_what_the_wildcard_way_leaves looks, as C6, at files that sdcMicro reports as free of
// violations: matched its way they are, and still hold records with a single candidate.
func TestPublished_what_the_wildcard_way_leaves(t *testing.T) {
	raw := table(t, "sdcMicro-testdata2.csv")
	columns, err := raw.columns(seven)
	if err != nil {
		t.Fatal(err)
	}
	truth := transpose(columns, len(raw.Rows))
	for k, below := range map[int]int{3: -1, 5: 67} {
		file := table(t, "ref-sdcMicro-testdata2-7keys-k"+strconv.Itoa(k)+"-released.csv")
		released := make([][]string, len(file.Rows))
		for r, row := range file.Rows {
			released[r] = row[1:8]
		}
		strict, matching, candidates := Expose(released, nil).Sizes, Wildcard(released, isStar), Candidates(truth, released)
		few, differ := 0, 0
		for r, row := range file.Rows {
			for i, n := range []int{matching[r], candidates[r], strict[r]} {
				if float64(n) != number(t, row[8+i]) {
					differ++
				}
			}
			if candidates[r] < k {
				few++
			}
		}
		compared(t, "counts of a record other than counted elsewhere, k="+strconv.Itoa(k), 0, float64(differ), 0)
		compared(t, "fewest matching records, k="+strconv.Itoa(k)+" reported", float64(k), math.Min(float64(k), float64(least(matching))), 0)
		t.Logf("k=%d: %d of %d records have fewer candidates, at least one only %d", k, few, len(released), least(candidates))
		if below >= 0 {
			compared(t, "records with fewer than k candidates", float64(below), float64(few), 0)
		}
	}
}
