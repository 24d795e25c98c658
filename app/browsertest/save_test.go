//go:build browser

package browsertest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// words makes a wave of employers and lets save.mjs answer, which kills
// the service, drops the network and takes the cookie away in the middle of typing.
func words(t *testing.T) {
	t.Helper()
	folder, binary := t.TempDir(), made.binary
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen := socket.Addr().String()
	socket.Close()
	flags := []string{"--database", "sqlite:" + filepath.Join(folder, "rondo.db"), "--listen", listen, "--public-url", "http://" + listen, "--log", "warn"}
	rondo := func(args ...string) []byte {
		t.Helper()
		command := exec.Command(binary, append(args, flags...)...)
		command.Dir, command.Stderr = folder, os.Stderr
		out, err := command.Output()
		if err != nil {
			t.Fatalf("rondo %s: %v", strings.Join(args, " "), err)
		}
		return out
	}

	firms := "office,name,email,language,size,branch\n"
	for i := range 20 {
		firms += fmt.Sprintf("BE,Firma %d,hr@firma%d.example.ch,de,10-49,C\n", i, i)
	}
	lists := map[string]string{"office": "code,name,email,language\nBE,IV Bern,be@offices.example.ch,de\n", "employer": firms}
	now := time.Now().UTC()
	rondo("migrate")
	rondo("wave", "create", "words", "--ref-from", "2021", "--ref-to", "2025",
		"--opens", now.Add(-time.Hour).Format(time.RFC3339), "--closes", now.Add(240*time.Hour).Format(time.RFC3339))
	for _, population := range []string{"office", "employer"} {
		list := filepath.Join(folder, population+".csv")
		if err := os.WriteFile(list, []byte(lists[population]), 0o600); err != nil {
			t.Fatal(err)
		}
		rondo("participants", "import", list, "--wave", "words", "--population", population)
		rondo("wave", "open", "words", "--population", population, "--yes")
	}
	links := filepath.Join(folder, "links.csv")
	if err := os.WriteFile(links, rondo("links", "--wave", "words", "--population", "employer"), 0o600); err != nil {
		t.Fatal(err)
	}
	walk := exec.Command("node", append([]string{"save.mjs", "http://" + listen, links, folder, binary, "serve"}, flags...)...)
	walked, err := walk.CombinedOutput()
	t.Logf("%s", walked)
	if err != nil {
		t.Fatalf("save: %v", err)
	}
}
