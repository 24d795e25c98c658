package anonymise

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rondo/questionnaires/boundtest"
)

// someTable draws a table of up to 300 rows with three keys, two of them with a
// hierarchy of two or three levels, and an id to recognise rows by.
func someTable(t *rapid.T) (*Table, map[string]*Hierarchy) {
	n := rapid.IntRange(1, 300).Draw(t, "n")
	values := rapid.IntRange(1, 9).Draw(t, "values")
	out := &Table{Names: []string{"id", "a", "b", "c"}, Comma: ';'}
	for i := range n {
		row := []string{fmt.Sprint(i)}
		for range 3 {
			row = append(row, fmt.Sprint(rapid.IntRange(0, values-1).Draw(t, "v")))
		}
		out.Rows = append(out.Rows, row)
	}
	var two, three [][]string
	for v := range values {
		two = append(two, []string{fmt.Sprint(v), fmt.Sprint("g", v/3), "*"})
		three = append(three, []string{fmt.Sprint(v), fmt.Sprint("g", v/2), fmt.Sprint("h", v/4), "*"})
	}
	a, err := NewHierarchy("a", two)
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewHierarchy("b", three)
	if err != nil {
		t.Fatal(err)
	}
	return out, map[string]*Hierarchy{"a": a, "b": b}
}

func TestRun_result_is_strict_monotone_and_the_same_again(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data, hierarchies := someTable(t)
		o := Options{
			Keys: []string{"a", "b", "c"}, Hierarchies: hierarchies, K: rapid.IntRange(1, 12).Draw(t, "k"),
			Method: rapid.SampledFrom([]string{"local", "record"}).Draw(t, "method"), SuppressMax: rapid.SampledFrom([]float64{0, .05, .3, 1}).Draw(t, "share"),
		}
		out, report, err := Run(data, o)
		if err != nil {
			if !errors.Is(err, ErrUnreachable) {
				t.Fatal(err)
			}
			if len(data.Rows) >= o.K && (o.Method == "record" || o.SuppressMax == 1) {
				t.Fatalf("%d rows at k=%d can always be reached: %v", len(data.Rows), o.K, err)
			}
			return
		}
		counts := map[string]int{}
		for r, row := range out.Rows {
			if row[0] != data.Rows[r][0] {
				t.Fatal("rows changed their order")
			}
			counts[strings.Join(row[1:], "|")]++
			for j, name := range o.Keys {
				if h := hierarchies[name]; row[j+1] != Suppressed && row[j+1] != above(h, data.Rows[r][j+1], report.Node[name]) {
					t.Fatalf("row %d: %s became %s at level %d", r, data.Rows[r][j+1], row[j+1], report.Node[name])
				}
			}
		}
		for combination, n := range counts {
			if n < o.K {
				t.Fatalf("%s stands in %d rows, k=%d", combination, n, o.K)
			}
		}
		for r := range data.Rows {
			if n := fit(data.Rows[r], out.Rows, o.Keys, hierarchies, report.Node); n < o.K {
				t.Fatalf("row %d has %d candidates, k=%d", r, n, o.K)
			}
		}
		again, _, err := Run(data, o)
		if err != nil || !slices.EqualFunc(again.Rows, out.Rows, slices.Equal) {
			t.Fatalf("the same file gave another result: %v", err)
		}
	})
}

func above(h *Hierarchy, leaf string, level int) string {
	if h == nil {
		return leaf
	}
	return h.Up[leaf][level]
}

// fit is the attacker: how many released rows could be the one with these true
// values.
func fit(truth []string, released [][]string, keys []string, hierarchies map[string]*Hierarchy, node map[string]int) int {
	n := 0
	for _, row := range released {
		could := true
		for j, name := range keys {
			could = could && (row[j+1] == Suppressed || row[j+1] == above(hierarchies[name], truth[j+1], node[name]))
		}
		if could {
			n++
		}
	}
	return n
}

func TestRun_refuses_fewer_rows_than_k(t *testing.T) {
	data := &Table{Names: []string{"a"}, Rows: [][]string{{"1"}, {"1"}}}
	for _, method := range []string{"local", "record"} {
		if _, _, err := Run(data, Options{Keys: []string{"a"}, K: 3, Method: method, SuppressMax: 1}); !errors.Is(err, ErrUnreachable) {
			t.Errorf("%s: %v", method, err)
		}
	}
}

