package questionnaires

import (
	"archive/zip"
	"bytes"
	"errors"
	"maps"
	"strings"
	"testing"

	"rondo/questionnaires/boundtest"
)

// zipped makes an archive of names and contents, in that order.
func zipped(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		if err == nil {
			_, err = f.Write([]byte(pairs[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAVersionComesOutOfItsArchiveAsItWas(t *testing.T) {
	for _, q := range Builtins() {
		files := nextOf(t, q.Ref())
		archive, err := Zip(q, files)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Unzip(archive)
		if err != nil || !maps.EqualFunc(got, files, bytes.Equal) {
			t.Errorf("%s: %v", q.Ref(), err)
		}
	}
	got, err := Unzip(zipped(t, "x/questionnaire.yaml", "key: k", "x/notes.docx", "…", "__MACOSX/x/._text.de.yaml", "…", "x/deeper/text.de.yaml", "title: T"))
	if err != nil || len(got) != 2 || string(got["text.de.yaml"]) != "title: T" {
		t.Errorf("what is beside the files is left alone: %v, %v", got, err)
	}
}

func TestArchivesThatAreNoVersionAreRefusedAtOnce(t *testing.T) {
	many := make([]string, 0, 2*(maxEntries+1))
	for range maxEntries + 1 {
		many = append(many, "questionnaire.yaml", "key: k")
	}
	for name, data := range map[string][]byte{
		"no archive":   []byte("PK not really"),
		"empty":        nil,
		"nothing ours": zipped(t, "readme.txt", "hello"),
		"two versions": zipped(t, "1/questionnaire.yaml", "key: k", "2/questionnaire.yaml", "key: k"),
		"a bomb":       zipped(t, "questionnaire.yaml", strings.Repeat("0", 64<<20)),
		"many entries": zipped(t, many...),
	} {
		boundtest.Quick(t, func() {
			if _, err := Unzip(data); !errors.Is(err, ErrArchive) {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}
