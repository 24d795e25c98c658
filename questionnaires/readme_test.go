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
