//go:build browser

package browsertest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// TestPagesInARealBrowser starts the demo and lets pages.mjs walk through it.
func TestPagesInARealBrowser(t *testing.T) {
	folder := t.TempDir()
	binary := filepath.Join(folder, "rondo")
	build := exec.Command("go", "build", "-o", binary, "rondo/app")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	database := "sqlite:" + filepath.Join(folder, "rondo.db")
	var out, log bytes.Buffer
	demo := exec.Command(binary, "demo", "--database", database, "--listen", "127.0.0.1:18099")
	demo.Stdout, demo.Stderr = &out, &log
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- demo.Wait() }()
	t.Cleanup(func() {
		_ = demo.Process.Signal(syscall.SIGTERM)
		<-ended
	})
	password := regexp.MustCompile(`password: (\S+)`)
	deadline := time.Now().Add(time.Minute)
	for password.FindStringSubmatch(out.String()) == nil {
		if time.Now().After(deadline) {
			t.Fatalf("the demo does not come up:\n%s\n%s", out.String(), log.String())
		}
		time.Sleep(100 * time.Millisecond)
	}
	links := filepath.Join(folder, "links.csv")
	list := exec.Command(binary, "links", "--database", database, "--public-url", "http://127.0.0.1:18099", "--wave", "2026", "--population", "employer")
	csv, err := list.Output()
	if err != nil {
		t.Fatalf("links: %v", err)
	}
	if err := os.WriteFile(links, csv, 0o600); err != nil {
		t.Fatal(err)
	}
	walk := exec.Command("node", "pages.mjs", "http://127.0.0.1:18099", password.FindStringSubmatch(out.String())[1], links)
	if folder := os.Getenv("RONDO_TEST_SHOTS"); folder != "" {
		walk.Args = append(walk.Args, folder)
	}
	walked, err := walk.CombinedOutput()
	t.Logf("%s", walked)
	if err != nil {
		t.Fatalf("pages: %v", err)
	}
}
