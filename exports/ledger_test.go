package exports

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// protected protects a made-up wave; it is tried with other answers until that succeeds.
func protected(t *testing.T, profile string, n int) version {
	t.Helper()
	for seed := range uint64(20) {
		m := wave(t, "employer/2", n, seed)
		v, err := versionOf(context.Background(), m, m.snapshot, profile, []byte("key"), nil)
		if err == nil {
			return v
		}
	}
	t.Fatalf("no wave of %d can be released as %s", n, profile)
	return version{}
}

// copied is a version that can be changed without changing the first.
func (v version) copied() version {
	sh := v.clone()
	sh.ids, sh.before = slices.Clone(v.ids), slices.Clone(v.before)
	v.sheet, v.done.levels, v.done.ways = sh, maps.Clone(v.done.levels), maps.Clone(v.done.ways)
	return v
}

func TestASecondReleaseIsRefusedByTheRuleItBreaks(t *testing.T) {
	first := protected(t, Scientific, 200)
	key := first.keys()[0]
	name := first.choices[key].Column.Name
	for _, c := range []struct {
		rule   string
		want   error
		change func(v version)
	}{
		{"the same again", nil, func(version) {}},
		{"coarser, in the same classes", nil, func(v version) {
			v.done.levels[name]++
			for _, row := range v.rows {
				row[key] = "*"
			}
		}},
		{"a key at a finer level", ErrFiner, func(v version) { v.done.levels[name]-- }},
		{"a key in other classes", ErrFiner, func(v version) { v.done.ways[name] = "another" }},
		{"two records fewer", ErrDifference, func(v version) {
			v.rows, v.before, v.ids = v.rows[2:], v.before[2:], v.ids[2:]
		}},
		{"one record in another class", ErrJoint, func(v version) {
			for _, row := range v.rows {
				if row[key] != v.rows[0][key] {
					v.rows[0][key] = row[key]
					return
				}
			}
		}},
		{"a rare answer shown after all", ErrTogether, func(v version) {
			for j, choice := range v.choices {
				if choice.Treatment == Open && choice.Column.Option == nil && !missing(v.rows[0][j]) {
					v.rows[0][j] = "a rare answer"
					return
				}
			}
		}},
	} {
		v := first.copied()
		if c.rule == "a key at a finer level" && v.done.levels[name] == 0 {
			t.Fatalf("%s is at its finest level: the case proves nothing", name)
		}
		c.change(v)
		if err := v.beside(first); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.rule, err, c.want)
		}
	}
}

func TestARefusalOfASecondReleaseTellsNoSmallCount(t *testing.T) {
	for n := range 12 {
		for _, said := range []string{atLeast(n, 5), cells(n, 5)} {
			if small := n < 5; small != strings.Contains(said, "fewer than 5") {
				t.Errorf("%d is told as %q", n, said)
			}
		}
	}
}

// altered is a second version as somebody might wish for it: some keys coarser, some records left
// out, some put into another class.
func altered(t *rapid.T, first version) version {
	v := first.copied()
	keys := v.keys()
	for _, j := range keys {
		if rapid.Bool().Draw(t, "coarser") {
			v.done.levels[v.choices[j].Column.Name] = 9
			for _, row := range v.rows {
				row[j] = "*"
			}
		}
	}
	if rapid.Bool().Draw(t, "leave some out") {
		v.pick(rapid.SliceOfNDistinct(rapid.IntRange(0, len(v.rows)-1), len(v.rows)-12, len(v.rows), rapid.ID[int]).Draw(t, "kept"))
	}
	if rapid.Bool().Draw(t, "keep the rest") {
		return v
	}
	for range rapid.IntRange(1, 12).Draw(t, "moved") {
		j := rapid.SampledFrom(keys).Draw(t, "key")
		v.rows[rapid.IntRange(0, len(v.rows)-1).Draw(t, "row")][j] = v.rows[0][j]
	}
	return v
}

