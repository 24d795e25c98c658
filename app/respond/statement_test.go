package respond_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"rondo/app/respond"
	"rondo/app/web/webtest"
)

// isTest says whether a package of the repository has a test function of this name.
func isTest(t *testing.T, folder, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", folder, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("tests of %s: %v, %v", folder, files, err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == name && len(f.Type.Params.List) == 1 && f.Body != nil && len(f.Body.List) > 0 {
				return true
			}
		}
	}
	return false
}

// proven fails for each named test that is not there, and where none is named.
func proven(t *testing.T, key, tests string) {
	t.Helper()
	for _, one := range strings.Split(tests, ", ") {
		folder, name, _ := strings.Cut(one, " ")
		if !strings.HasPrefix(name, "Test") || !isTest(t, folder, name) {
			t.Errorf("%s names %q, which is no test", key, one)
		}
	}
}

// said are the keys of a part of the German catalogue that begin with a prefix.
func stated(t *testing.T, part, prefix string) []string {
	t.Helper()
	raw, err := os.ReadFile("../i18n/catalogue/respond.de.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Respond map[string]any }
	if err := yaml.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	texts, _ := all.Respond[part].(map[string]any)
	var keys []string
	for key := range texts {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// TestEachPromiseNamesATestThatExists keeps /privacy honest (ANON-18).
func TestEachPromiseNamesATestThatExists(t *testing.T) {
	var keys []string
	for _, group := range respond.Promises {
		for _, promise := range group.Promises {
			keys = append(keys, promise.Key)
			proven(t, promise.Key, promise.Tests)
		}
	}
	slices.Sort(keys)
	if want := stated(t, "privacy", "p_"); len(want) < 10 || !slices.Equal(keys, want) {
		t.Errorf("promises with a test: %v\npromises that are worded: %v", keys, want)
	}
	if isTest(t, "app/respond", "TestNobodyWrote") {
		t.Error("any name is taken for a test")
	}
}

// TestTheAccessibilityStatementSaysWhatIsTested keeps /accessibility honest: the version of axe-core
// is the one installed, and what the browser is said to do stands in its programs.
func TestTheAccessibilityStatementSaysWhatIsTested(t *testing.T) {
	raw, err := os.ReadFile("../browsertest/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var installed struct{ Dependencies map[string]string }
	if err := json.Unmarshal(raw, &installed); err != nil {
		t.Fatal(err)
	}
	programs, err := filepath.Glob("../browsertest/*.mjs")
	if err != nil || len(programs) == 0 {
		t.Fatal("no programs for the browser", err)
	}
	var all strings.Builder
	for _, file := range programs {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	var keys []string
	for _, one := range respond.Statement.Tested {
		keys = append(keys, one.Key)
		if one.Version != "" && one.Version != installed.Dependencies["axe-core"] {
			t.Errorf("%s says axe-core %s, installed is %s", one.Key, one.Version, installed.Dependencies["axe-core"])
		}
		for _, word := range one.Evidence {
			if !strings.Contains(all.String(), word) {
				t.Errorf("%s: no program of the browser says %s", one.Key, word)
			}
		}
		if one.Tests != "" {
			proven(t, one.Key, one.Tests)
		} else if len(one.Evidence) == 0 {
			t.Errorf("nothing shows %s", one.Key)
		}
	}
	slices.Sort(keys)
	limits := slices.Sorted(slices.Values(respond.Statement.Limits))
	if want := stated(t, "accessibility", "t_"); !slices.Equal(keys, want) {
		t.Errorf("tested: %v, worded: %v", keys, want)
	}
	if want := stated(t, "accessibility", "l_"); !slices.Equal(limits, want) {
		t.Errorf("limits: %v, worded: %v", limits, want)
	}
}

func TestTheStatementsAreWholeInFourLanguages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, lang := range []string{"de", "fr", "it", "en"} {
			b := webtest.NewBrowser(t).Open(h.url + "/accessibility?lang=" + lang)
			sound(t, b)
			text := b.Text("main")
			for _, word := range []string{"eCH-0059", "WCAG 2.2", "4.14.1", "wcag22aa", "360", "NVDA", "2026"} {
				if !strings.Contains(text, word) {
					t.Errorf("%s: the statement does not say %s", lang, word)
				}
			}
			if !b.Has(`main a[href="mailto:studie@example.ch"]`) || !b.Has(`main a[href="tel:+41580000000"]`) {
				t.Errorf("%s: nowhere to report an obstacle", lang)
			}
			b.Open("/privacy?lang=" + lang)
			sound(t, b)
			promises := 0
			for _, group := range respond.Promises {
				promises += len(group.Promises)
			}
			if n := b.Count("main .proof"); n != promises || strings.Contains(b.Text("main"), "p_") {
				t.Errorf("%s: %d of %d promises with their proof", lang, n, promises)
			}
		}
	})
}
