package questionnaires

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what is found into the case files")

// TestEachSeededFaultGivesItsFindingAndNoOther plays the case files in
// testdata/lint. testdata/lint/README.md says how to write one.
func TestEachSeededFaultGivesItsFindingAndNoOther(t *testing.T) {
	covered := map[string]bool{}
	for _, name := range lintCases(t) {
		c := readCase(t, name)
		covered[c.rule] = true
		t.Run(name, func(t *testing.T) {
			found := c.findings(t)
			for _, f := range found {
				if f.Rule != c.rule {
					t.Errorf("another finding: %v", f)
				}
				if f.Warning != warnings[f.Rule] {
					t.Errorf("%v is a warning: %v", f, f.Warning)
				}
			}
			if len(found) != 1 {
				t.Errorf("%d findings: a case is one fault, and a fault is told once", len(found))
			}
			if *update {
				c.write(t, found)
			}
			if got := printed(found); got != c.want {
				t.Errorf("found\n%swant\n%s", got, c.want)
			}
		})
	}
	ofFolders := slices.IndexFunc(Rules, func(r Rule) bool { return r.Name == RuleUnreadable })
	for _, r := range Rules[:ofFolders] { // the others are of folders, and tested where they are found
		if !covered[r.Name] {
			t.Errorf("the rule %s has no case in testdata/lint", r.Name)
		}
	}
}

func TestTheBaseOfTheCasesHasNoFindings(t *testing.T) {
	q, found, err := ReadFiles(baseFiles(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(found, Lint(q)...) {
		t.Error(f)
	}
}

// TestEveryRuleThatCanBeFoundIsInTheTable reads the sources of the reader and
// the linter for the names they give to findings.
func TestEveryRuleThatCanBeFoundIsInTheTable(t *testing.T) {
	source, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	say := regexp.MustCompile(`(?:\.add\(|\bsay\().*?(?:"([a-z]+_[a-z_]+)"|\b(Rule[A-Z]\w+))`)
	keys := regexp.MustCompile(`\bat\("\w+"\)`)
	constants := ruleConstants(t)
	known := map[string]bool{}
	for _, r := range Rules {
		if known[r.Name] || r.Sentence == "" {
			t.Errorf("the rule %s stands twice in the table, or without a sentence", r.Name)
		}
		known[r.Name] = true
	}
	if len(known) != len(constants) {
		t.Errorf("%d rules in the table, %d constants", len(known), len(constants))
	}
	seen := 0
	for _, name := range source {
		if !strings.HasPrefix(name, "read") && !strings.HasPrefix(name, "lint") && !slices.Contains([]string{"tree.go", "wording.go", "changes.go", "published.go", "proposal.go"}, name) || strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range say.FindAllStringSubmatch(keys.ReplaceAllString(string(text), ""), -1) {
			rule := m[1] + constants[m[2]]
			seen++
			if !known[rule] {
				t.Errorf("%s finds %q, which is not in the table of rules: %s", name, rule, m[0])
			}
		}
	}
	if seen < 60 {
		t.Errorf("only %d places give a rule", seen)
	}
}

// ruleConstants reads the constants of rules.go by name.
func ruleConstants(t *testing.T) map[string]string {
	text, err := os.ReadFile("rules.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\t(Rule[A-Z]\w+) += "(\w+)"`).FindAllStringSubmatch(string(text), -1) {
		out[m[1]] = m[2]
	}
	return out
}

func lintCases(t testing.TB) []string {
	files, err := filepath.Glob("testdata/lint/*.txtar")
	if err != nil || len(files) < 50 {
		t.Fatalf("found %d cases: %v", len(files), err)
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), ".txtar")
	}
	return files
}

// lintCase is one case file.
type lintCase struct {
	rule    string
	file    string
	archive *txtar.Archive
	files   map[string][]byte   // of the version that is linted
	earlier []map[string][]byte // of the versions before
	schema  string              // refuses or accepts
	want    string
}

func readCase(t testing.TB, name string) *lintCase {
	t.Helper()
	file := filepath.Join("testdata/lint", name+".txtar")
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := &lintCase{file: file, archive: archive, files: baseFiles(t)}
	for _, r := range Rules {
		if strings.HasPrefix(name, r.Name+"_") && len(r.Name) > len(c.rule) {
			c.rule = r.Name
		}
	}
	for _, line := range strings.Split(string(archive.Comment), "\n") {
		if word, ok := strings.CutPrefix(line, "schema: "); ok {
			c.schema = word
		}
	}
	for _, part := range archive.Files {
		what, file, _ := strings.Cut(part.Name, " ")
		switch what {
		case "change":
			c.files[file] = changeText(t, c.files[file], string(part.Data))
		case "file":
			c.files[file] = part.Data
		case "earlier":
			before := baseFiles(t)
			before[StructureFile] = numbered(before[StructureFile], len(c.earlier)+1)
			if file != "" {
				before[file] = changeText(t, before[file], string(part.Data))
			}
			c.earlier = append(c.earlier, before)
		case "findings":
			c.want = string(part.Data)
		default:
			t.Fatalf("%s: a case has no part called %q", name, part.Name)
		}
	}
	c.files[StructureFile] = numbered(c.files[StructureFile], len(c.earlier)+1)
	if c.rule == "" || c.schema != "refuses" && c.schema != "accepts" {
		t.Fatalf("%s: the name begins with no rule, or the text does not say schema: refuses or accepts", name)
	}
	return c
}

