package exports

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
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

// TestInside_says_what_protection_costs_and_what_classes_still_tell counts the figures again from the
// data file and from the release.
func TestInside_says_what_protection_costs_and_what_classes_still_tell(t *testing.T) {
	m := wave(t, "employer/2", 109, 8)
	m.snapshot.Invited = 218
	r, data, files := insideOf(t, m)
	if r.Before.Individual <= 0 || r.Before.Individual >= r.Before.Expected {
		t.Errorf("individual risk %v of %v: half of the invited answered", r.Before.Individual, r.Before.Expected)
	}
	_, bundle := build(t, m, Scientific)
	released := lines(t, unzip(t, bundle)["data/employer.csv"])
	var p insideProfile
	for _, x := range r.Profiles {
		if x.Profile == Scientific {
			p = x
		}
	}
	if len(p.Pairs) != strongest || len(p.Sensitive) < 10 || len(p.Routes) == 0 || p.AECS != float64(len(released)-1)/float64(p.After.Classes) {
		t.Fatalf("%d pairs, %d sensitive, %d routes, average class %v", len(p.Pairs), len(p.Sensitive), len(p.Routes), p.AECS)
	}
	for i, pair := range p.Pairs {
		if i > 0 && pair.Before > p.Pairs[i-1].Before+1e-12 {
			t.Errorf("pair %d is stronger than the one before", i)
		}
		for what, v := range map[float64]float64{pair.Before: cramer(data, pair.A, pair.B), pair.After: cramer(released, pair.A, pair.B)} {
			if math.Abs(what-v) > 1e-9 {
				t.Errorf("%s × %s: V %v, counted again %v", pair.A, pair.B, what, v)
			}
		}
	}
	for name, x := range p.Variation {
		if x < 0 || x > 1 {
			t.Errorf("%s: distance %v", name, x)
		}
	}
	if was, is := shareOf(data, "e_contact", "1"), shareOf(released, "e_contact", "1"); math.Abs(p.Variation["e_contact"]-math.Abs(was-is)) > 1e-9 {
		t.Errorf("e_contact: distance %v, shares %v and %v", p.Variation["e_contact"], was, is)
	}
	for name, d := range p.Sensitive {
		if d.L < 1 || d.EntropyL < 1 || d.EntropyL > 30 || d.T < 0 || d.T > 1 {
			t.Errorf("%s: %+v", name, d)
		}
	}
	page := string(files["report/internal.html"])
	for _, words := range []string{"V di Cramér", "Filter, die nicht mehr entschieden sind", "Entropy l", "Distance de la distribution"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page lacks %q", words)
		}
	}
}

// cramer is Cramér's V by the textbook: over all cells of the table, those without anybody too.
func cramer(table [][]string, a, b string) float64 {
	i, j := slices.Index(table[0], a), slices.Index(table[0], b)
	type pair struct{ a, b string }
	n, rows, columns, joint := 0.0, map[string]float64{}, map[string]float64{}, map[pair]float64{}
	for _, row := range table[1:] {
		if missing(row[i]) || missing(row[j]) || row[i] == "*" || row[j] == "*" {
			continue
		}
		n++
		rows[row[i]]++
		columns[row[j]]++
		joint[pair{row[i], row[j]}]++
	}
	chi := 0.0
	for x, p := range rows {
		for y, q := range columns {
			e := p * q / n
			chi += (joint[pair{x, y}] - e) * (joint[pair{x, y}] - e) / e
		}
	}
	if k := min(len(rows), len(columns)) - 1; k > 0 {
		return math.Sqrt(chi / n / float64(k))
	}
	return 0
}

func shareOf(table [][]string, name, value string) float64 {
	j, n, of := slices.Index(table[0], name), 0.0, 0.0
	for _, row := range table[1:] {
		if missing(row[j]) {
			continue
		}
		if n++; row[j] == value {
			of++
		}
	}
	return of / n
}

func TestTheInternalBundleIsTheSameBytesEachTime(t *testing.T) {
	m := wave(t, "employer/2", 300, 9)
	var first []byte
	for range 3 {
		var b bytes.Buffer
		if _, err := Build(context.Background(), m, Request{Wave: "2026", Population: "employer", Profile: Internal}, []byte("key"), &b); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b.Bytes()
		}
		if !bytes.Equal(first, b.Bytes()) {
			t.Fatal("the same snapshot gives other bytes")
		}
	}
}
