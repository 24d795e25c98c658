package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// empty says that a folder holds nothing but what a test put there.
func empty(t *testing.T, folder string, but ...string) {
	t.Helper()
	files, err := os.ReadDir(folder)
	must(t, err)
	for _, f := range files {
		if !strings.Contains(strings.Join(but, " "), f.Name()) {
			t.Errorf("%s was left in %s", f.Name(), folder)
		}
	}
}

func TestAFileThatCannotBeFinishedIsNotLeft(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "release.zip")
	must(t, os.WriteFile(name, []byte("the one before"), 0o600))
	err := writeFile(name, func(out io.Writer) error {
		_, err := out.Write([]byte("half"))
		return errors.Join(err, syscall.ENOSPC)
	})
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk: %v", err)
	}
	if kept, err := os.ReadFile(name); err != nil || string(kept) != "the one before" {
		t.Errorf("the file holds %q, %v", kept, err)
	}
	empty(t, folder, "release.zip")
}

// TestAFullDiskLeavesNoHalfFile writes a release and an anonymised file to a disk of 64 KB.
func TestAFullDiskLeavesNoHalfFile(t *testing.T) {
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("no small disk can be mounted here: %v %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", disk).Run() })
	s := newSite(t, "sqlite")
	s.do("demo", "--fill-only")
	export := []string{"export", "--wave=2015", "--population=employer", "--profile=scientific"}
	sentence, out := s.refused(append(export, "--out="+filepath.Join(disk, "release.zip"))...)
	if !strings.Contains(sentence, "no space left") || out != "" {
		t.Errorf("a full disk: %q, %q", sentence, out)
	}
	empty(t, disk)
	s.do(append(export, "--out=release.zip")...)
	s.do("verify", "release.zip")

	var data strings.Builder
	data.WriteString("sex,town\n")
	for i := range 20_000 {
		data.WriteString([]string{"f", "m"}[i%2] + ",Bern\n")
	}
	must(t, os.WriteFile("big.csv", []byte(data.String()), 0o600))
	sentence, _ = s.refused("anonymise", "--data=big.csv", "--keys=sex,town", "--k=5", "--out="+filepath.Join(disk, "out.csv"), "--report=r.json")
	if !strings.Contains(sentence, "no space left") {
		t.Errorf("a full disk: %q", sentence)
	}
	empty(t, disk)
}

func TestACorruptFileIsRefusedByItsLineAndNothingIsWritten(t *testing.T) {
	s := newSite(t, "sqlite")
	for name, data := range map[string]string{
		"a cell too few":    "a,b\n1,2\n3\n4,5\n",
		"a cell too many":   "a,b\n1,2\n3,4,5\n",
		"an open quote":     "a,b\n1,2\n\"3,4\n5,6\n",
		"nothing":           "",
		"a column twice":    "a,a\n1,2\n",
		"fewer rows than k": "a,b\n1,2\n",
	} {
		must(t, os.WriteFile("data.csv", []byte(data), 0o600))
		sentence, _ := s.refused("anonymise", "--data=data.csv", "--keys=a", "--k=3", "--out=out.csv", "--report=r.json")
		t.Logf("%s: %s", name, sentence)
		for _, file := range []string{"out.csv", "r.json"} {
			if _, err := os.Stat(file); err == nil {
				t.Errorf("%s: %s is there", name, file)
			}
		}
	}
}
