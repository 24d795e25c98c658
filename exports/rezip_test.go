package exports

import (
	"bytes"
	"testing"

	"rondo/exports/formats"
)

func rezip(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var list []formats.File
	for name, body := range files {
		list = append(list, formats.File{Name: name, Body: body})
	}
	var out bytes.Buffer
	if err := formats.Archive(&out, list); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
