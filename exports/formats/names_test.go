package formats

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNames_are_those_of_the_CSV_where_a_program_takes_them_and_never_twice(t *testing.T) {
	long := strings.Repeat("abcdefgh_", 9)
	var variables []Variable
	for _, name := range []string{"e_size", "all", "q__10-49", "q__10+49", "x__A", "x__a", long + "1", long + "2", "end_", "_start", "in", "strL", "str20"} {
		variables = append(variables, Variable{Name: name})
	}
	got := SPSSNames(variables)
	for i, want := range map[int]string{0: "e_size", 1: "all_1871dd", 4: "x__A"} {
		if got[i] != want {
			t.Errorf("%s is called %s, want %s", variables[i].Name, got[i], want)
		}
	}
	seen := map[string]bool{}
	for i, name := range got {
		lower := strings.ToLower(name)
		if seen[lower] || len(name) > 64 || reserved[lower] || plainName(name) != name || strings.HasSuffix(name, "_") {
			t.Errorf("%s is called %s", variables[i].Name, name)
		}
		seen[lower] = true
	}
	for i, name := range StataNames(variables) {
		if len(name) > 32 || reservedStata[strings.ToLower(name)] || stringType.MatchString(name) {
			t.Errorf("%s is called %s in Stata", variables[i].Name, name)
		}
	}
	if diff := cmp.Diff(got, SPSSNames(variables)); diff != "" {
		t.Errorf("names change: %s", diff)
	}
}
