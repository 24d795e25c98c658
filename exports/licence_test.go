package exports

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"rondo/questionnaires"
)

func TestLicence_holds_the_terms_of_the_house_only_in_what_leaves_it(t *testing.T) {
	m := wave(t, "employer/2", 109, 5)
	for profile, want := range map[string]string{Scientific: "under contract", Public: "any statistical purpose", Internal: "stays in the house"} {
		m.snapshot.Terms = ""
		_, bundle := build(t, m, profile)
		text := string(unzip(t, bundle)["LICENCE"])
		for _, lang := range questionnaires.Languages {
			if !strings.Contains(text, licenceTitle.In(lang)) {
				t.Errorf("%s: nothing in %s", profile, lang)
			}
		}
		if !strings.Contains(text, want) || !strings.Contains(text, "synthetic") || strings.Contains(text, "{") {
			t.Errorf("%s: %s", profile, text)
		}
		m.snapshot.Terms = "Nur für das Projekt Ä.\r\nBis 2031 zu löschen."
		_, bundle = build(t, m, profile)
		text = string(unzip(t, bundle)["LICENCE"])
		if own := strings.HasSuffix(text, "\nNur für das Projekt Ä.\nBis 2031 zu löschen.\n"); own != (profile != Internal) {
			t.Errorf("%s with terms of the house: %s", profile, text)
		}
	}
}

func TestInside_counts_and_lists_what_stands_out_and_only_the_internal_bundle_holds_it(t *testing.T) {
	m := wave(t, "employer/2", 109, 8)
	_, bundle := build(t, m, Internal)
	files := unzip(t, bundle)
	var r inside
	if err := json.Unmarshal(files["report/internal.json"], &r); err != nil {
		t.Fatal(err)
	}
	// The same by another way: strings of the data file.
	data := lines(t, files["data/employer.csv"])
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
	_, bundle = build(t, m, Scientific)
	for name := range unzip(t, bundle) {
		if strings.Contains(name, "internal") {
			t.Errorf("a release holds %s", name)
		}
	}
}
