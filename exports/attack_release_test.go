package exports

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rondo/questionnaires"
)

// TestAttack_linkage_with_the_true_keys_hits_one_in_k: whoever has the keys of all participants and
// names the row of each at random among those that fit is right once in k, in every class of equal
// keys and whatever cells are suppressed.
func TestAttack_linkage_with_the_true_keys_hits_one_in_k(t *testing.T) {
	for _, profile := range []string{Scientific, Public} {
		k, worst, linked := profiles[profile].K, 0.0, 0
		for seed := range uint64(12) {
			m := wave(t, "employer/2", 109+20*int(seed), seed)
			v, err := versionOf(context.Background(), m, m.snapshot, profile, []byte("key"), nil)
			if refusal(err) {
				continue
			} else if err != nil {
				t.Fatal(err)
			}
			hits, tries := map[string]float64{}, map[string]float64{}
			for r, id := range v.ids {
				truth := trueKeys(t, v, m.records[id])
				fits, found := 0, false
				for other, row := range v.rows {
					if v.could(row, truth) {
						fits++
						found = found || other == r
					}
				}
				if !found {
					t.Fatalf("%s: the row of a participant does not fit its own keys", profile)
				}
				class := strings.Join(truth, "|")
				hits[class] += 1 / float64(fits)
				tries[class]++
				linked++
			}
			for class, n := range tries {
				worst = max(worst, hits[class]/n)
			}
		}
		t.Logf("%s: expected a hit rate of at most %.3f in any class; reached %.3f over %d participants", profile, 1/float64(k), worst, linked)
		if worst > 1/float64(k)+1e-12 || linked == 0 {
			t.Errorf("%s: hit rate %.3f over %d participants", profile, worst, linked)
		}
	}
}

// trueKeys are the keys of a record at the released levels.
func trueKeys(t *testing.T, v version, r Record) []string {
	t.Helper()
	row := map[string]string{}
	for name, x := range r.Answers {
		if len(x.Codes) == 1 {
			row[name] = x.Codes[0]
		}
	}
	var out []string
	for _, j := range v.keys() {
		name := v.choices[j].Column.Name
		leaf := row[name]
		if leaf == "" {
			leaf = otherMissing
		}
		hs, err := ways(v.choices[j].Column.Question)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hs {
			if h.Name == v.done.ways[name] {
				out = append(out, h.Up[leaf][v.done.levels[name]])
			}
		}
	}
	return out
}

// could says whether somebody with these keys may stand in a row.
func (v version) could(row, truth []string) bool {
	for i, j := range v.keys() {
		if row[j] != truth[i] && row[j] != cellLocal {
			return false
		}
	}
	return true
}

// TestAttack_the_difference_of_two_snapshots_is_refused: a second file of the same people that lacks
// between one and k-1 of them would single those out.
func TestAttack_the_difference_of_two_snapshots_is_refused(t *testing.T) {
	for _, profile := range []string{Scientific, Public} {
		rules := map[string]int{}
		for seed := range uint64(6) {
			m := wave(t, "employer/2", 160, seed)
			first, err := versionOf(context.Background(), m, m.snapshot, profile, []byte("key"), nil)
			if err != nil || first.done.left > 0 {
				continue
			}
			for gone := 1; gone < profiles[profile].K; gone++ {
				fewer := m
				fewer.records = m.records[:len(m.records)-gone]
				fewer.snapshot.N, fewer.snapshot.Hash = len(fewer.records), "another"
				second, err := versionOf(context.Background(), fewer, fewer.snapshot, profile, []byte("key"), nil)
				if err != nil || second.done.left > 0 {
					continue
				}
				switch err := second.beside(first); {
				case errors.Is(err, ErrDifference):
					rules["difference"]++
				case errors.Is(err, ErrFiner):
					rules["finer"]++
				default:
					t.Errorf("%s: %d records fewer: %v", profile, gone, err)
				}
				if first.beside(second) == nil {
					t.Errorf("%s: %d records more are let out", profile, gone)
				}
			}
		}
		t.Logf("%s: expected every second file refused; reached: refused by rule %v", profile, rules)
		if rules["difference"] == 0 {
			t.Errorf("%s: the rule was never needed", profile)
		}
	}
}

// identities are what is planted wherever records or the wave could carry it: a name, an address, a
// link, a UID number and an office.
func identities(m memory) []string {
	words := []string{"Kanarienvogel-Stelle"}
	for i := range m.records {
		mine := []string{fmt.Sprintf("Geheimfirma%d AG", i), fmt.Sprintf("p%d.geheim@firma%d.ch", i, i), fmt.Sprintf("tk%030dxq", i*7919), fmt.Sprintf("CHE-%03d.%03d.%03d", i, (i*37)%1000, (i*91)%1000)}
		words = append(words, mine...)
		text := strings.Join(mine, ", ")
		r := &m.records[i]
		r.Stratum = map[string]string{"group": "Kanarienvogel-Stelle", "strategy": mine[0]}
		r.Answers["e_comment"] = questionnaires.Value{Text: text}
		for name, v := range r.Answers {
			if v.Text != "" {
				r.Answers[name] = questionnaires.Value{Text: text}
			}
		}
	}
	return words
}

