package verify

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"sort"
	"strings"
	"testing"
	"time"

	"rondo/questionnaires/boundtest"
)

// good is a release as it should be: twelve rows in two classes of six.
func good() map[string]string {
	data := "synthetic,e_size,e_free\n" + strings.Repeat("1,<50,1\n", 6) + strings.Repeat("1,50+,-91\n", 6)
	book := "variable,type,role,treatment,filter,valid_n,code\nsynthetic,number,technical,open,,12,\ne_size,code,qi(size),coarse,,12,<50\ne_size,code,qi(size),coarse,,12,50+\n" +
		"e_free,code,plain,open,,6,1\ne_free,code,plain,open,,6,-91\n"
	return map[string]string{
		"data/employer.csv": data, "data/employer-excel.csv": "\ufeff" + strings.ReplaceAll(strings.ReplaceAll(data, ",", ";"), "\n", "\r\n"), "data/employer.xlsx": "x",
		"codebook/codebook.csv": book, "codebook/ddi-codebook-2.5.xml": "synthetic", "report/anonymisation.json": "synthetic", "report/anonymisation.html": "synthetic", "README": "synthetic",
	}
}

type edit struct {
	files    func(map[string]string)
	manifest func(map[string]any)
	time     time.Time
	lie      bool // manifest made before the files are changed
}

func zipped(t *testing.T, e edit) []byte {
	t.Helper()
	files := good()
	m := map[string]any{"wave": "2026", "population": "employer", "profile": "scientific", "synthetic": true, "records": 12, "k": 5, "keys": []string{"e_size"}}
	list := func() {
		var all []map[string]any
		for name, body := range files {
			sum := sha256.Sum256([]byte(body))
			all = append(all, map[string]any{"name": name, "bytes": len(body), "sha256": hex.EncodeToString(sum[:])})
		}
		m["files"] = all
	}
	list()
	if e.files != nil {
		e.files(files)
	}
	if !e.lie {
		list()
	}
	if e.manifest != nil {
		e.manifest(m)
	}
	body, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	files["MANIFEST.json"] = string(body)
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	var out bytes.Buffer
	zw := zip.NewWriter(&out)
	at := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	if !e.time.IsZero() {
		at = e.time
	}
	for _, name := range names {
		w, err := zw.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBundle_counts_k_again_from_the_data(t *testing.T) {
	bundle := zipped(t, edit{})
	got, err := Bundle(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil || got.K != 6 || got.Classes != 2 || got.Records != 12 || got.Target != 5 {
		t.Errorf("%v %+v", err, got)
	}
}

func TestBundle_finds_every_broken_promise(t *testing.T) {
	both := func(files map[string]string, old, new string) {
		files["data/employer.csv"] = strings.Replace(files["data/employer.csv"], old, new, 1)
		files["data/employer-excel.csv"] = strings.Replace(files["data/employer-excel.csv"], strings.ReplaceAll(old, ",", ";"), strings.ReplaceAll(new, ",", ";"), 1)
	}
	for want, e := range map[string]edit{
		"fewer than k=7":             {manifest: func(m map[string]any) { m["k"] = 7 }},
		"fewer than k=5":             {files: func(f map[string]string) { both(f, "1,<50,1", "1,50+,1"); both(f, "1,<50,1", "1,50+,1") }},
		"does not describe":          {files: func(f map[string]string) { both(f, "1,<50,1", "1,<50,7") }},
		"is not the file":            {lie: true, files: func(f map[string]string) { f["README"] += "!" }},
		"is listed and missing":      {lie: true, files: func(f map[string]string) { delete(f, "report/anonymisation.html") }},
		"is not listed":              {lie: true, files: func(f map[string]string) { f["notes.txt"] = "x" }},
		"carries a time":             {time: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)},
		"does not say that it is":    {files: func(f map[string]string) { f["README"] = "x" }},
		"another number of records":  {manifest: func(m map[string]any) { m["records"] = 13 }},
		"is no column":               {manifest: func(m map[string]any) { m["keys"] = []string{"e_branch"} }},
		"no keys are declared":       {manifest: func(m map[string]any) { m["keys"] = nil }},
		"promises no k":              {manifest: func(m map[string]any) { m["k"] = 0 }},
		"may leave as internal only": {manifest: func(m map[string]any) { m["population"] = "office" }},
		"must not leave the house": {files: func(f map[string]string) {
			f["codebook/codebook.csv"] = strings.ReplaceAll(f["codebook/codebook.csv"], ",plain,", ",direct,")
		}},
		"would run as a formula": {files: func(f map[string]string) { both(f, "1,<50,1", "1,<50,=1") }},
		"has no byte order mark": {files: func(f map[string]string) {
			f["data/employer-excel.csv"] = strings.TrimPrefix(f["data/employer-excel.csv"], "\ufeff")
		}},
		"differs from the data": {files: func(f map[string]string) {
			f["data/employer-excel.csv"] = strings.Replace(f["data/employer-excel.csv"], "<50;1", "50+;1", 1)
		}},
		"not those of the codebook": {files: func(f map[string]string) {
			f["codebook/codebook.csv"] = strings.ReplaceAll(f["codebook/codebook.csv"], "e_free", "e_other")
		}},
	} {
		bundle := zipped(t, e)
		got, err := Bundle(bytes.NewReader(bundle), int64(len(bundle)))
		if !errors.Is(err, ErrBroken) || !strings.Contains(strings.Join(got.Findings, "\n"), want) {
			t.Errorf("%q was not found: %v %q", want, err, got.Findings)
		}
	}
}

func TestBundle_refuses_what_is_no_bundle(t *testing.T) {
	for name, body := range map[string][]byte{"nothing": nil, "text": []byte("hello"), "a cut archive": zipped(t, edit{})[:200]} {
		if _, err := Bundle(bytes.NewReader(body), int64(len(body))); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzBundle(f *testing.F) {
	f.Add([]byte("PK"))
	f.Fuzz(func(t *testing.T, body []byte) {
		var err error
		boundtest.Quick(t, func() { _, err = Bundle(bytes.NewReader(body), int64(len(body))) })
		if err == nil {
			t.Fatal("random bytes were taken for a release")
		}
	})
}
