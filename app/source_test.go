package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/ast/astutil"
)

// uses finds pkg.name in a file, as text for a message.
func uses(file *ast.File, pkg, name string) []string {
	var found []string
	if !astutil.UsesImport(file, pkg) {
		return nil
	}
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != name {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == pkg {
			found = append(found, pkg+"."+name)
		}
		return true
	})
	return found
}

// minimums are the lowest versions that are not known to be broken (PLT-01).
var minimums = map[string]string{
	"github.com/gofiber/fiber/v2": "v2.52.15",
	"github.com/valyala/fasthttp": "v1.70.0",
	"github.com/jackc/pgx/v5":     "v5.9.2",
	"github.com/xuri/excelize/v2": "v2.11.0",
	"github.com/wneessen/go-mail": "v0.7.1",
	"gorm.io/gorm":                "v1.31.2",
	"modernc.org/sqlite":          "v1.61.1",
	"github.com/expr-lang/expr":   "v1.17.8",
}

// forbidden modules have known holes without a fixed version.
var forbidden = []string{"github.com/jackc/pgproto3/v2", "github.com/jackc/pgx/v4"}

func TestDependenciesMeetTheirMinimums(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Path}} {{.Version}}", "all").Output()
	if err != nil {
		t.Fatalf("go list -m all: %v", err)
	}
	chosen := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		path, version, _ := strings.Cut(line, " ")
		chosen[path] = version
	}
	for path, least := range minimums {
		if chosen[path] == "" {
			t.Errorf("%s is not a dependency any more: remove it from the table", path)
		} else if older(chosen[path], least) {
			t.Errorf("%s is %s, at least %s is needed", path, chosen[path], least)
		}
	}
	for _, path := range forbidden {
		if chosen[path] != "" {
			t.Errorf("%s must not be in the module graph", path)
		}
	}
}

// older compares two versions of the form v1.2.3.
func older(a, b string) bool {
	x, y := numbers(a), numbers(b)
	for i := range x {
		if x[i] != y[i] {
			return x[i] < y[i]
		}
	}
	return false
}

func numbers(version string) (n [3]int) {
	version, _, _ = strings.Cut(strings.TrimPrefix(version, "v"), "-")
	for i, part := range strings.SplitN(version, ".", 3) {
		for _, r := range part {
			if r >= '0' && r <= '9' {
				n[i] = n[i]*10 + int(r-'0')
			}
		}
	}
	return n
}

// The sizes of the house: a noun hides in a longer file, a verb in a longer function.
const (
	longestFile     = 400 // lines
	longestFunction = 60
)

func TestNoFileAndNoFunctionIsTooLong(t *testing.T) {
	for _, p := range packages(t) {
		for _, name := range append(append(p.GoFiles, p.TestGoFiles...), p.XTestGoFiles...) {
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if n := set.Position(file.End()).Line; n > longestFile {
				t.Errorf("%s/%s has %d lines", p.ImportPath, name, n)
			}
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok {
					continue
				}
				if n := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1; n > longestFunction {
					t.Errorf("%s/%s: %s has %d lines", p.ImportPath, name, f.Name.Name, n)
				}
			}
		}
	}
}