// TestWhoHasBothReleasesFindsAtLeastKAlike links the rows of two accepted releases, as if the
// answers gave them all away, and counts what the keys of both say together.
func TestWhoHasBothReleasesFindsAtLeastKAlike(t *testing.T) {
	first := protected(t, Scientific, 120)
	accepted, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		second := altered(t, first)
		if second.beside(first) != nil {
			refused++
			return
		}
		accepted++
		of, times, count := map[int]string{}, map[int]int{}, map[string]int{}
		for _, v := range []version{first, second} {
			for r, id := range v.ids {
				times[id]++
				for _, j := range v.keys() {
					of[id] += v.rows[r][j] + "|"
				}
			}
		}
		for id, both := range of {
			count[fmt.Sprint(both, times[id])]++ // who stands in one file only is seen to
		}
		for both, n := range count {
			if n < 5 {
				t.Fatalf("%q stands %d times", both, n)
			}
		}
	})
	if accepted == 0 || refused == 0 {
		t.Errorf("%d accepted, %d refused: the test proves too little", accepted, refused)
	}
}

// TestASecondReleaseIsRefusedWhereItsLeftOutRecordsStandAlone: a record is left out for its keys, so
// whoever knows them looks among the rows of the one file that have no twin in the other. There, too,
// k have to be alike.
func TestASecondReleaseIsRefusedWhereItsLeftOutRecordsStandAlone(t *testing.T) {
	m := viewed(t, "plain", 120, 20, 20)
	whole, err := versionOf(context.Background(), m, m.snapshot, Scientific, []byte("key"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		alike int // records of each of two classes that one file lacks
		holds bool
	}{{3, false}, {5, true}} {
		fewer, classes := whole.copied(), 0
		gone := map[int]bool{}
		for _, rows := range whole.classes() {
			if len(rows) >= 12 && classes < 2 {
				for _, r := range rows[:c.alike] {
					gone[r] = true
				}
				classes++
			}
		}
		if classes < 2 {
			t.Fatal("no two classes are large enough: the case proves nothing")
		}
		var keep []int
		for r := range whole.rows {
			if !gone[r] {
				keep = append(keep, r)
			}
		}
		fewer.pick(keep)
		for name, err := range map[string]error{"fewer after more": fewer.beside(whole), "more after fewer": whole.beside(fewer)} {
			if c.holds && err != nil || !c.holds && !errors.Is(err, ErrJoint) {
				t.Errorf("%s, %d alike and %d left out: %v", name, c.alike, len(gone), err)
			}
		}
	}
}

func TestBuildRefusesASecondProfileThatWouldUndoTheFirst(t *testing.T) {
	refused, accepted := 0, 0
	for seed := range uint64(12) {
		m := wave(t, "employer/2", 180, seed)
		var out bytes.Buffer
		request := Request{Wave: "2026", Population: "employer", Profile: Public}
		if _, err := Build(context.Background(), m, request, []byte("key"), &out); err != nil {
			continue
		}
		request.Profile, request.Earlier = Scientific, []string{Public}
		out.Reset()
		if _, err := Build(context.Background(), m, request, []byte("key"), &out); !errors.Is(err, ErrNoReason) || out.Len() > 0 {
			t.Fatalf("without a reason: %v, %d bytes", err, out.Len())
		}
		request.Reason = "Asked for by the university"
		_, err := Build(context.Background(), m, request, []byte("key"), &out)
		switch {
		case errors.Is(err, ErrFiner):
			refused++
		case err == nil:
			accepted++
		}
		if err != nil && out.Len() > 0 {
			t.Error("a refused release left bytes")
		}
	}
	if refused == 0 {
		t.Errorf("no scientific release after a public one was refused (%d accepted): it shows more", accepted)
	}
}

func TestAFurtherReleaseSaysInItsReportWhyItWasMade(t *testing.T) {
	m := released(t, Scientific)
	request := Request{Wave: "2026", Population: "employer", Profile: Scientific, Earlier: []string{Scientific}, Reason: " For <the> university "}
	var out bytes.Buffer
	if _, err := Build(context.Background(), m, request, []byte("key"), &out); err != nil {
		t.Fatal(err)
	}
	files := unzip(t, out.Bytes())
	for name, want := range map[string]string{
		"report/anonymisation.json": `"reason": "For <the> university"`, "report/anonymisation.html": "For &lt;the&gt; university",
	} {
		if !strings.Contains(string(files[name]), want) {
			t.Errorf("%s does not say %s", name, want)
		}
	}
}