// parts are the files of a bundle and, where one is an archive, those within it.
func parts(t *testing.T, bundle []byte) map[string][]byte {
	t.Helper()
	out := unzip(t, bundle)
	for name, body := range out {
		if strings.HasSuffix(name, ".xlsx") {
			for inner, part := range unzip(t, body) {
				out[name+"!"+inner] = part
			}
		}
	}
	return out
}

// scan finds words in all parts of a bundle, by their first six bytes.
func scan(parts map[string][]byte, words []string) map[string]int {
	by := map[string][]string{}
	for _, w := range words {
		by[w[:6]] = append(by[w[:6]], w)
	}
	found := map[string]int{}
	for name, body := range parts {
		for i := 0; i+6 <= len(body); i++ {
			for _, w := range by[string(body[i:i+6])] {
				if bytes.HasPrefix(body[i:], []byte(w)) {
					found[name]++
				}
			}
		}
	}
	return found
}

func TestAttack_no_byte_of_a_release_tells_a_planted_identity(t *testing.T) {
	m := wave(t, "employer/2", 109, 11)
	words := identities(m)
	m.snapshot.Setting.Office = questionnaires.Text{"de": "Kanarienvogel-Stelle", "fr": "Kanarienvogel-Stelle", "it": "Kanarienvogel-Stelle", "en": "Kanarienvogel-Stelle"}
	for _, profile := range []string{Scientific, Public} {
		var out bytes.Buffer
		if _, err := Build(context.Background(), m, Request{Wave: "2026", Population: "employer", Profile: profile}, []byte("k"), &out); err != nil {
			if refusal(err) && profile == Public {
				continue
			}
			t.Fatal(err)
		}
		all := parts(t, out.Bytes())
		found := scan(all, append(words, m.snapshot.Hash))
		t.Logf("%s: expected none of %d planted words; reached %d, in %d files", profile, len(words), len(found), len(all))
		if len(found) > 0 {
			t.Errorf("%s: planted identities stand in %v", profile, found)
		}
	}
	// The same words do stand in the file that stays in the house: the scanner finds them there, in
	// every format, compressed or not.
	_, bundle := build(t, m, Internal)
	found := scan(parts(t, bundle), words)
	for _, name := range []string{"data/employer.csv", "data/employer-excel.csv", "data/employer.parquet", "data/employer.de.sav", "data/employer.en.sav", "data/employer.xlsx!xl/worksheets/sheet1.xml"} {
		if found[name] == 0 && !(strings.HasSuffix(name, "sheet1.xml") && found["data/employer.xlsx!xl/sharedStrings.xml"] > 0) {
			t.Errorf("the scanner does not see what stands in %s: %v", name, found)
		}
	}
}

// TestAttack_archives_carry_no_time_and_no_name looks into the bundle and the workbook within it.
func TestAttack_archives_carry_no_time_and_no_name(t *testing.T) {
	_, bundle := build(t, wave(t, "employer/2", 109, 11), Scientific)
	archives := map[string][]byte{"bundle": bundle, "workbook": unzip(t, bundle)["data/employer.xlsx"]}
	for what, body := range archives {
		zr, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range zr.File {
			if at := f.Modified.UTC(); at.Year() != 1980 && !at.IsZero() && at.Year() != 1979 { // 1979-11-30: no date at all
				t.Errorf("%s: %s carries the time %v", what, f.Name, at)
			}
			if f.Comment != "" || len(f.Extra) > 0 && bytes.ContainsAny(f.Extra, "\x75") && bytes.Contains(f.Extra, []byte("ux")) {
				t.Errorf("%s: %s carries a comment or a user", what, f.Name)
			}
		}
	}
	const born = "2006-09-16T" // of the format: the same in every workbook of the library
	dates := regexp.MustCompile(`20[0-9]{2}-[0-9]{2}-[0-9]{2}T`)
	for name, body := range parts(t, bundle) {
		if at := string(dates.Find(body)); strings.Contains(name, "docProps") && at != "" && at != born {
			t.Errorf("%s carries a time: %s", name, at)
		}
	}
}

// harmless are the numbers of the public report that count no people: levels, rules, groups, ways, different answers.
var harmless = []string{"node", "rules", "weights", "classes", "capacity", "nodes_searched", "nodes_reaching_k", "expected_reidentifications", "expected_reidentifications_before",
	"ncp", "ncp_by_key", "max_risk", "distinct_l", "entropy_l", "t"}

// smallCounts lists the numbers between 1 and k-1 in a report, whatever they are called.
func smallCounts(at string, x any, k int, say func(at string, n float64)) {
	switch x := x.(type) {
	case map[string]any:
		for key, y := range x {
			if !slices.Contains(harmless, key) {
				smallCounts(at+"/"+key, y, k, say)
			}
		}
	case []any:
		for _, y := range x {
			smallCounts(at, y, k, say)
		}
	case string:
		if n, err := strconv.ParseFloat(strings.TrimSpace(x), 64); err == nil {
			smallCounts(at, n, k, say)
		}
	case float64:
		if x > 0 && x < float64(k) {
			say(at, x)
		}
	}
}

