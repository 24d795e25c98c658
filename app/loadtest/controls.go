package main

import (
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"rondo/exports/anonymise"
)

// sample is a file that disclosure control is measured on.
type sample struct {
	table       *anonymise.Table
	keys        []string
	hierarchies map[string]*anonymise.Hierarchy
}

// referenceData is the folder of public data sets with known results; "" where it is not beside
// this checkout.
func referenceData() string {
	for _, up := range []string{"..", "../.."} {
		dir := filepath.Join(up, "shared", "anon-data")
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
	}
	return ""
}

// controls measures disclosure control and says what of it could not be measured.
func controls() (tasks []task, skipped string, err error) {
	defer debug.SetGCPercent(debug.SetGCPercent(100)) // as in the service
	add := func(s sample, what string, within time.Duration, do func(sample) error) {
		if err == nil {
			var t task
			t, err = s.measure(what, within, do)
			tasks = append(tasks, t)
		}
	}
	employers, err := madeUpSample(2000)
	if err != nil {
		return nil, "", err
	}
	add(employers, "search and suppression, 2000 x 5", 300*time.Millisecond, running(anonymise.Options{K: 5, SuppressMax: .05}))
	dir := referenceData()
	if dir == "" {
		return tasks, "no ../shared/anon-data", err
	}
	adult, wrong := readSample(dir, "arx-adult.csv", true)
	household, alsoWrong := readSample(dir, "sdcMicro-testdata.csv", false, "urbrur", "roof", "walls", "relat", "sex")
	if err := errors.Join(err, wrong, alsoWrong); err != nil {
		return nil, "", err
	}
	add(adult, "optimum of adult, 30162 x 9, limit 0", 150*time.Millisecond, running(anonymise.Options{K: 5, Method: "record", Loss: "entropy"}))
	add(adult, "all 12960 nodes of adult", 5*time.Second, sample.everyNode)
	add(household, "strict suppression, 4580 x 5", time.Second, running(anonymise.Options{K: 5, SuppressMax: 1}))
	return tasks, "", err
}

// warm is how often what takes less than a second is done: the first time also reads the program in.
const warm = 3

// measure is how long something takes on a sample, the least of all runs. Its bound is one count of the same rows by their
// keys: less than that says nothing about a file.
func (s sample) measure(what string, within time.Duration, do func(sample) error) (t task, err error) {
	t = task{what: what, within: within, boundIs: "count of the rows by their keys"}
	for range warm {
		once, busy, err := took(func() error { return do(s) })
		if err != nil {
			return t, fmt.Errorf("%s: %w", what, err)
		}
		if t.took == 0 || once < t.took {
			t.took, t.busy = once, busy
		}
		if once > time.Second {
			break
		}
	}
	t.bound, _, err = took(func() error {
		classes, at := map[string]int{}, s.places()
		var key []byte
		for _, row := range s.table.Rows {
			key = key[:0]
			for _, j := range at {
				key = append(append(key, row[j]...), 0)
			}
			classes[string(key)]++
		}
		return nil
	})
	return t, err
}

// places are the columns of the keys.
func (s sample) places() []int {
	at := make([]int, len(s.keys))
	for i, key := range s.keys {
		at[i] = slices.Index(s.table.Names, key)
	}
	return at
}

// running protects a sample.
func running(o anonymise.Options) func(sample) error {
	return func(s sample) error {
		o.Keys, o.Hierarchies = s.keys, s.hierarchies
		_, _, err := anonymise.Run(s.table, o)
		return err
	}
}

// everyNode looks at every way to coarsen a sample.
func (s sample) everyNode() error {
	keys, columns := make([]anonymise.Key, len(s.keys)), make([][]string, len(s.keys))
	for i, j := range s.places() {
		keys[i] = anonymise.Key{Name: s.keys[i], Hierarchy: s.hierarchies[s.keys[i]]}
		for _, row := range s.table.Rows {
			columns[i] = append(columns[i], row[j])
		}
	}
	frame, err := anonymise.NewFrame(columns, keys)
	if err != nil {
		return err
	}
	nodes, err := frame.Nodes(5, len(s.table.Rows), "ncp")
	if err == nil && len(nodes) != frame.Size() {
		err = fmt.Errorf("%d of %d nodes were counted", len(nodes), frame.Size())
	}
	return err
}

// readSample reads a public data set; without names every column is a key.
func readSample(dir, name string, hierarchies bool, keys ...string) (sample, error) {
	file, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return sample{}, err
	}
	defer file.Close()
	table, err := anonymise.ReadCSV(file)
	if err != nil {
		return sample{}, fmt.Errorf("%s: %w", name, err)
	}
	s := sample{table: table, keys: keys, hierarchies: map[string]*anonymise.Hierarchy{}}
	if len(keys) == 0 {
		s.keys = table.Names
	}
	for _, key := range s.keys {
		if !hierarchies {
			break
		}
		if err := s.readHierarchy(key, filepath.Join(dir, strings.TrimSuffix(name, ".csv")+"_hierarchy_"+key+".csv")); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s sample) readHierarchy(key, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	s.hierarchies[key], err = anonymise.ReadHierarchy(key, file)
	return err
}

// madeUpSample is n employers with five features, each in a hierarchy; the first values are the
// more frequent ones.
func madeUpSample(n int) (sample, error) {
	s := sample{table: &anonymise.Table{Comma: ','}, hierarchies: map[string]*anonymise.Hierarchy{}}
	random := mathrand.New(mathrand.NewPCG(2015, 5))
	features := []struct {
		name   string
		leaves int
		steps  []int // how many values become one, level by level
	}{{"canton", 26, []int{4, 3}}, {"branch", 9, []int{3, 2}}, {"size", 4, []int{2}}, {"since", 4, nil}, {"setting", 3, nil}}
	rows := make([][]string, n)
	for _, f := range features {
		var lines [][]string
		for leaf := range f.leaves {
			line, at := []string{fmt.Sprint(f.name, " ", leaf)}, leaf
			for level, step := range f.steps {
				at /= step
				line = append(line, fmt.Sprint(f.name, " ", at, " at ", level+1))
			}
			lines = append(lines, append(line, anonymise.Suppressed))
		}
		h, err := anonymise.NewHierarchy(f.name, lines)
		if err != nil {
			return s, err
		}
		s.keys, s.hierarchies[f.name] = append(s.keys, f.name), h
		for r := range rows {
			rows[r] = append(rows[r], lines[min(random.IntN(f.leaves), random.IntN(f.leaves))][0])
		}
	}
	s.table.Names, s.table.Rows = s.keys, rows
	return s, nil
}
