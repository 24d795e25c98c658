package questionnaires

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"rondo/questionnaires/boundtest"
)

// thousand gives the files of a questionnaire of 1,000 questions on 100 pages:
// each page has routing that hangs on the page before, each question its own
// condition, with matrices, numbers, checks and an index among them.
func thousand() map[string][]byte {
	var s, w, checks strings.Builder
	s.WriteString("key: k\nversion: 1\nscales:\n  AGREE: ['1', '2', '3', '4', '98']\npages:\n")
	w.WriteString("title: \"T\"\nscales:\n  AGREE: {\"1\": a, \"2\": b, \"3\": c, \"4\": d, \"98\": e}\nquestions:\n")
	var pages strings.Builder
	checks.WriteString("checks:\n")
	for p := range 100 {
		fmt.Fprintf(&s, "  - code: p%d\n", p)
		fmt.Fprintf(&pages, "  p%d: \"Page\"\n", p)
		if p > 0 {
			fmt.Fprintf(&s, "    if: q%d_0 in [\"a\", \"b\"] or q%d_1 >= %d\n", p-1, p-1, p)
		}
		s.WriteString("    questions:\n")
		for i := range 10 {
			s.WriteString(thousandth(p, i))
			fmt.Fprintf(&w, "  q%d_%d:\n    label: \"What about this, in a few words?\"\n%s", p, i, wordsOf(i))
		}
		fmt.Fprintf(&checks, "  - {code: c%d, question: q%d_4, fails: q%d_4 > q%d_1}\n", p, p, p, p)
	}
	w.WriteString("pages:\n" + pages.String() + "checks:\n")
	for p := range 100 {
		fmt.Fprintf(&w, "  c%d: \"Please check.\"\n", p)
	}
	files := map[string][]byte{StructureFile: []byte(s.String() + checks.String())}
	for _, lang := range Languages {
		files[TextFile(lang)] = []byte(w.String())
	}
	return files
}

func thousandth(p, i int) string {
	switch i {
	case 0:
		return fmt.Sprintf("      - {code: q%d_0, kind: single, required: true, role: plain, options: [a, b, c, d, \"98\"]}\n", p)
	case 1, 4:
		return fmt.Sprintf("      - {code: q%d_%d, kind: integer, role: plain, min: 0, max: 5000, if: q%d_0 != \"d\"}\n", p, i, p)
	case 2:
		return fmt.Sprintf("      - {code: q%d_2, kind: multi, role: plain, options: [a, b, c, {code: none, exclusive: true}]}\n", p)
	case 3:
		return fmt.Sprintf("      - {code: q%d_3, kind: matrix, role: plain, scale: AGREE, rows: [r1, r2, {code: r3, if: '\"a\" in q%d_2'}]}\n", p, p)
	}
	return fmt.Sprintf("      - {code: q%d_%d, kind: single, role: plain, if: '\"a\" in q%d_2 and q%d_3__r1 >= 2 or q%d_1 > %d', options: [a, b, c, d]}\n", p, i, p, p, p, i*100)
}

func wordsOf(i int) string {
	switch i {
	case 0:
		return "    options: {a: x, b: x, c: x, d: x, \"98\": x}\n"
	case 1, 4:
		return ""
	case 2:
		return "    options: {a: x, b: x, c: x, none: x}\n"
	case 3:
		return "    rows: {r1: x, r2: x, r3: x}\n"
	}
	return "    options: {a: x, b: x, c: x, d: x}\n"
}

func TestAThousandQuestionsLintCleanAndInTime(t *testing.T) {
	dir := fstest.MapFS{}
	for name, data := range thousand() {
		dir[name] = &fstest.MapFile{Data: data}
	}
	if q, _, err := ReadDir(dir); err != nil || len(q.Questions()) != 1000 {
		t.Fatalf("%d questions, %v", len(q.Questions()), err)
	}
	if said := newBench(t).read(t, dir); said != "" {
		t.Errorf("findings: %.1000s", said)
	}
}

func BenchmarkParseAndLint(b *testing.B) {
	for _, q := range Builtins() {
		dir, err := fs.Sub(Definitions(), q.Ref())
		if err != nil {
			b.Fatal(err)
		}
		files, err := filesOf(dir)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(strings.ReplaceAll(q.Ref(), "/", "_"), func(b *testing.B) { parseAndLint(b, files) })
	}
	b.Run("thousand", func(b *testing.B) { parseAndLint(b, thousand()) })
}

func filesOf(dir fs.FS) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, name := range Files() {
		data, err := readFile(dir, name)
		if err != nil {
			return nil, err
		}
		files[name] = data
	}
	return files, nil
}

func parseAndLint(b *testing.B, files map[string][]byte) {
	b.ReportAllocs()
	before, rounds := boundtest.Processor(b), 0
	for b.Loop() {
		rounds++
		q, found, err := ReadFiles(files)
		if err != nil || len(found) > 0 {
			b.Fatal(found, err)
		}
		Lint(q)
	}
	b.ReportMetric(float64((boundtest.Processor(b)-before).Milliseconds())/float64(rounds), "cpu-ms/op")
}

func BenchmarkLintThousand(b *testing.B) {
	q, _, err := ReadFiles(thousand())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Lint(q)
	}
}
