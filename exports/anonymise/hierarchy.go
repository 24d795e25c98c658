package anonymise

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// Hierarchy says what each value of a key becomes at each level. Level 0 is the
// value itself; the last level is Suppressed.
type Hierarchy struct {
	Name   string
	Leaves []string            // in the order of the file
	Up     map[string][]string // leaf → value at level 0, 1, …
}

// Height is the number of the coarsest level.
func (h *Hierarchy) Height() int { return len(h.Up[h.Leaves[0]]) - 1 }

// NewHierarchy checks lines of the form leaf, level 1, …, "*": every leaf once,
// all of the same length, and two values that are equal at one level equal at
// all coarser ones.
func NewHierarchy(name string, lines [][]string) (*Hierarchy, error) {
	if len(lines) == 0 {
		return nil, fmt.Errorf("%w: %s is empty", ErrHierarchy, name)
	}
	h := &Hierarchy{Name: name, Up: make(map[string][]string, len(lines))}
	width := len(lines[0])
	parent := make([]map[string]string, width)
	for i := range parent {
		parent[i] = map[string]string{}
	}
	for _, line := range lines {
		leaf := line[0]
		if len(line) != width {
			return nil, fmt.Errorf("%w: %s: %q has %d levels, others have %d", ErrHierarchy, name, leaf, len(line), width)
		}
		if h.Up[leaf] != nil {
			return nil, fmt.Errorf("%w: %s: %q stands there twice", ErrHierarchy, name, leaf)
		}
		if width > 1 && line[width-1] != Suppressed {
			return nil, fmt.Errorf("%w: %s: %q does not end in %q", ErrHierarchy, name, leaf, Suppressed)
		}
		for l := 1; l < width; l++ {
			if p, ok := parent[l][line[l-1]]; ok && p != line[l] {
				return nil, fmt.Errorf("%w: %s: %q becomes both %q and %q", ErrHierarchy, name, line[l-1], p, line[l])
			}
			parent[l][line[l-1]] = line[l]
		}
		h.Leaves = append(h.Leaves, leaf)
		h.Up[leaf] = slices.Clone(line)
	}
	return h, nil
}

// ReadHierarchy reads a hierarchy in ARX's form: one line per leaf,
// semicolon-separated, from fine to coarse, ending in "*".
func ReadHierarchy(name string, r io.Reader) (*Hierarchy, error) {
	cr := csv.NewReader(r)
	cr.Comma, cr.FieldsPerRecord, cr.LazyQuotes = ';', -1, true
	lines, err := cr.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %s", ErrHierarchy, name, err.Error())
	}
	if len(lines) > 0 {
		lines[0][0] = strings.TrimPrefix(lines[0][0], "\ufeff")
	}
	return NewHierarchy(name, lines)
}

// ReadHierarchies reads KEY.csv for each key from a folder; a key without a
// file has no hierarchy.
func ReadHierarchies(folder fs.FS, keys []string) (map[string]*Hierarchy, error) {
	out := map[string]*Hierarchy{}
	for _, key := range keys {
		file, err := folder.Open(key + ".csv")
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("open hierarchy of %s: %w", key, err)
		}
		h, err := ReadHierarchy(key, file)
		file.Close()
		if err != nil {
			return nil, err
		}
		out[key] = h
	}
	return out, nil
}

// flat is the hierarchy of a key for which none was given: its own values, and
// above them, where top is wanted, nothing.
func flat(name string, cells []string, top bool) *Hierarchy {
	h := &Hierarchy{Name: name, Up: map[string][]string{}}
	for _, v := range cells {
		if h.Up[v] != nil {
			continue
		}
		h.Leaves = append(h.Leaves, v)
		h.Up[v] = []string{v}
		if top {
			h.Up[v] = []string{v, Suppressed}
		}
	}
	return h
}
