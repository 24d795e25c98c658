package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rondo/storage"
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
	if code, said := call("backup", filepath.Join(folder, "kept.rondo"), here); code != 1 || !strings.Contains(said, "there is no database") {
		t.Errorf("a backup of nothing: %d %s", code, said)
	}
	if left, err := os.ReadDir(folder); len(left) > 0 || err != nil {
		t.Errorf("a backup of nothing made %v, %v", left, err)
	}
	first := true
	for range 2 {
		said.Reset()
		if code, wrong := call("doctor", here); code != 0 || strings.Contains(said.String(), "an empty one has been made") != first {
			t.Errorf("doctor without a database: %d %s%s", code, &said, wrong)
		}
		first = false
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
