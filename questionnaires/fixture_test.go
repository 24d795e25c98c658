package questionnaires

import (
	"testing"
	"testing/fstest"
)

// folder gives a definition folder with that structure and hardly any words.
func folder(structure string) fstest.MapFS {
	dir := fstest.MapFS{StructureFile: {Data: []byte(structure)}}
	for _, lang := range Languages {
		dir[TextFile(lang)] = &fstest.MapFile{Data: []byte("title: T")}
	}
	return dir
}

// define reads a structure that must be without findings.
func define(t testing.TB, structure string) *Questionnaire {
	t.Helper()
	q, found, err := ReadDir(folder(structure))
	if err != nil || len(found) > 0 {
		t.Fatalf("the structure cannot be read: %v %v\n%s", found, err, structure)
	}
	return q
}

// kindsStructure has one question of every kind on its first page.
const kindsStructure = `
key: kinds
version: 1
scales:
  AGREE: ["1", "2", "3", "98"]
  YN: ["1", "0", "98"]
also: {NA: "90", PNS: "94"}
pages:
  - code: p1
    questions:
      - {code: s, kind: single, required: true, role: plain, options: [a, b, {code: other, other: true}, "98"]}
      - {code: m, kind: multi, required: true, role: plain, shuffle: true, options: [a, b, c, {code: none, exclusive: true}, {code: other, other: true}, "98"]}
      - {code: x, kind: matrix, required: true, role: plain, scale: AGREE, also: [NA, PNS], rows: [r1, r2]}
      - {code: i, kind: integer, required: true, role: plain, min: 0, max: 5000}
      - {code: d, kind: decimal, required: true, role: plain, min: -10, max: 10, decimals: 1}
      - {code: t, kind: text, required: true, role: freetext, max_length: 5}
      - {code: r, kind: ranking, required: true, role: plain, top: 2, options: [a, b, c]}
      - {code: y, kind: yesno, required: true, role: plain, scale: YN}
      - {code: day, kind: date, required: true, role: plain, not_future: true}
      - {code: n, kind: numbers, required: true, role: plain, min: 0, max: 100, sum_equals: 100, rows: [r1, r2]}
      - {code: w, kind: texts, required: true, role: freetext, max_length: 5, rows: [r1, r2]}
  - code: p2
    if: y == 1
    questions:
      - {code: later, kind: single, role: plain, if: '"a" in m and i >= 10', options: [a, b]}
`

// fullForm answers every question of the first page of kindsStructure well.
func fullForm() map[string][]string {
	return map[string][]string{
		"s": {"a"}, "m": {"c", "a"}, "x.r1": {"3"}, "x.r2": {"90"}, "i": {"1'000"}, "d": {"-1,5"}, "t": {" Été "},
		"r.a": {"2"}, "r.b": {""}, "r.c": {"1"}, "y": {"1"}, "day.day": {"1"}, "day.month": {"2"}, "day.year": {"2020"},
		"n.r1": {"40"}, "n.r2": {"60"}, "w.r1": {"x"}, "w.r2": {"y"},
	}
}

func code(codes ...string) Value { return Value{Codes: codes} }

func number(n float64) Value { return Value{Number: &n} }
