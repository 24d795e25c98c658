package storagetest_test

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"rondo/storage"
	"rondo/storage/storagetest"
)

const child = "RONDO_STORAGETEST_CHILD"

// TestServerEndsWithItsProcess starts this test binary again, kills it while its
// server runs, and waits for the server's folder to go.
func TestServerEndsWithItsProcess(t *testing.T) {
	if os.Getenv(child) != "" {
		s := storagetest.Open(t, "postgres")
		var folder string
		if err := s.DB.Conn().QueryRowContext(t.Context(), "SHOW unix_socket_directories").Scan(&folder); err != nil {
			t.Fatal(err)
		}
		_, _ = os.Stdout.WriteString("\nfolder " + folder + "\n")
		time.Sleep(5 * time.Minute) // it is killed long before
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestServerEndsWithItsProcess$")
	cmd.Env = append(os.Environ(), child+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	folder := ""
	for lines := bufio.NewScanner(out); folder == "" && lines.Scan(); {
		folder, _ = strings.CutPrefix(lines.Text(), "folder ")
		if folder == lines.Text() {
			folder = ""
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if folder == "" {
		t.Fatal("the child said no folder")
	}
	for range 1200 {
		if _, err := os.Stat(folder); os.IsNotExist(err) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%s is still there a minute after its process was killed", folder)
}

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	for range 2 {
		storagetest.Each(t, func(t *testing.T, s *storage.Store) {
			if _, err := s.Staff.Setting(t.Context(), "seen"); err == nil {
				t.Error("the database of another test")
			}
			if err := s.Staff.SetSetting(t.Context(), "seen", "canary-on-disk"); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestDumpShowsEverything(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		if err := s.Staff.SetSetting(t.Context(), "k", "canary-on-disk"); err != nil {
			t.Fatal(err)
		}
		found := false
		for _, table := range storagetest.Dump(t, s) {
			if table.Name == "settings" {
				values := table.Column("value")
				found = len(values) == 1 && values[0] == "canary-on-disk"
				place := table.Column("rowid")
				if s.DB.Postgres() {
					place = table.Column("ctid")
				}
				if len(place) != 1 || table.Column("nothing") != nil {
					t.Errorf("the place of the row is %v", place)
				}
			}
		}
		if !found {
			t.Error("the dump does not show what was kept")
		}
		if !bytes.Contains(storagetest.RawBytes(t, s), []byte("canary-on-disk")) {
			t.Error("the bytes on disk do not show what was kept")
		}
	})
}
