package freetext

import (
	"crypto/rand"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"rondo/questionnaires/boundtest"
)

// texts gives n texts of each language, numbered.
func texts(n map[string]int) []Text {
	var all []Text
	for _, lang := range []string{"de", "fr", "it", "en"} {
		for i := range n[lang] {
			all = append(all, Text{lang, fmt.Sprintf("%s %03d", lang, i)})
		}
	}
	return all
}

// written gives the lines of a file.
func written(t testing.TB, all []Text, madeUp bool) [][]string {
	t.Helper()
	raw, n, err := File(all, madeUp, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(string(raw))).ReadAll()
	if err != nil || len(lines) != n+1 {
		t.Fatalf("%d lines for %d texts: %v", len(lines), n, err)
	}
	return lines
}

func TestFile_holds_languages_and_texts_and_nothing_else(t *testing.T) {
	lines := written(t, texts(map[string]int{"de": 7, "fr": 5}), false)
	if got := strings.Join(lines[0], ","); got != "language,text" || len(lines) != 13 {
		t.Errorf("%d lines under %s", len(lines), got)
	}
	seen := map[string]bool{}
	for _, line := range lines[1:] {
		seen[line[1]] = true
	}
	if len(seen) != 12 {
		t.Errorf("%d of 12 texts are there", len(seen))
	}
	if made := written(t, texts(map[string]int{"de": 10}), true); made[3][2] != "synthetic" {
		t.Errorf("a made-up text is not marked: %v", made[3])
	}
}

func TestFile_of_fewer_than_ten_texts_is_refused(t *testing.T) {
	for _, n := range []map[string]int{nil, {"de": 9}, {"de": 9, "fr": 4}, {"de": 4, "fr": 4, "it": 4}} {
		if raw, _, err := File(texts(n), false, rand.Reader); !errors.Is(err, ErrTooFew) || raw != nil {
			t.Errorf("%v: %v", n, err)
		}
	}
}

func TestFile_leaves_out_a_language_with_fewer_than_five_texts(t *testing.T) {
	all := texts(map[string]int{"de": 10, "it": 4, "fr": 5})
	for _, line := range written(t, all, false)[1:] {
		if line[0] == "it" {
			t.Errorf("an Italian text left: %v", line)
		}
	}
	if _, out, err := Leaving(all); err != nil || fmt.Sprint(out) != "[it]" {
		t.Errorf("left out: %v, %v", out, err)
	}
}

// TestFile_order_tells_nothing is the rule of reference anonymisation 1.14: no rank correlation
// between the order of before and that of the file.
func TestFile_order_tells_nothing(t *testing.T) {
	all := texts(map[string]int{"de": 109})
	const files = 200
	sum, first := 0.0, map[string]bool{}
	for range files {
		squares := 0.0
		lines := written(t, all, false)[1:]
		for at, line := range lines {
			var before int
			if _, err := fmt.Sscanf(line[1], "de %d", &before); err != nil {
				t.Fatal(err)
			}
			squares += float64((at - before) * (at - before))
		}
		n := float64(len(lines))
		rank := 1 - 6*squares/(n*(n*n-1))
		if math.Abs(rank) > 0.45 {
			t.Errorf("the order of a file follows that of before: %.2f", rank)
		}
		sum += rank
		first[lines[0][1]] = true
	}
	if mean := sum / files; math.Abs(mean) > 0.03 {
		t.Errorf("over %d files the order follows that of before: %.3f", files, mean)
	}
	if len(first) < 40 {
		t.Errorf("only %d texts ever stand first", len(first))
	}
}

func TestFile_holds_no_formula_and_no_hidden_sign(t *testing.T) {
	all := texts(map[string]int{"de": 10})
	all[0].Text, all[1].Text, all[2].Text = "=1+1", "\u202e@SUM(A1)", "a\x00b\u200bc\r\nd"
	got := map[string]bool{}
	for _, line := range written(t, all, false) {
		got[line[1]] = true
	}
	for _, want := range []string{"'=1+1", "'@SUM(A1)", "abc\nd"} {
		if !got[want] {
			t.Errorf("%q is not in %v", want, got)
		}
	}
}

func TestFile_needs_chance(t *testing.T) {
	if _, _, err := File(texts(map[string]int{"de": 10}), false, strings.NewReader("")); err == nil {
		t.Error("texts were shuffled without chance")
	}
}

func FuzzFile(f *testing.F) {
	f.Add(10, 5, 4, "a")
	f.Fuzz(func(t *testing.T, de, fr, it int, text string) {
		n := map[string]int{"de": abs(de) % 300, "fr": abs(fr) % 30, "it": abs(it) % 12}
		all := texts(n)
		for i := range all {
			all[i].Text += text
		}
		want := 0
		for _, k := range n {
			if k >= K {
				want += k
			}
		}
		var raw []byte
		var made int
		var err error
		boundtest.Quick(t, func() { raw, made, err = File(all, false, rand.Reader) })
		if want < Least {
			if !errors.Is(err, ErrTooFew) {
				t.Fatalf("%v: %d texts, %v", n, made, err)
			}
			return
		}
		lines, readErr := csv.NewReader(strings.NewReader(string(raw))).ReadAll()
		if err != nil || readErr != nil || made != want || len(lines) != want+1 {
			t.Fatalf("%v: %d texts of %d, %v, %v", n, made, want, err, readErr)
		}
	})
}

func abs(n int) int { return max(n, -(n + 1)) }