var frequency = regexp.MustCompile(`<catStat type="freq"[^>]*>([^<]*)<`)

func TestAttack_the_public_files_tell_no_small_count(t *testing.T) {
	looked := 0
	for _, c := range []struct {
		profile string
		n       int
	}{{Scientific, 109}, {Scientific, 160}, {Public, 200}} {
		k := profiles[c.profile].K
		for seed := range uint64(2) {
			m := wave(t, "employer/2", c.n, seed)
			var out bytes.Buffer
			if _, err := Build(context.Background(), m, Request{Wave: "2026", Population: "employer", Profile: c.profile}, []byte("k"), &out); err != nil {
				if !refusal(err) {
					t.Fatal(err)
				}
				continue
			}
			files := unzip(t, out.Bytes())
			say := func(at string, n float64) { t.Errorf("%s n=%d seed %d: %s tells %v", c.profile, c.n, seed, at, n) }
			var report any
			if err := json.Unmarshal(files["report/anonymisation.json"], &report); err != nil {
				t.Fatal(err)
			}
			smallCounts("report", report, k, say)
			book := lines(t, files["codebook/codebook.csv"])
			for _, line := range book[1:] {
				for i, head := range book[0] {
					if head == "n" || head == "valid_n" {
						smallCounts("codebook "+line[0], line[i], k, say)
						looked++
					}
				}
			}
			for _, f := range frequency.FindAllSubmatch(files["codebook/ddi-codebook-2.5.xml"], -1) {
				smallCounts("ddi", string(f[1]), k, say)
				looked++
			}
		}
	}
	t.Logf("expected no count between 1 and k-1; reached: none of %d", looked)
	if looked < 1000 {
		t.Errorf("only %d counts were looked at", looked)
	}
}

// TestAttack_any_questionnaire_and_any_number_of_answers draws both, builds the bundle, which the
// second reader checks against the answers, and lets nothing half-made out.
func TestAttack_any_questionnaire_and_any_number_of_answers(t *testing.T) {
	built, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		m := drawWave(t)
		profile := rapid.SampledFrom([]string{Scientific, Public, Internal}).Draw(t, "profile")
		var out bytes.Buffer
		man, err := Build(t.Context(), m, Request{Wave: "2026", Population: "employer", Profile: profile}, []byte("k"), &out)
		switch {
		case err == nil:
			built++
			if man.Records > m.snapshot.N || profile == Internal && man.Records != m.snapshot.N {
				t.Fatalf("%d records of %d", man.Records, m.snapshot.N)
			}
		case !refusal(err):
			t.Fatal(err)
		case out.Len() > 0:
			t.Fatal("a refused release left bytes")
		case profile == Internal || m.snapshot.N >= profiles[profile].K && errors.Is(err, ErrTooFew) && !strings.Contains(err.Error(), "at least"):
			t.Fatal(err)
		default:
			refused++
		}
	})
	t.Logf("expected every promise kept or a refusal; reached: %d built and verified, %d refused", built, refused)
	if built < 10 || refused == 0 {
		t.Errorf("%d built, %d refused: the test proves too little", built, refused)
	}
}

// TestAttack_another_order_changes_neither_node_nor_patterns: the same answers give the same node
// and the same patterns of the keys, each as often, in an order that follows the key of the order
// alone. That key also chooses which of several records with equal keys loses a cell: a choice by
// what they answered would tell something of it.
func TestAttack_another_order_changes_neither_node_nor_patterns(t *testing.T) {
	for _, profile := range []string{Scientific, Public} {
		compared := 0
		for seed := range uint64(6) {
			m := wave(t, "employer/2", 180, seed)
			one, err := versionOf(context.Background(), m, m.snapshot, profile, []byte("one"), nil)
			if err != nil {
				continue
			}
			slices.Reverse(m.records)
			two, err := versionOf(context.Background(), m, m.snapshot, profile, []byte("two"), nil)
			if err != nil {
				t.Errorf("%s seed %d: released under one key and not under another: %v", profile, seed, err)
				continue
			}
			compared++
			if x, y := fmt.Sprintf("%v %v %.9f", one.done.levels, one.done.ways, one.done.ncp), fmt.Sprintf("%v %v %.9f", two.done.levels, two.done.ways, two.done.ncp); x != y {
				t.Errorf("%s seed %d: node %s, then %s", profile, seed, x, y)
			}
			if slices.EqualFunc(one.rows, two.rows, slices.Equal[[]string]) {
				t.Errorf("%s seed %d: the order is the same", profile, seed)
			}
			x, y := one.keyCells(), two.keyCells()
			slices.SortFunc(x, slices.Compare[[]string])
			slices.SortFunc(y, slices.Compare[[]string])
			if !slices.EqualFunc(x, y, slices.Equal[[]string]) {
				t.Errorf("%s seed %d: other patterns", profile, seed)
			}
		}
		t.Logf("%s: expected the same node and patterns; reached in %d waves", profile, compared)
		if compared == 0 {
			t.Errorf("%s: no wave could be released", profile)
		}
	}
}
