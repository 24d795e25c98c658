package storagetest

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
)

// shortTemp is a folder in memory if there is one; a socket's path may not be long.
func shortTemp() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return "/tmp"
}

// alive are the write ends that the shells of clearUp wait on; the system closes
// them when this process ends.
var (
	alive     []*os.File
	aliveLock sync.Mutex
)

// clearUp starts a shell that waits for the end of this process, however it ends,
// then runs a command, if any, and removes the folder.
func clearUp(folder string, command []string) error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(context.Background(), "/bin/sh", "-c", `cat >/dev/null; "$@" >/dev/null 2>&1; rm -rf "$0"`, folder)
	if len(command) == 0 {
		command = []string{"true"}
	}
	cmd.Args = append(cmd.Args, command...)
	cmd.Stdin, cmd.Dir = read, "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	aliveLock.Lock()
	defer aliveLock.Unlock()
	alive = append(alive, write)
	return read.Close()
}

// files is the folder for the SQLite databases of this process.
var files = sync.OnceValues(func() (string, error) {
	name, err := os.MkdirTemp(shortTemp(), "rondo-lite-")
	if err != nil {
		return "", err
	}
	return name, clearUp(name, nil)
})

// folder is a folder for one test, removed with it.
func folder(t testing.TB) string {
	t.Helper()
	parent, err := files()
	if err != nil {
		t.Fatal(err)
	}
	name, err := os.MkdirTemp(parent, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(name) })
	return name
}
