package main

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// arrows says which of our packages each package may import (design §2): nothing points back,
// rooms never import one another. A package that is not in the table fails the test.
var arrows = map[string][]string{
	"rondo/questionnaires":                   {},
	"rondo/questionnaires/boundtest":         {},
	"rondo/questionnaires/questionnairetest": {"questionnaires"},
	"rondo/questionnaires/workbook":          {},
	"rondo/questionnaires/xlsform":           {"questionnaires", "questionnaires/workbook"},

	"rondo/storage/db":          {},
	"rondo/storage/keys":        {},
	"rondo/storage/identity":    {"storage/db", "storage/keys"},
	"rondo/storage/answers":     {"storage/db", "storage/keys"},
	"rondo/storage/staff":       {"storage/db", "storage/keys"},
	"rondo/storage":             {"storage/db", "storage/keys", "storage/identity", "storage/answers", "storage/staff", "questionnaires"},
	"rondo/storage/storagetest": {"storage", "storage/db", "storage/keys", "storage/identity", "storage/answers", "storage/staff"},

	"rondo/exports":           {"questionnaires", "exports/anonymise", "exports/formats", "exports/tables", "exports/verify"},
	"rondo/exports/anonymise": {"questionnaires"},
	"rondo/exports/formats":   {"questionnaires"},
	"rondo/exports/freetext":  {"exports/formats"},
	"rondo/exports/tables":    {"questionnaires", "exports/anonymise"},
	"rondo/exports/verify":    {},

	"rondo/app/i18n":  {},
	"rondo/app/views": {"app/i18n", "questionnaires"},

	"rondo/app/web":         {"app/i18n", "app/views"},
	"rondo/app/web/webtest": {},
	"rondo/app/synthetic":   {"questionnaires", "app/wave"},
	"rondo/app/mail":        {"app/i18n", "app/views"},

	"rondo/app/auth":     {"storage", "storage/db", "storage/keys", "storage/staff", "app/web", "app/i18n", "app/views"},
	"rondo/app/wave":     {"storage", "storage/db", "storage/keys", "storage/identity", "storage/answers", "storage/staff", "questionnaires", "exports", "exports/freetext", "app/nominate", "app/mail"},
	"rondo/app/nominate": {"storage/identity", "questionnaires", "questionnaires/workbook", "app/i18n", "app/mail"},
	"rondo/app/outbox":   {"storage", "storage/db", "storage/keys", "storage/identity", "app/mail", "app/i18n", "app/views"},

	"rondo/app/respond": {"storage", "storage/db", "storage/keys", "storage/identity", "storage/answers", "questionnaires", "app/auth", "app/wave", "app/outbox", "app/mail", "app/web", "app/i18n", "app/views"},
	"rondo/app/office":  {"storage", "storage/db", "storage/keys", "storage/identity", "questionnaires", "app/wave", "app/nominate", "app/outbox", "app/mail", "app/web", "app/i18n", "app/views"},
	"rondo/app/desk":    {"storage", "storage/db", "storage/keys", "storage/identity", "storage/staff", "questionnaires", "app/auth", "app/wave", "app/nominate", "app/outbox", "app/mail", "app/web", "app/i18n", "app/views"},

	"rondo/app/browsertest":         {},
	"rondo/app/loadtest/respondent": {"questionnaires"},
	"rondo/app/loadtest":            {"app/loadtest/respondent", "storage", "storage/db", "storage/keys", "storage/identity", "storage/answers", "storage/staff", "questionnaires", "exports/anonymise", "app/web/webtest"},
}

// testOnly are the packages that nothing but tests may import.
var testOnly = []string{"rondo/questionnaires/boundtest", "rondo/questionnaires/questionnairetest", "rondo/storage/storagetest", "rondo/app/web/webtest"}

// libraries says in which folders a library may be imported.
var libraries = map[string][]string{
	"gorm.io/":                           {"storage"},
	"modernc.org/sqlite":                 {"storage"},
	"github.com/jackc/pgx":               {"storage"},
	"github.com/pressly/goose":           {"storage"},
	"github.com/gofiber/fiber":           {"app"},
	"github.com/valyala/fasthttp":        {"app"},
	"github.com/wneessen/go-mail":        {"app/mail"},
	"github.com/emersion/go-msgauth":     {"app/mail"},
	"github.com/expr-lang/expr":          {"questionnaires"},
	"github.com/go-playground/validator": {"app", "storage"},
	"github.com/parquet-go/parquet-go":   {"exports"},
}

type listed struct {
	ImportPath, Dir                    string
	Imports, TestImports, XTestImports []string
	GoFiles, TestGoFiles, XTestGoFiles []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,TestImports,XTestImports,GoFiles,TestGoFiles,XTestGoFiles", "rondo/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestNothingPointsBack(t *testing.T) {
	for _, p := range packages(t) {
		if p.ImportPath == "rondo/app" {
			continue // main wires everything
		}
		allowed, known := arrows[p.ImportPath]
		if !known {
			t.Errorf("%s is not in the table of arrows", p.ImportPath)
		}
		for _, imported := range p.Imports {
			ours, ok := strings.CutPrefix(imported, "rondo/")
			if ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s must not import %s", p.ImportPath, ours)
			}
			if slices.Contains(testOnly, imported) && !slices.Contains(testOnly, p.ImportPath) {
				t.Errorf("%s imports %s outside a test", p.ImportPath, imported)
			}
		}
	}
}

func TestOnlyRespondAndWaveSeeBothSides(t *testing.T) {
	for _, p := range packages(t) {
		both := slices.Contains(p.Imports, "rondo/storage/identity") && slices.Contains(p.Imports, "rondo/storage/answers")
		if both && !slices.Contains([]string{"rondo/app/respond", "rondo/app/wave", "rondo/app", "rondo/storage", "rondo/storage/storagetest", "rondo/app/loadtest"}, p.ImportPath) {
			t.Errorf("%s imports both the identity side and the answer side", p.ImportPath)
		}
	}
}

func TestLibrariesStayInTheirFolders(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			for library, folders := range libraries {
				if !strings.HasPrefix(imported, library) {
					continue
				}
				if !slices.ContainsFunc(folders, func(f string) bool {
					return p.ImportPath == "rondo/"+f || strings.HasPrefix(p.ImportPath, "rondo/"+f+"/")
				}) {
					t.Errorf("%s imports %s, which belongs to %v", p.ImportPath, imported, folders)
				}
			}
		}
	}
}

// clocks are the packages that may ask the machine for the time: the wiring, and programs of
// their own that measure. Everybody else is given the time.
var clocks = []string{"rondo/app", "rondo/app/loadtest", "rondo/app/web/webtest", "rondo/storage/storagetest"}

func TestNobodyReadsTheClockButTheWiring(t *testing.T) {
	for _, p := range packages(t) {
		if slices.Contains(clocks, p.ImportPath) {
			continue
		}
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, use := range uses(file, "time", "Now") {
				t.Errorf("%s/%s reads the clock (%s)", p.ImportPath, name, use)
			}
		}
	}
}
