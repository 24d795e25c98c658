package db_test

import (
	"errors"
	"os"
	"syscall"
	"testing"
)

// smallDisk gives a disk of 512 KiB, where the test may make one.
func smallDisk(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	err := syscall.Mount("rondo", folder, "tmpfs", 0, "size=512k")
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		if os.Getenv("CI") != "" {
			t.Fatal("the machine that decides may make no disk")
		}
		t.Skip("only root may make a disk")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return folder
}
