package anonymise

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// reference reads a table protected by GaussSuppression and takes its verdicts
// off.
func reference(t *testing.T, name string) (cells *Table, primary, secondary int) {
	t.Helper()
	whole := table(t, name)
	at := slices.Index(whole.Names, "primary")
	cells = &Table{Names: whole.Names[:at], Comma: ','}
	for _, row := range whole.Rows {
		cells.Rows = append(cells.Rows, row[:at])
		if row[at] == "TRUE" {
			primary++
		} else if row[at+1] == "TRUE" {
			secondary++
		}
	}
	return cells, primary, secondary
}

func TestProtect_needs_no_more_cells_than_GaussSuppression(t *testing.T) {
	for _, c := range []struct {
		file, freq string
		dims       []string
		threshold  int
	}{
		{"ref-GaussSuppression-z1-maxN3.csv", "ant", []string{"region", "hovedint"}, 4},
		{"ref-GaussSuppression-z1-maxN4.csv", "ant", []string{"region", "hovedint"}, 5},
		{"ref-GaussSuppression-microdata1-maxN4.csv", "freq", []string{"region", "gender"}, 5},
	} {
		cells, primary, secondary := reference(t, c.file)
		_, report, err := Protect(cells, ProtectOptions{Dims: c.dims, Freq: c.freq, Threshold: c.threshold})
		if err != nil {
			t.Fatal(err)
		}
		width := -1.0
		if report.IntervalMin != nil {
			width = *report.IntervalMin
		}
		t.Logf("%s: %d primary and %d secondary (reference %d and %d), narrowest range %v, audited %v", c.file, report.Primary, report.Secondary, primary, secondary, width, report.Audited)
		if report.Primary != primary || float64(report.Secondary) > 1.3*float64(secondary) || !report.Audited {
			t.Errorf("%s: %+v", c.file, report)
		}
	}
}

// TestProtect_no_small_count_can_be_computed_back lets an attacker try every
// whole-number table that agrees with what is published.
func TestProtect_no_small_count_can_be_computed_back(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := &Table{Names: []string{"a", "b", "n"}}
		const rows, columns = 3, 3
		var counts [rows][columns]int
		right, down, all := [rows]int{}, [columns]int{}, 0
		for i := range rows {
			for j := range columns {
				n := rapid.IntRange(0, 6).Draw(t, "n")
				counts[i][j] = n
				right[i] += n
				down[j] += n
				all += n
			}
		}
		add := func(a, b string, n int) { data.Rows = append(data.Rows, []string{a, b, fmt.Sprint(n)}) }
		for i := range rows {
			for j := range columns {
				add(fmt.Sprint(i), fmt.Sprint(j), counts[i][j])
			}
			add(fmt.Sprint(i), Total, right[i])
		}
		for j := range columns {
			add(Total, fmt.Sprint(j), down[j])
		}
		add(Total, Total, all)
		out, report, err := Protect(data, ProtectOptions{Dims: []string{"a", "b"}, Freq: "n", Threshold: 3})
		if err != nil {
			t.Fatal(err)
		}
		low, high := attack(out, all)
		for r, row := range out.Rows {
			if row[3] == "true" && r < rows*(columns+1) && row[1] != Total {
				if !report.Audited || high[r]-low[r] < 3 {
					t.Fatalf("%v lies between %d and %d: %v", row, low[r], high[r], report)
				}
			}
		}
	})
}

// attack gives for each inner cell of a 3 by 3 table the values it can have.
func attack(t *Table, all int) (low, high map[int]int) {
	low, high = map[int]int{}, map[int]int{}
	number := func(r int) int { n := 0; fmt.Sscan(t.Rows[r][2], &n); return n }
	hidden := func(r int) bool { return t.Rows[r][3] == "true" || t.Rows[r][4] == "true" }
	var inner []int
	for r, row := range t.Rows {
		if row[0] != Total && row[1] != Total {
			inner = append(inner, r)
		}
	}
	x := make([]int, len(inner))
	fits := func(upTo int) bool {
		for r, row := range t.Rows {
			if hidden(r) {
				continue
			}
			sum, whole := 0, true
			for k, c := range inner {
				if (row[0] == Total || row[0] == t.Rows[c][0]) && (row[1] == Total || row[1] == t.Rows[c][1]) {
					if k >= upTo {
						whole = false
					} else {
						sum += x[k]
					}
				}
			}
			if sum > number(r) || whole && sum != number(r) {
				return false
			}
		}
		return true
	}
	var try func(k int)
	try = func(k int) {
		if k == len(inner) {
			for i, r := range inner {
				if v, ok := low[r]; !ok || x[i] < v {
					low[r] = x[i]
				}
				if v, ok := high[r]; !ok || x[i] > v {
					high[r] = x[i]
				}
			}
			return
		}
		for v := 0; v <= min(all, 12)+3; v++ {
			if x[k] = v; fits(k + 1) {
				try(k + 1)
			}
		}
	}
	try(0)
	return low, high
}

func TestProtect_refuses_tables_that_do_not_add_up(t *testing.T) {
	for name, rows := range map[string][][]string{
		"a wrong total":  {{"x", "3"}, {Total, "4"}},
		"a doubled cell": {{"x", "3"}, {"x", "3"}},
		"no count":       {{"x", "-"}},
	} {
		_, _, err := Protect(&Table{Names: []string{"a", "n"}, Rows: rows}, ProtectOptions{Dims: []string{"a"}, Freq: "n", Threshold: 5})
		if !errors.Is(err, ErrTable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
