package questionnaires

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheGuideNamesEveryKeyThatIsRead keeps README.md true to the reader.
func TestTheGuideNamesEveryKeyThatIsRead(t *testing.T) {
	guide, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	read := regexp.MustCompile(`\.(?:word|flag|number|whole|words|list|take|notes|condition)\((?:\w+, )?"(\w+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range read.FindAllStringSubmatch(string(source), -1) {
			keys[m[1]] = true
		}
	}
	if len(keys) < 35 {
		t.Fatalf("found only %d keys: %v", len(keys), keys)
	}
	for key := range keys {
		if !strings.Contains(string(guide), "`"+key+"`") && !strings.Contains(string(guide), key+":") {
			t.Errorf("README.md does not say what %s means", key)
		}
	}
	for _, kind := range kinds {
		if !strings.Contains(string(guide), "| `"+string(kind)+"` |") {
			t.Errorf("README.md does not describe the kind %s", kind)
		}
	}
	for _, role := range Roles {
		if !strings.Contains(string(guide), "`"+string(role)+"`") {
			t.Errorf("README.md does not name the role %s", role)
		}
	}
}

// TestTheGuidesExamplesCanBeRead reads the conditions that README.md shows.
func TestTheGuidesExamplesCanBeRead(t *testing.T) {
	office, employer, discussion := Newest("office"), Newest("employer"), Newest("discussion")
	for source, q := range map[string]*Questionnaire{
		`e_contact == 1`: employer, `e_initiator == "company"`: employer, `o_strategy in ["detailed", "outline"]`: office,
		`o_case_duration in [1, 2]`: office, `o_db != "no"`: office, `"none" in o_changes`: office, `g_type_evidence__A >= 2`: discussion,
		`o_fte_total > 50.5`: office, `o_fte_employer <= o_fte_total`: office, `answered(o_comment)`: office,
		`not (o_db == "no")`: office, `o_db not in ["no"]`: office,
	} {
		if _, err := compileIn(q, source); err != nil {
			t.Errorf("%s: %v", source, err)
		}
	}
}

// guideBlock is one fenced block of README.md.
type guideBlock struct {
	kind string // the words after the fence: "yaml", "yaml question", …
	text string
	line int
}

func guideBlocks(t *testing.T) []guideBlock {
	t.Helper()
	guide, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []guideBlock
	var open *guideBlock
	n := 0
	for line := range strings.Lines(string(guide)) {
		n++
		fence, isFence := strings.CutPrefix(strings.TrimRight(line, "\n"), "```")
		switch {
		case isFence && open == nil:
			open = &guideBlock{kind: fence, line: n}
		case isFence:
			blocks, open = append(blocks, *open), nil
		case open != nil:
			open.text += line
		}
	}
	return blocks
}

func indent(text, by string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(by + line)
	}
	return b.String()
}

// TestEveryExampleOfTheGuideWorks reads and lints each pair of structure and words in the guide,
// and reads every other block of YAML.
func TestEveryExampleOfTheGuideWorks(t *testing.T) {
	structure, pairs, kindsShown := "", 0, map[Kind]bool{}
	for _, b := range guideBlocks(t) {
		switch b.kind {
		case "yaml question":
			structure = "key: example\nversion: 1\npages:\n  - code: x1\n    questions:\n" + indent(b.text, "      ")
		case "yaml structure":
			structure = b.text
		case "yaml words", "yaml text":
			words := b.text
			if b.kind == "yaml words" {
				words = "title: \"T\"\npages: {x1: \"P\"}\nquestions:\n" + indent(b.text, "  ")
			}
			dir := folder(structure)
			for _, lang := range Languages {
				dir[TextFile(lang)].Data = []byte(words)
			}
			q, found, err := ReadDir(dir)
			if err != nil {
				t.Errorf("README.md:%d: %v", b.line, err)
				continue
			}
			for _, f := range append(found, Lint(q)...) {
				t.Errorf("README.md:%d: %s", b.line, f)
			}
			for _, qu := range q.Questions() {
				kindsShown[qu.Kind] = true
			}
			pairs++
		case "yaml":
			reads(t, b)
		case "", "console":
		default:
			t.Errorf("README.md:%d: nothing reads a block of %q", b.line, b.kind)
		}
	}
	for _, kind := range kinds {
		if !kindsShown[kind] {
			t.Errorf("no example of the guide has a question of kind %s", kind)
		}
	}
	if pairs < 10 {
		t.Errorf("only %d examples", pairs)
	}
}

// reads checks that each entry of a block is YAML; the classification must be one.
func reads(t *testing.T, b guideBlock) {
	t.Helper()
	if strings.HasPrefix(b.text, "against:") {
		if _, found, err := ParseChanges([]byte(b.text)); err != nil || len(found) > 0 {
			t.Errorf("README.md:%d: %v %v", b.line, err, found)
		}
		return
	}
	entry := ""
	flush := func() {
		if entry != "" {
			if _, err := parseTree([]byte(entry)); err != nil {
				t.Errorf("README.md:%d: %q: %v", b.line, entry, err)
			}
		}
		entry = ""
	}
	for line := range strings.Lines(b.text) {
		if line[0] != ' ' {
			flush()
		}
		entry += line
	}
	flush()
}
