package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"rondo/storage/storagetest"
)

var update = flag.Bool("update", false, "rewrite docs that are printed from the code")

// TestURLsStandOnOnePage holds docs/urls.md against the table of URLs.
func TestURLsStandOnOnePage(t *testing.T) {
	c := &Config{Listen: "127.0.0.1:0", PublicURL: "http://127.0.0.1:8080", MailFrom: "a <a@example.ch>", MailRate: 5, Log: "error"}
	r, _, err := newHouse(c, storagetest.Open(t, "sqlite"), nil).rooms()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("# Every URL\n\nPrinted from `app/routes.go` by `go test ./app -run URLs -update`. *link*: the cookie of a personal link;\n*office*: that of an office; other words are acts of the desk's roles (`app/auth/roles.go`). GET and HEAD change nothing.\n\n| method | path | who |\n| --- | --- | --- |\n")
	seen := map[string]bool{}
	for _, u := range r.table() {
		if u.Who == "" || seen[u.Method+u.Path] {
			t.Errorf("%s %s has no audience, or stands twice", u.Method, u.Path)
		}
		seen[u.Method+u.Path] = true
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", u.Method, u.Path, u.Who)
	}
	if *update {
		if err := os.WriteFile("../docs/urls.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := os.ReadFile("../docs/urls.md"); err != nil || string(kept) != b.String() {
		t.Errorf("docs/urls.md does not say what app/routes.go does (%v); run with -update", err)
	}
}
