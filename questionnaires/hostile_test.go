package questionnaires

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"rondo/questionnaires/boundtest"
)

// TestMain reads and lints one folder where a test below asks for it in a process
// of its own, and says what is found.
func TestMain(m *testing.M) {
	boundtest.Main(m, func(path string) string {
		q, found, err := ReadDir(os.DirFS(path))
		if err != nil {
			return err.Error()
		}
		return printed(append(found, Lint(q)...))
	})
}

// bench reads folders in processes of their own.
type bench struct{ *boundtest.Bench }

func newBench(t *testing.T) bench {
	return bench{boundtest.NewBench(t, onDisk(t, folder("key: k\nversion: 1\n")))}
}

// read says what is found in a folder, which must take 2 s and 128 MB at most.
func (b bench) read(t *testing.T, dir fstest.MapFS) string {
	t.Helper()
	return b.Read(t, onDisk(t, dir))
}

func onDisk(t *testing.T, dir fstest.MapFS) string {
	t.Helper()
	path := t.TempDir()
	if err := os.CopyFS(path, dir); err != nil {
		t.Fatal(err)
	}
	return path
}

// hostileFile is one file of a version that is otherwise empty.
type hostileFile struct{ name, file, content, want string }

func hostileFiles() []hostileFile {
	indented := ""
	for i := range 700 {
		indented += strings.Repeat(" ", i) + "a:\n"
	}
	full := func(s string) string { return strings.Repeat(s, (maxFileSize-200)/len(s)) }
	// most is as much of something as comes before the parser: a mark, or two, for each
	most := func(s string, marks int) string {
		return strings.Repeat(s, min(mostMarks/marks, maxFileSize/len(s))-10)
	}
	crowded := "read questionnaire.yaml: line 1: up to here are more than 100000 brackets, commas"
	return []hostileFile{
		{"nothing but brackets", StructureFile, "key: " + full("["), crowded},
		{"nothing but colons", StructureFile, full(": "), crowded},
		{"nothing but commas", StructureFile, "key: [" + full("a, ") + "]", crowded},
		{"empty lines", StructureFile, full("\n"), "line 100001: up to here are more than 100000"},
		{"bomb", StructureFile, bomb(), "read questionnaire.yaml: line 1: anchors, aliases"},
		{"bomb in the words", "text.fr.yaml", "title: T\n" + bomb(), "read text.fr.yaml: line 2: anchors, aliases"},
		{"merged bomb", StructureFile, "a: {b: 1}\n<<: [1, 2]\n", "read questionnaire.yaml: line 2: anchors, aliases"},
		{"deep lists", StructureFile, "key: " + most("[", 1), "read questionnaire.yaml: line 1: nested too deeply"},
		{"deep mappings", StructureFile, "key: " + most("{a: ", 2), "read questionnaire.yaml: line 1: nested too deeply"},
		{"deep indentation", StructureFile, indented, "nested too deeply"},
		{"deep blocks", StructureFile, "key:\n" + most("- ", 1) + "x", "read questionnaire.yaml: line "},
		{"large", StructureFile, "key: " + strings.Repeat("x", maxFileSize), "read questionnaire.yaml: larger than 524288 bytes"},
		{"two documents", StructureFile, "key: k\n---\nkey: l\n", "read questionnaire.yaml: line 2: a file holds one document"},
		{"many documents", StructureFile, most("---\n", 2), ""},
		{"key twice", StructureFile, "key: k\nversion: 1\nkey: l\n", "read questionnaire.yaml: "},
		{"quotes", StructureFile, "key: " + most(`"a" `, 2), "read questionnaire.yaml: "},
		{"many colons", StructureFile, most(": ", 1), "read questionnaire.yaml: line 1: two colons"},
		{"zeros", StructureFile, full("\x00"), ""},
		{"question marks", StructureFile, most("? ", 1), "read questionnaire.yaml: line 1: keys that begin with ?"},
		{"one list", StructureFile, "key: [" + most("a, ", 1) + "]", "key: not_a_word"},
		{"one line of keys", StructureFile, "key: {" + strings.ReplaceAll(manyLines("k%d: 1, "), "\n", "") + "}", "read questionnaire.yaml: line 1: a mapping of more than 2000 keys"},
		{"empty lists", StructureFile, "key: [" + most("[], ", 3) + "]", ""},
		{"tabs", StructureFile, full("\t"), ""},
		{"tabbed keys", StructureFile, most("\ta: b\n", 2), ""},
		{"lists of lists", StructureFile, most("- - a\n", 3), ""},
		{"open quotation mark", StructureFile, "key: \"" + most("a\n", 1), "read questionnaire.yaml: "},
		{"escapes", StructureFile, "key: \"" + full("\\x41") + "\"", ""},
		{"folded text", StructureFile, "key: >\n" + most(" a\n\n", 2), ""},
		{"percent signs", StructureFile, most("%a\n", 2), ""},
		{"open text", StructureFile, "key: |\n" + most(" a\n", 1), ""},
		{"comments", StructureFile, most("# a\n", 2), ""},
		{"long key", StructureFile, full("a") + ": 1", ""},
		{"many keys", StructureFile, manyLines("k%d: 1\n"), "read questionnaire.yaml: line 2001: a mapping of more than 2000 keys"},
		{"many words", "text.de.yaml", manyLines("k%d: 1\n"), "read text.de.yaml: line 2001: a mapping of more than 2000 keys"},
		{"many questions", StructureFile, "key: k\nversion: 1\npages:\n  - code: p\n    questions:\n" + manyLines("      - {code: q%d, kind: text}\n"), ""},
		{"one question over and over", StructureFile, "key: k\nversion: 1\npages:\n  - code: p\n    questions:\n" + full("      - {code: q, kind: text}\n"), ""},
		{"many options", StructureFile, "key: k\nversion: 1\npages:\n  - code: p\n    questions:\n      - code: q\n        kind: single\n        options:\n" + manyLines("          - o%d\n"), ""},
	}
}