func TestRun_says_what_is_wrong_with_its_input(t *testing.T) {
	data := &Table{Names: []string{"a", "w"}, Rows: [][]string{{"1", "x"}, {"2", "1"}}}
	short, _ := NewHierarchy("a", [][]string{{"1", "*"}})
	for name, c := range map[string]struct {
		o    Options
		want error
	}{
		"an unknown key":           {Options{Keys: []string{"b"}, K: 2}, ErrOption},
		"a key named twice":        {Options{Keys: []string{"a", "a"}, K: 2}, ErrOption},
		"no key":                   {Options{K: 2}, ErrOption},
		"k of 0":                   {Options{Keys: []string{"a"}}, ErrOption},
		"a share above 1":          {Options{Keys: []string{"a"}, K: 2, SuppressMax: 2}, ErrOption},
		"an unknown method":        {Options{Keys: []string{"a"}, K: 2, Method: "magic"}, ErrOption},
		"an unknown loss":          {Options{Keys: []string{"a"}, K: 2, Method: "record", Loss: "joy"}, ErrOption},
		"a value not in hierarchy": {Options{Keys: []string{"a"}, K: 2, Hierarchies: map[string]*Hierarchy{"a": short}}, ErrHierarchy},
	} {
		if _, _, err := Run(data, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Risk(data, RiskOptions{Keys: []string{"a"}, Weight: "w"}); !errors.Is(err, ErrOption) {
		t.Errorf("a weight that is no number: %v", err)
	}
}

func TestRun_takes_weights_above_0_up_to_1_for_its_keys(t *testing.T) {
	data := &Table{Names: []string{"a", "b"}, Comma: ',', Rows: [][]string{{"1", "x"}, {"1", "y"}, {"2", "x"}, {"2", "y"}}}
	for weight, want := range map[float64]bool{0: false, -1: false, 1.5: false, .25: true, 1: true} {
		_, report, err := Run(data, Options{Keys: []string{"a", "b"}, K: 2, SuppressMax: 1, Weights: map[string]float64{"a": weight}})
		if (err == nil) != want || err != nil && !errors.Is(err, ErrOption) {
			t.Errorf("weight %v: %v", weight, err)
		}
		if want {
			if cost := (weight*float64(report.SuppressedCells["a"]) + float64(report.SuppressedCells["b"])) / 8; *report.NCP != cost || cost == 0 {
				t.Errorf("weight %v: cells %v, ncp %v", weight, report.SuppressedCells, *report.NCP)
			}
		}
	}
	if _, _, err := Run(data, Options{Keys: []string{"a"}, K: 2, SuppressMax: 1, Weights: map[string]float64{"c": .5}}); !errors.Is(err, ErrOption) {
		t.Errorf("a weight for what is no key: %v", err)
	}
}

func TestNewHierarchy_refuses_what_is_not_monotone(t *testing.T) {
	for name, lines := range map[string][][]string{
		"two parents":     {{"1", "x", "y", "*"}, {"2", "x", "z", "*"}},
		"doubled leaf":    {{"1", "*"}, {"1", "*"}},
		"uneven":          {{"1", "*"}, {"2", "x", "*"}},
		"without the top": {{"1", "x"}},
		"empty":           nil,
	} {
		if _, err := NewHierarchy("h", lines); !errors.Is(err, ErrHierarchy) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadCSV_finds_the_separator_and_drops_the_mark(t *testing.T) {
	for in, want := range map[string]rune{"a,b\n1,2\n": ',', "\ufeffa;b\n1,5;2\n": ';', "a\n1\n": ',', "\"a;b;c\",d\n1,2\n": ','} {
		got, err := ReadCSV(strings.NewReader(in))
		if err != nil || got.Comma != want || strings.HasPrefix(got.Names[0], "\ufeff") {
			t.Errorf("%q: %v %q", in, err, got)
		}
	}
	for _, in := range []string{"", "a,a\n", "a,b\n1\n", "a,\n", "a\n\x00\n", "a\n\xff\n"} {
		if _, err := ReadCSV(strings.NewReader(in)); !errors.Is(err, ErrTable) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "\ufeffa;b\n\"x;\"\"y\";\n", "a\n\n", "a,b\r\n1,\"2\n3\"\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		var table *Table
		var err error
		boundtest.Quick(t, func() { table, err = ReadCSV(strings.NewReader(in)) })
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := table.WriteCSV(&out); err != nil {
			t.Fatal(err)
		}
		again, err := ReadCSV(&out)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if len(again.Rows) != len(table.Rows) {
			t.Fatalf("%d rows became %d", len(table.Rows), len(again.Rows))
		}
		if _, err := Risk(table, RiskOptions{Keys: table.Names[:1], Sensitive: table.Names[0]}); err != nil {
			t.Fatal(err)
		}
	})
}
