package questionnaires

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// TestHostileFilesAreRefusedAtTheirPlaceInTime hands the reader files that were
// made to keep it busy or to fill the memory. Each is refused with its place.
func TestHostileFilesAreRefusedAtTheirPlaceInTime(t *testing.T) {
	indented := ""
	for i := range 700 {
		indented += strings.Repeat(" ", i) + "a:\n"
	}
	full := func(s string) string { return strings.Repeat(s, (maxFileSize-200)/len(s)) }
	cases := []struct{ name, file, content, want string }{
		{"bomb", StructureFile, bomb(), "read questionnaire.yaml: line 1: anchors, aliases"},
		{"bomb in the words", "text.fr.yaml", "title: T\n" + bomb(), "read text.fr.yaml: line 2: anchors, aliases"},
		{"merged bomb", StructureFile, "a: {b: 1}\n<<: [1, 2]\n", "read questionnaire.yaml: line 2: anchors, aliases"},
		{"deep lists", StructureFile, "key: " + full("["), "read questionnaire.yaml: line 1: nested too deeply"},
		{"deep mappings", StructureFile, "key: " + full("{a: "), "read questionnaire.yaml: line 1: nested too deeply"},
		{"deep indentation", StructureFile, indented, "nested too deeply"},
		{"deep blocks", StructureFile, "key:\n" + full("- ") + "x", "read questionnaire.yaml: line "},
		{"large", StructureFile, "key: " + strings.Repeat("x", maxFileSize), "read questionnaire.yaml: larger than 524288 bytes"},
		{"two documents", StructureFile, "key: k\n---\nkey: l\n", "read questionnaire.yaml: line 2: a file holds one document"},
		{"many documents", StructureFile, full("---\n"), ""},
		{"key twice", StructureFile, "key: k\nversion: 1\nkey: l\n", "read questionnaire.yaml: "},
		{"quotes", StructureFile, "key: " + full(`"a" `), "read questionnaire.yaml: "},
		{"nothing but colons", StructureFile, full(": "), "read questionnaire.yaml: line 1: two colons"},
		{"zeros", StructureFile, full("\x00"), ""},
		{"question marks", StructureFile, full("? "), "read questionnaire.yaml: line 1: keys that begin with ?"},
		{"one list", StructureFile, "key: [" + full("a, ") + "]", "key: not_a_word"},
		{"one line of keys", StructureFile, "key: {" + strings.ReplaceAll(manyLines("k%d: 1, "), "\n", "") + "}", "read questionnaire.yaml: line 1: a mapping of more than 2000 keys"},
		{"empty lists", StructureFile, "key: [" + full("[], ") + "]", ""},
		{"tabs", StructureFile, full("\t"), ""},
		{"tabbed keys", StructureFile, full("\ta: b\n"), ""},
		{"lists of lists", StructureFile, full("- - a\n"), ""},
		{"open quotation mark", StructureFile, "key: \"" + full("a\n"), "read questionnaire.yaml: "},
		{"escapes", StructureFile, "key: \"" + full("\\x41") + "\"", ""},
		{"folded text", StructureFile, "key: >\n" + full(" a\n\n"), ""},
		{"percent signs", StructureFile, full("%a\n"), ""},
		{"open text", StructureFile, "key: |\n" + full(" a\n"), ""},
		{"comments", StructureFile, full("# a\n"), ""},
		{"long key", StructureFile, full("a") + ": 1", ""},
		{"many keys", StructureFile, manyLines("k%d: 1\n"), "read questionnaire.yaml: line 2001: a mapping of more than 2000 keys"},
		{"many words", "text.de.yaml", manyLines("k%d: 1\n"), "read text.de.yaml: line 2001: a mapping of more than 2000 keys"},
		{"many questions", StructureFile, "key: k\nversion: 1\npages:\n  - code: p\n    questions:\n" + manyLines("      - {code: q%d, kind: text}\n"), ""},
		{"one question over and over", StructureFile, "key: k\nversion: 1\npages:\n  - code: p\n    questions:\n" + full("      - {code: q, kind: text}\n"), ""},
		{"many options", StructureFile, "key: k\nversion: 1\npages:\n  - code: p\n    questions:\n      - code: q\n        kind: single\n        options:\n" + manyLines("          - o%d\n"), ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := folder("key: k\nversion: 1\n")
			dir[c.file] = &fstest.MapFile{Data: []byte(c.content)}
			said := within(t, func() string {
				q, found, err := ReadDir(dir)
				if err != nil {
					return err.Error()
				}
				return printed(append(found, Lint(q)...))
			})
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

// within runs what must be over in two seconds and take little memory.
func within(t *testing.T, run func() string) string {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begun := worked(t)
	said := run()
	if spent := worked(t) - begun; spent > slow*2*time.Second {
		t.Errorf("it took %v", spent)
	} else {
		t.Logf("it took %v", spent)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<30 {
		t.Errorf("it took %d MB in all", got>>20)
	}
	return said
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
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			said := within(t, func() string {
				q, found, err := ReadDir(folder(c.structure))
				if err != nil {
					return err.Error()
				}
				return printed(append(found, Lint(q)...))
			})
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
	said := within(t, func() string {
		q, found, err := ReadDir(folder(s.String()))
		if err != nil || len(found) > 0 {
			t.Fatal(found, err)
		}
		return printed(Lint(q))
	})
	if n := strings.Count(said, RuleNotDecided); n != 200 {
		t.Errorf("%d of 200 are not decided", n)
	}
}