// TestHostileFilesAreRefusedAtTheirPlaceInTime hands the reader files that were
// made to keep it busy or to fill the memory. Each is refused with its place.
func TestHostileFilesAreRefusedAtTheirPlaceInTime(t *testing.T) {
	alone := newBench(t)
	for _, c := range hostileFiles() {
		t.Run(c.name, func(t *testing.T) {
			dir := folder("key: k\nversion: 1\n")
			dir[c.file] = &fstest.MapFile{Data: []byte(c.content)}
			said := alone.read(t, dir)
			if c.want == "" { // what costs something before it is refused is tried in all files at once
				for name := range dir {
					dir[name] = &fstest.MapFile{Data: []byte(c.content)}
				}
				if said := alone.read(t, dir); said == "" {
					t.Error("nothing is found where all files are such")
				}
			}
			if said == "" || !strings.Contains(said, c.want) {
				t.Errorf("says %.300q, want %q", said, c.want)
			}
		})
	}
}

// bomb is the billion laughs: lists of lists of what was named before.
func bomb() string {
	laughs := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'j'; c++ {
		laughs += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9), ", "))
	}
	return laughs
}

func manyLines(format string) string {
	var b strings.Builder
	for i := 0; b.Len() < maxFileSize*9/10; i++ {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// TestHostileConditionsAreRefusedAtTheirPlaceInTime does the same with
// conditions and formulas.
func TestHostileConditionsAreRefusedAtTheirPlaceInTime(t *testing.T) {
	page := func(extra string) string {
		return "key: k\nversion: 1\npages:\n  - code: p\n    questions:\n      - {code: a, kind: yesno, role: plain, options: ['1', '0']}\n" + extra
	}
	question := func(condition string) string {
		return page("      - {code: b, kind: text, role: freetext, if: '" + condition + "'}\n")
	}
	at := "questionnaire.yaml: pages[p].questions[b].if: "
	chain := ""
	for i := range 8000 {
		chain += fmt.Sprintf("  - {code: c%d, value: c%d + c%d, role: plain}\n", i, (i+1)%8000, (i+7)%8000)
	}
	cases := []struct{ name, structure, want string }{
		{"10,000 characters", question(strings.Repeat("a == 1 or ", 1000)), at + "bad_condition: the condition is longer"},
		{"brackets", question(strings.Repeat("(", 990)), at + "bad_condition: "},
		{"nots", question(strings.Repeat("not ", 240) + "a == 1"), at + "bad_condition: "},
		{"many terms", question(strings.Repeat("a==1or ", 130) + "a==1"), at + "bad_condition: "},
		{"a huge range", question("a in 1..999999999"), at + "bad_condition: "},
		{"a loop", question("all(1..9999, {all(1..9999, {# > 1})})"), at + "bad_condition: "},
		{"a regular expression", question(`a matches "(a+)+$"`), at + "bad_condition: "},
		{"itself", question("b == 1"), at + "looks_forward: "},
		{"a circle", page("calculated:\n" + chain), "questionnaire.yaml: calculated[c0].value: cycle: "},
		{"indices that double", page("      - {code: b, kind: text, role: freetext, if: 'c400 > 1'}\ncalculated:\n  - {code: c0, value: a + a, role: plain}\n" + doubling(400)), "never_holds"},
		{"all numbers", question("a == 1") + "calculated: [{code: c, value: '" + strings.Repeat("9", 900) + " * a', role: plain}]\n", ""},
	}
	alone := newBench(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			said := alone.read(t, folder(c.structure))
			if !strings.Contains(said, c.want) {
				t.Errorf("says %.300q, want %q", said, c.want)
			}
		})
	}
}

// doubling gives calculated variables that each look at the one above twice.
func doubling(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "  - {code: c%d, value: c%d - c%d, role: plain}\n", i, i-1, i-1)
	}
	return b.String()
}

// TestTheSolverGivesUpInTime has it decide conditions of which nothing but
// trying tells whether they hold, in a whole questionnaire of them.
func TestTheSolverGivesUpInTime(t *testing.T) {
	var s strings.Builder
	s.WriteString("key: k\nversion: 1\npages:\n  - code: p\n    questions:\n")
	for i := range 20 {
		fmt.Fprintf(&s, "      - {code: q%d, kind: integer, role: plain, min: 0, max: 999}\n", i)
	}
	for i := range 200 {
		fmt.Fprintf(&s, "      - {code: t%d, kind: text, role: freetext, if: 'q0 * q1 * q2 + q3 * q4 == q5 * q6 * q7 + 0.5 and q%d > 3'}\n", i, i%20)
	}
	said := newBench(t).read(t, folder(s.String()))
	if n := strings.Count(said, RuleNotDecided); n != 200 {
		t.Errorf("%d of 200 are not decided", n)
	}
}
