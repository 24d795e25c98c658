package exports

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// insideOf builds the bundle that stays in the house and gives its report and
// its data.
func insideOf(t *testing.T, m memory) (inside, [][]string, map[string][]byte) {
	t.Helper()
	_, bundle := build(t, m, Internal)
	files := unzip(t, bundle)
	var r inside
	if err := json.Unmarshal(files["report/internal.json"], &r); err != nil {
		t.Fatal(err)
	}
	return r, lines(t, files["data/employer.csv"]), files
}

func TestInside_counts_and_lists_what_stands_out(t *testing.T) {
	r, data, _ := insideOf(t, wave(t, "employer/2", 109, 8))
	// The same by another way: strings of the data file.
	count := func(keys []string) map[string]int {
		n := map[string]int{}
		for _, row := range data[1:] {
			var b strings.Builder
			for _, key := range keys {
				b.WriteString(row[slices.Index(data[0], key)] + "|")
			}
			n[b.String()]++
		}
		return n
	}
	if want := count(r.Keys); r.Before.Classes != len(want) || r.Records != 109 || len(r.Keys) != 3 || len(r.Subsets) != 7 {
		t.Errorf("%d classes, want %d; keys %v", r.Before.Classes, len(want), r.Keys)
	}
	for _, s := range r.Subsets {
		uniques, below := 0, 0
		for _, n := range count(s.Keys) {
			if n == 1 {
				uniques++
			}
			if n < 5 {
				below += n
			}
		}
		if s.Uniques != uniques || s.Violations["5"] != below {
			t.Errorf("%v: %d uniques and %d below 5, want %d and %d", s.Keys, s.Uniques, s.Violations["5"], uniques, below)
		}
	}
	if len(r.Standing) == 0 {
		t.Error("nothing stands out")
	}
	for _, u := range r.Standing {
		if count(u.Keys)[strings.Join(u.Values, "|")+"|"] != 1 {
			t.Errorf("%v is not alone", u)
		}
	}
}

func TestInside_says_what_each_profile_would_do_and_no_release_holds_it(t *testing.T) {
	m := wave(t, "employer/2", 109, 8)
	r, _, files := insideOf(t, m)
	for _, p := range r.Profiles {
		n := p.LeftOut
		for _, c := range p.Classes {
			n += c.Records
		}
		if p.Refused == "" && (n != 109 || p.After.MinClass < profiles[p.Profile].K) {
			t.Errorf("%s: %d records, smallest class %d", p.Profile, n, p.After.MinClass)
		}
	}
	if len(r.Profiles) != 2 || !strings.Contains(string(files["report/internal.html"]), "non anonymisé") {
		t.Errorf("%d profiles", len(r.Profiles))
	}
	_, bundle := build(t, m, Scientific)
	for name := range unzip(t, bundle) {
		if strings.Contains(name, "internal") {
			t.Errorf("a release holds %s", name)
		}
	}
}
