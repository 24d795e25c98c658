package views

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

var (
	dark        = regexp.MustCompile(`(?s)@media \(prefers-color-scheme: dark\) \{(.*?\})\s*\}`)
	declaration = regexp.MustCompile(`[{;]\s*([a-z-]+):`)
)

// TestInTheDarkNothingButColoursDiffers is what lets the browser look for colours alone there.
func TestInTheDarkNothingButColoursDiffers(t *testing.T) {
	found := 0
	sheets, err := fs.Glob(files, "assets/*.css")
	if err != nil || len(sheets) == 0 {
		t.Fatal(sheets, err)
	}
	for _, name := range sheets {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		blocks := dark.FindAllStringSubmatch(string(raw), -1)
		if n := strings.Count(string(raw), "prefers-color-scheme"); n != len(blocks) {
			t.Errorf("%s asks %d times for the scheme of colours, of which %d are understood", name, n, len(blocks))
		}
		for _, block := range blocks {
			for _, d := range declaration.FindAllStringSubmatch(block[1], -1) {
				if found++; !strings.HasPrefix(d[1], "--") {
					t.Errorf("%s: %s differs in the dark", name, d[1])
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d colours of the dark were found", found)
	}
}

// TestTheScriptOfThePagesIsSmall: under 10 kB compressed, whatever it learns.
func TestTheScriptOfThePagesIsSmall(t *testing.T) {
	at, err := Asset("rondo.js")
	if err != nil {
		t.Fatal(err)
	}
	script, found := AssetFile(at)
	var small bytes.Buffer
	w := gzip.NewWriter(&small)
	if _, err := w.Write(script.Body); err != nil || w.Close() != nil || !found {
		t.Fatal(found, err)
	}
	if n := small.Len(); n >= 10_000 || n < 1000 {
		t.Errorf("rondo.js has %d bytes compressed", n)
	}
}
