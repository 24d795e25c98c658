package anonymise

import (
	"errors"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// exhaustive is the best node found by looking at every one.
func exhaustive(t *rapid.T, f *Frame, k, most int, loss string) (Node, bool) {
	nodes, err := f.Nodes(k, most, loss)
	if err != nil {
		t.Fatal(err)
	}
	for _, node := range nodes {
		if _, gone, ok := f.drop(node.Levels, k, most); ok {
			node.Suppressed = gone
			return node, true
		}
	}
	return Node{}, false
}

// someFrame is a small file with three keys, some of which must be coarsened.
func someFrame(t *rapid.T) *Frame {
	data, hierarchies := someTable(t)
	names := []string{"a", "b", "c"}
	columns, err := data.columns(names)
	if err != nil {
		t.Fatal(err)
	}
	keys := make([]Key, len(names))
	for j, name := range names {
		keys[j] = Key{Name: name, Hierarchy: hierarchies[name]}
		if rapid.Bool().Draw(t, "floor") {
			keys[j].Min = 1
		}
	}
	f, err := NewFrame(columns, keys)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSearch_by_tags_finds_what_looking_at_every_node_finds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := someFrame(t)
		k, loss := rapid.IntRange(1, 12).Draw(t, "k"), rapid.SampledFrom(Losses).Draw(t, "loss")
		most := int(rapid.SampledFrom([]float64{0, .02, .1, 1}).Draw(t, "share") * float64(f.n))
		want, found := exhaustive(t, f, k, most, loss)
		s, err := f.newSearch(k, most, loss)
		if err != nil {
			t.Fatal(err)
		}
		s.run()
		if found != (s.best != nil) {
			t.Fatalf("found %v, looking at every node finds %v", s.best, found)
		}
		if found && (!slices.Equal(s.best.Levels, want.Levels) || s.best.Loss != want.Loss || s.gone != want.Suppressed) {
			t.Fatalf("found %+v, looking at every node finds %+v", *s.best, want)
		}
		for at := range s.tags {
			if !s.tags[at] {
				t.Fatalf("node %v is not settled", s.levels(at))
			}
		}
	})
}

func BenchmarkSearch_of_adult(b *testing.B) {
	data, hierarchies, names := adult(b)
	columns, err := data.columns(names)
	if err != nil {
		b.Fatal(err)
	}
	keys := make([]Key, len(names))
	for j, n := range names {
		keys[j] = Key{Name: n, Hierarchy: hierarchies[n]}
	}
	f, err := NewFrame(columns, keys)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("optimum at limit 0", func(b *testing.B) {
		for b.Loop() {
			s, err := f.newSearch(5, 0, "arx-loss")
			if err != nil {
				b.Fatal(err)
			}
			s.run()
			b.ReportMetric(float64(s.checks), "nodes")
		}
	})
	b.Run("optimum at limit 4 per cent", func(b *testing.B) {
		for b.Loop() {
			s, err := f.newSearch(5, f.n/25, "entropy")
			if err != nil {
				b.Fatal(err)
			}
			s.run()
			b.ReportMetric(float64(s.checks), "nodes")
		}
	})
	b.Run("every node", func(b *testing.B) {
		for b.Loop() {
			if _, err := f.Nodes(5, 0, "ncp"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// deep is a table with five keys of nine levels each: 59,049 nodes.
func deep() (*Table, map[string]*Hierarchy, error) {
	out, hierarchies := &Table{Names: []string{"a", "b", "c", "d", "e"}, Comma: ','}, map[string]*Hierarchy{}
	for i := range 400 {
		var row []string
		for j := range out.Names {
			row = append(row, strconv.Itoa((i*(7+j)+i*i*(3+2*j))%(40+20*j)))
		}
		out.Rows = append(out.Rows, row)
	}
	for j, name := range out.Names {
		var lines [][]string
		for v := range 40 + 20*j {
			line := []string{strconv.Itoa(v)}
			for l := 1; l < 8; l++ {
				line = append(line, "l"+strconv.Itoa(l)+" "+strconv.Itoa(v>>l))
			}
			lines = append(lines, append(line, Suppressed))
		}
		h, err := NewHierarchy(name, lines)
		if err != nil {
			return nil, nil, err
		}
		hierarchies[name] = h
	}
	return out, hierarchies, nil
}

func TestRun_of_a_lattice_too_large_to_visit_is_as_good_as_without_suppression(t *testing.T) {
	data, hierarchies, err := deep()
	if err != nil {
		t.Fatal(err)
	}
	var losses []float64
	for _, method := range []string{"record", "local"} {
		_, report, err := Run(data, Options{Keys: data.Names, Hierarchies: hierarchies, K: 5, Method: method, SuppressMax: .02})
		if err != nil {
			t.Fatalf("%s: %v", method, err)
		}
		if report.MinClass < 5 || report.CandidatesMin < 5 {
			t.Errorf("%s: a class of %d, %d candidates", method, report.MinClass, report.CandidatesMin)
		}
		losses = append(losses, *report.NCP)
	}
	_, whole, err := Run(data, Options{Keys: data.Names, Hierarchies: hierarchies, K: 5, Method: "record"})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("ncp: %v without suppression, %v with records, %v with cells suppressed", *whole.NCP, losses[0], losses[1])
	if losses[1] > *whole.NCP+1e-9 {
		t.Errorf("suppressing cells costs %v, suppressing nothing %v", losses[1], *whole.NCP)
	}
}

// TestRun_tells_how_far_it_is_and_stops_when_told: both ways to suppress, at every point of the search.
func TestRun_tells_how_far_it_is_and_stops_when_told(t *testing.T) {
	data, hierarchies, err := deep()
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"local", "record"} {
		told, stop := 0, errors.New("enough")
		for _, after := range []int{0, 1, 7, 60} {
			told = 0
			_, _, err := Run(data, Options{Keys: data.Names, Hierarchies: hierarchies, K: 3, Method: method, SuppressMax: .05, Watch: func(done, all int) error {
				if done < 0 || all < 1 || done > all {
					t.Errorf("%s: %d of %d", method, done, all)
				}
				if told++; told > after {
					return stop
				}
				return nil
			}})
			if !errors.Is(err, stop) || told != after+1 {
				t.Errorf("%s: told %d times, stopped after %d: %v", method, told, after, err)
			}
		}
	}
}
