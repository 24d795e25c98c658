package xlsform

import (
	"flag"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rondo/questionnaires"
)

// TestExpressions reads testdata/expressions.txtar: expressions as authors of
// forms write them, each with what it becomes. `go test -update-expressions`
// writes what comes out.
func TestExpressions(t *testing.T) {
	const file = "testdata/expressions.txtar"
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := newScope()
	q, found, err := questionnaires.ReadFiles(filesOf(archive))
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	w := &writer{q: q, names: map[string]bool{}, scope: s}
	w.reserve()
	for i, f := range archive.Files {
		become, ok := map[string]func(node) (string, error){
			"conditions": func(n node) (string, error) {
				l, err := (&understanding{scope: s, self: s.byName["age"]}).condition(n)
				if l.op == "true" || l.op == "false" {
					return "always: " + l.op, err
				}
				return l.source(), err
			},
			"formulas": func(n node) (string, error) { return (&understanding{scope: s}).formula(n, false) },
		}[f.Name]
		if !ok {
			continue
		}
		var out strings.Builder
		for _, line := range strings.Split(strings.TrimSpace(string(f.Data)), "\n") {
			xpath, _, _ := strings.Cut(line, " => ")
			var got string
			n, err := parse(xpath)
			if err == nil {
				got, err = become(n)
			}
			if err != nil {
				got = "not carried: " + err.Error()
			}
			out.WriteString(xpath + " => " + got + "\n")
			if line != xpath+" => "+got && !*updateExpressions {
				t.Errorf("%s\n  becomes %s\n  want    %s", xpath, got, strings.TrimPrefix(line, xpath+" => "))
			}
		}
		archive.Files[i].Data = []byte(out.String())
	}
	if *updateExpressions {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

var updateExpressions = flag.Bool("update-expressions", false, "write what expressions become into testdata/expressions.txtar")

func filesOf(a *txtar.Archive) map[string][]byte {
	files := map[string][]byte{}
	for _, lang := range questionnaires.Languages {
		files[questionnaires.TextFile(lang)] = []byte("title: T")
	}
	for _, f := range a.Files {
		if f.Name == questionnaires.StructureFile {
			files[f.Name] = f.Data
		}
	}
	return files
}
