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

	"rondo/storage"
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

// smallDisk gives a folder on a disk of its own.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", disk).CombinedOutput(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no small disk can be mounted: %v %s", err, out)
		}
		t.Skipf("no small disk can be mounted here: %v %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", disk).Run() })
	return disk
}

// TestAFullDiskLeavesNoHalfFile writes a release and an anonymised file to a disk of 64 KB.
func TestAFullDiskLeavesNoHalfFile(t *testing.T) {
	disk := smallDisk(t, "64k")
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

// TestADatabaseOnAFullDiskKeepsNoHalfRelease lets the disk of the database fill up while a release is
// built: it is refused, nothing of it is there to approve, and once there is room the same words
// make it.
func TestADatabaseOnAFullDiskKeepsNoHalfRelease(t *testing.T) {
	s, disk := newSite(t, "sqlite"), smallDisk(t, "64m")
	s.database = "sqlite:" + filepath.Join(disk, "rondo.db")
	s.do("demo", "--fill-only")
	for _, population := range []string{"office", "employer"} {
		s.do("wave", "close", "2026", "--population="+population, "--yes")
	}
	s.do("wave", "freeze", "2026", "--yes")
	releases := func() int {
		t.Helper()
		store, err := storage.Open(t.Context(), s.database, s.secret)
		must(t, err)
		defer store.Close()
		w, err := store.Identity.WaveByLabel(t.Context(), "2026")
		must(t, err)
		all, err := store.Staff.Releases(t.Context(), w.ID)
		must(t, err)
		return len(all)
	}
	ballast := filepath.Join(disk, "ballast")
	must(t, occupy(ballast, 150<<10))
	export := []string{"export", "--wave=2026", "--population=employer", "--profile=internal", "--out=release.zip"}
	sentence, out := s.refused(export...)
	t.Logf("a full disk: %s", sentence)
	if !strings.Contains(sentence, "full") || out != "" {
		t.Errorf("a full disk: %q, %q", sentence, out)
	}
	empty(t, ".")
	must(t, os.Remove(ballast))
	if n := releases(); n > 0 {
		t.Errorf("%d releases are there", n)
	}
	s.do(export...)
	s.do("verify", "release.zip")
}

// occupy fills the disk of a file with it, but for so many bytes.
func occupy(name string, but int64) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	room := make([]byte, 64<<10)
	for err == nil {
		_, err = file.Write(room)
	}
	if errors.Is(err, syscall.ENOSPC) {
		err = nil
	}
	size, seek := file.Seek(0, io.SeekEnd)
	return errors.Join(err, seek, file.Truncate(max(0, size-but)), file.Close())
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