func numbered(structure []byte, version int) []byte {
	return []byte(strings.Replace(string(structure), "version: 1\n", fmt.Sprintf("version: %d\n", version), 1))
}

func baseFiles(t testing.TB) map[string][]byte {
	files := map[string][]byte{}
	for _, name := range Files() {
		data, err := os.ReadFile("testdata/lint/base/" + name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	return files
}

// changeText replaces lines: those after "- " by those after "+ " that follow.
func changeText(t testing.TB, data []byte, change string) []byte {
	t.Helper()
	text := string(data)
	var from, to []string
	flush := func() {
		old := strings.Join(from, "\n") + "\n"
		if len(from) > 0 && strings.Count("\n"+text, "\n"+old) != 1 {
			t.Fatalf("these lines do not stand in the file once:\n%s", old)
		}
		if len(from) > 0 {
			text = strings.TrimPrefix(strings.Replace("\n"+text, "\n"+old, "\n"+strings.Join(append(to, ""), "\n"), 1), "\n")
		}
		from, to = nil, nil
	}
	for _, line := range strings.Split(change, "\n") {
		if line == "" {
			flush()
		} else if strings.HasPrefix(line, "- ") {
			from = append(from, line[2:])
		} else if strings.HasPrefix(line, "+ ") {
			to = append(to, line[2:])
		}
	}
	flush()
	return []byte(text)
}

// findings reads and lints the version of the case, as the command does.
func (c *lintCase) findings(t *testing.T) []Finding {
	t.Helper()
	q, found, err := ReadFiles(c.files)
	if err != nil {
		t.Fatal(err)
	}
	found = append(found, Lint(q)...)
	var classes Classification
	if data, ok := c.files[ChangesFile]; ok {
		var more []Finding
		if classes, more, err = ParseChanges(data); err != nil {
			t.Fatal(err)
		}
		found = append(found, more...)
	}
	var earlier []*Questionnaire
	for _, files := range c.earlier {
		before, _, err := ReadFiles(files)
		if err != nil {
			t.Fatal(err)
		}
		earlier = append(earlier, before)
	}
	return append(found, LintAgainst(q, earlier, classes)...)
}

func printed(found []Finding) string {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintln(&b, f)
	}
	return b.String()
}

func (c *lintCase) write(t *testing.T, found []Finding) {
	kept := slices.DeleteFunc(slices.Clone(c.archive.Files), func(f txtar.File) bool { return f.Name == "findings" })
	c.archive.Files = append(kept, txtar.File{Name: "findings", Data: []byte(printed(found))})
	c.want = printed(found)
	if err := os.WriteFile(c.file, txtar.Format(c.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestTheGuideHasTheTableOfRules keeps the table in README.md as Rules has it.
func TestTheGuideHasTheTableOfRules(t *testing.T) {
	guide, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| rule | what is wrong |\n| --- | --- |\n")
	for _, r := range Rules {
		sentence := r.Sentence
		if r.Warning {
			sentence += " *A warning.*"
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", r.Name, sentence)
	}
	table := regexp.MustCompile(`(?s)\| rule \| what is wrong \|\n.*?\n\n`)
	if *update {
		if err := os.WriteFile("README.md", table.ReplaceAllLiteral(guide, []byte(b.String()+"\n")), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(table.Find(guide)) != b.String()+"\n" {
		t.Error("README.md has another table of rules; go test ./questionnaires -run TableOfRules -update writes it")
	}
}

// TestFindingsComeInTheSameOrder lints the same files again.
func TestFindingsComeInTheSameOrder(t *testing.T) {
	files := maps.Clone(baseFiles(t))
	files[StructureFile] = []byte(strings.ReplaceAll(string(files[StructureFile]), "scale: AGREE", "scale: AGRE"))
	first := ""
	for range 20 {
		q, found, err := ReadFiles(files)
		if err != nil {
			t.Fatal(err)
		}
		got := printed(append(found, Lint(q)...))
		if first == "" {
			first = got
		}
		if got != first {
			t.Fatalf("once\n%s\nonce\n%s", first, got)
		}
	}
}
