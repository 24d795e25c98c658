package questionnaires

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"sync"
)

//go:embed definitions
var definitions embed.FS

// Definitions gives the files of the built-in questionnaires: KEY/VERSION/….
func Definitions() fs.FS {
	dir, err := fs.Sub(definitions, "definitions")
	if err != nil {
		panic(err)
	}
	return dir
}

// builtins are read on first use. A definition with findings cannot be in a
// program that starts: that is a mistake of its makers, not of its users.
var builtins = sync.OnceValue(func() []*Questionnaire {
	dir := Definitions()
	names, err := fs.Glob(dir, "*/*/"+StructureFile)
	if err != nil {
		panic(err)
	}
	var all []*Questionnaire
	for _, name := range names {
		sub, err := fs.Sub(dir, name[:len(name)-len("/"+StructureFile)])
		if err != nil {
			panic(err)
		}
		q, found, err := ReadDir(sub)
		if err != nil || len(found) > 0 {
			panic(fmt.Sprintf("built-in %s: %v %v", name, err, found))
		}
		all = append(all, q)
	}
	slices.SortFunc(all, func(a, b *Questionnaire) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Version, b.Version))
	})
	return all
})

// Builtins gives all built-in questionnaires, by key and then version.
func Builtins() []*Questionnaire { return slices.Clone(builtins()) }

// Builtin gives the built-in questionnaire printed as ref ("employer/2"), or
// ErrUnknown.
func Builtin(ref string) (*Questionnaire, error) {
	for _, q := range builtins() {
		if q.Ref() == ref {
			return q, nil
		}
	}
	return nil, fmt.Errorf("%q: %w", ref, ErrUnknown)
}

// Newest gives the highest built-in version of a key, or nil.
func Newest(key string) *Questionnaire {
	var newest *Questionnaire
	for _, q := range builtins() {
		if q.Key == key {
			newest = q
		}
	}
	return newest
}
