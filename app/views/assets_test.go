package views

import (
	"bytes"
	"compress/gzip"
	"testing"
)

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
