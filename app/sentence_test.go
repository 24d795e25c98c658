package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/storagetest"
)

func TestAnOperator_reads_one_sentence_that_says_what_to_do(t *testing.T) {
	folder := t.TempDir()
	s, err := storage.Open(t.Context(), "sqlite:"+filepath.Join(folder, "rondo.db"), filepath.Join(folder, "first.secret"))
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	open := func(address, secret string) error {
		_, err := storage.Open(t.Context(), address, filepath.Join(folder, secret))
		return err
	}
	_, unnamed := storage.Open(t.Context(), "mysql://somewhere", "")
	for name, tc := range map[string]struct {
		err        error
		says, hush string
	}{
		"full":          {fmt.Errorf("open database: %w", storage.ErrFull), "make room on it and try again", "I/O"},
		"secret gone":   {open("sqlite:"+filepath.Join(folder, "rondo.db"), "gone.secret"), "put its second copy back", "openssl"},
		"other address": {unnamed, "the database must be sqlite:PATH or postgres://…", "secret"},
	} {
		var out bytes.Buffer
		code := verdict(tc.err, &out)
		if got := out.String(); code != 1 || !strings.Contains(got, tc.says) || strings.Contains(got, tc.hush) || strings.Count(got, "\n") != 1 {
			t.Errorf("%s: exit %d\n%s", name, code, got)
		}
	}
}

func TestACommand_refuses_what_it_cannot_write_or_find_in_one_sentence(t *testing.T) {
	folder := t.TempDir()
	here := "--database=sqlite:" + filepath.Join(folder, "rondo.db")
	var said bytes.Buffer
	call := func(args ...string) (int, string) {
		var err bytes.Buffer
		return run(t.Context(), args, nil, Streams{In: strings.NewReader(""), Out: &said, Err: &err}), err.String()
	}
	for _, first := range [][]string{{"migrate"}, {"staff", "add", "vera@bsv.example", "--role=lead"}} { // the second makes the master secret
		if code, said := call(append(first, here)...); code != 0 {
			t.Fatalf("%s: %d %s", first, code, said)
		}
	}
	for name, tc := range map[string]struct {
		code int
		args []string
		says string
	}{
		"a folder":       {1, []string{"backup", folder}, folder + " is a folder: name a file"},
		"no such folder": {1, []string{"backup", folder + "/no/kept.rondo"}, "write " + folder + "/no/kept.rondo: no such file or directory"},
		"no backup":      {1, []string{"restore", "sentence_test.go", "--secret-file=" + filepath.Join(folder, "rondo.secret")}, "rondo: the backup is damaged or not one of ours\n"},
		"no address":     {2, []string{"staff", "add", "nobody", "--role=lead"}, `"nobody": not a usable e-mail address`},
		"a name as well": {2, []string{"staff", "add", "a b@c.example", "--role=lead"}, "not a usable e-mail address"},
	} {
		code, said := call(append(tc.args, here)...)
		if code != tc.code || !strings.Contains(said, tc.says) || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: exit %d, %s", name, code, said)
		}
	}
}

// mistyped is every command that reads or writes a database, beside those that make one: serve, demo, migrate and restore.
var mistyped = [][]string{
	{"wave", "create", "2026", "--ref-from=2021", "--ref-to=2026", "--opens=2026-11-01", "--closes=2026-12-15"},
	{"wave", "open", "2026", "--population=office", "--yes"}, {"wave", "close", "2026", "--population=office", "--yes"}, {"wave", "status", "2026"},
	{"wave", "freeze", "2026", "--yes"}, {"wave", "archive", "2026", "--yes"}, {"wave", "repeat", "2026", "--yes"},
	{"participants", "import", "sentence_test.go", "--wave=2026", "--population=office"}, {"links", "--wave=2026", "--population=office"},
	{"mail", "plan", "--wave=2026", "--kind=invitation"}, {"mail", "send", "--wave=2026", "--kind=invitation"}, {"mail", "status", "--wave=2026"},
	{"mail", "pause", "--wave=2026"}, {"mail", "resume", "--wave=2026"}, {"mail", "bounce"},
	{"export", "--wave=2026", "--population=office", "--profile=internal", "--out=nothing.zip"},
	{"questionnaire", "publish", "../questionnaires/definitions/employer/2"},
	{"staff", "add", "vera@bsv.example", "--role=lead"}, {"audit", "verify"}, {"backup", "sentence_test.go/nothing.rondo"}, {"doctor"},
}

func TestACommand_makes_no_database_where_there_is_none(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			folder, address := t.TempDir(), storagetest.EmptyURL(t, dialect)
			if dialect == "sqlite" {
				address = "sqlite:" + filepath.Join(folder, "mistyped.db")
			}
			secret := filepath.Join(folder, "rondo.secret")
			for _, args := range mistyped {
				var out, said bytes.Buffer
				code := run(t.Context(), append(args, "--database="+address, "--secret-file="+secret), nil, Streams{In: strings.NewReader("Subject: x\n\ny\n"), Out: &out, Err: &said})
				if code != 1 || !strings.HasPrefix(said.String(), "rondo: there is no database") || !strings.Contains(said.String(), "RONDO_DATABASE") || strings.Count(said.String(), "\n") != 1 || strings.Contains(said.String(), "postgres:") {
					t.Errorf("rondo %s: exit %d, %s%s", strings.Join(args, " "), code, &out, &said)
				}
			}
			if left, err := os.ReadDir(folder); len(left) > 0 || err != nil {
				t.Errorf("a mistyped address made %v, %v", left, err)
			}
			d, err := db.Open(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			if made, err := d.Made(t.Context()); made || err != nil {
				t.Errorf("tables were made: %v, %v", made, err)
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
			var out bytes.Buffer
			secret = storagetest.SecretFile(t)
			for _, args := range [][]string{{"questionnaire", "list"}, {"questionnaire", "show", "employer/2"}, {"migrate"}, {"staff", "add", "vera@bsv.example", "--role=lead"}, {"doctor"}} {
				out.Reset()
				if code := run(t.Context(), append(args, "--database="+address, "--secret-file="+secret), nil, Streams{In: strings.NewReader(""), Out: &out, Err: &out}); code != 0 {
					t.Errorf("rondo %s: exit %d\n%s", strings.Join(args, " "), code, &out)
				}
			}
		})
	}
}
