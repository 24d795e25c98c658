package mail

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

const somebody = 65534 // a user without rights

// A name that is not on the disk is gone after a power cut, and with it a message that counts as sent.
func TestALetterCountsAsSentOnlyOnceItsNameIsOnTheDisk(t *testing.T) {
	folder := Folder{Path: filepath.Join(t.TempDir(), "mail")}
	if got := folder.Send(t.Context(), composed(t, "a@firma.ch"), goOn); got.Result != Sent {
		t.Fatalf("Send = %v", got)
	}
	m := testMessage()
	m.ID = "another"
	letter, err := testSender("").Compose(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder.Path, 0o300); err != nil { // nobody can open it, and so not flush it either
		t.Fatal(err)
	}
	var got Outcome
	asSomebody(t, folder.Path, func() { got = folder.Send(t.Context(), letter, goOn) })
	if (got != Outcome{Temporary, "folder", true}) {
		t.Errorf("Send = %v, though its name cannot be flushed to the disk", got)
	}
}

// asSomebody calls do on behalf of a user to whom the rights of files matter, and who owns a folder: root is asked for none.
func asSomebody(t *testing.T, folder string, do func()) {
	t.Helper()
	if os.Getuid() != 0 {
		do()
		return
	}
	for _, path := range []string{folder, filepath.Join(folder, "tmp")} {
		if err := os.Chown(path, somebody, somebody); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{filepath.Dir(folder), filepath.Dir(filepath.Dir(folder))} { // those of the test
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never back: the thread ends with this
		err := syscall.Setfsuid(somebody)
		if err == nil {
			do()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}
