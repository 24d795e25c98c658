package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rondo/app/loadtest/respondent"
	"rondo/storage"
	"rondo/storage/storagetest"
)

const (
	killRounds   = 20
	killPeople   = 480
	killBrowsers = 16
)

// TestNoAcknowledgedAnswerIsLostWhenTheServiceIsKilled is F-01: the real service is killed
// under load, again and again; afterwards what the browsers were told must be in the database.
func TestNoAcknowledgedAnswerIsLostWhenTheServiceIsKilled(t *testing.T) {
	binary := buildVictim(t)
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			s := &victim{t: t, binary: binary, database: storagetest.URL(t, dialect), secret: storagetest.SecretFile(t), listen: freeListen(t)}
			crowd := s.field(killPeople)
			s.start()
			stop := killAnswering(t, s.url(), crowd)
			var slowest time.Duration
			for range killRounds {
				time.Sleep(200*time.Millisecond + rand.N(800*time.Millisecond))
				s.kill()
				slowest = max(slowest, s.start())
			}
			stop()
			s.kill()
			sum := checkCrowd(t, s.database, s.secret, crowd)
			t.Logf("%d kills, ready again within %v; %s", killRounds, slowest.Round(time.Millisecond), sum)
			if sum.saves < 5*killRounds || sum.submits == 0 || sum.lost == 0 {
				t.Error("too little was under way for this test to say anything")
			}
		})
	}
}

// buildVictim compiles the service as it is shipped, whatever this test was built with.
func buildVictim(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "rondo")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

func freeListen(t *testing.T) string {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	return socket.Addr().String()
}

// victim is `rondo serve` as a process of its own, on one database.
type victim struct {
	t                                *testing.T
	binary, database, secret, listen string
	running                          *exec.Cmd
	log                              bytes.Buffer
}

func (s *victim) url() string { return "http://" + s.listen }

func (s *victim) flags(args ...string) []string {
	return append(args, "--database", s.database, "--secret-file", s.secret, "--listen", s.listen, "--log", "warn")
}

// command runs a command of rondo and gives what it printed.
func (s *victim) command(args ...string) string {
	s.t.Helper()
	var out, said bytes.Buffer
	if code := run(context.Background(), s.flags(args...), nil, Streams{In: strings.NewReader(""), Out: &out, Err: &said}); code != 0 {
		s.t.Fatalf("rondo %s: exit %d\n%s%s", strings.Join(args, " "), code, &out, &said)
	}
	return out.String()
}

// field opens a wave with n employers.
func (s *victim) field(n int) []*killed {
	s.t.Helper()
	folder := s.t.TempDir()
	offices, list := filepath.Join(folder, "offices.csv"), filepath.Join(folder, "employers.csv")
	var b strings.Builder
	b.WriteString("office,name,email,language,size,branch\n")
	for i := range n {
		fmt.Fprintf(&b, "BE,Firma %d,hr@firma%d.example.ch,de,10-49,C\n", i, i)
	}
	for name, text := range map[string]string{offices: "code,name,email,language\nBE,IV Bern,be@offices.example.ch,de\n", list: b.String()} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	now := time.Now().UTC()
	s.command("migrate")
	s.command("wave", "create", "kill", "--ref-from", "2021", "--ref-to", "2025",
		"--opens", now.Add(-time.Hour).Format(time.RFC3339), "--closes", now.Add(240*time.Hour).Format(time.RFC3339))
	s.command("participants", "import", offices, "--wave", "kill", "--population", "office")
	s.command("participants", "import", list, "--wave", "kill", "--population", "employer")
	s.command("wave", "open", "kill", "--population", "office", "--yes")
	s.command("wave", "open", "kill", "--population", "employer", "--yes")
	rows, err := csv.NewReader(strings.NewReader(s.command("links", "--wave", "kill", "--population", "employer"))).ReadAll()
	if err != nil || len(rows) != n+1 {
		s.t.Fatalf("links: %d lines, %v", len(rows), err)
	}
	var crowd []*killed
	for _, row := range rows[1:] {
		number, err := strconv.Atoi(strings.TrimPrefix(row[0], "Firma "))
		if err != nil {
			s.t.Fatal(err)
		}
		crowd = append(crowd, &killed{number: number, link: row[4], pages: map[string][]sentForm{}})
	}
	return crowd
}

// start runs the service and gives how long it took to be ready.
func (s *victim) start() time.Duration {
	s.t.Helper()
	s.running = exec.Command(s.binary, s.flags("serve")...)
	s.running.Dir, s.running.Stderr = s.t.TempDir(), &s.log
	began := time.Now()
	if err := s.running.Start(); err != nil {
		s.t.Fatal(err)
	}
	process := s.running
	s.t.Cleanup(func() { _ = process.Process.Kill() }) // a second kill is none
	for time.Since(began) < time.Minute {
		if response, err := http.Get(s.url() + "/readyz"); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return time.Since(began)
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.kill()
	s.t.Fatalf("the service does not get ready\n%s", &s.log)
	return 0
}

// kill is kill -9: nothing in the process gets to tidy up.
func (s *victim) kill() {
	s.t.Helper()
	if err := s.running.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	_ = s.running.Wait() // it was killed
}

// killAnswering lets people answer, visit after visit, until stop is called.
func killAnswering(t *testing.T, base string, crowd []*killed) (stop func()) {
	var stopping atomic.Bool
	var all sync.WaitGroup
	client := respondent.Client(killBrowsers)
	each := len(crowd) / killBrowsers
	for i := range killBrowsers {
		random, mine := rand.New(rand.NewPCG(uint64(i), 9)), crowd[i*each:(i+1)*each]
		all.Go(func() {
			for n := 0; !stopping.Load(); {
				err := mine[n/4%each].visit(base, client, random, &stopping) // some visits by one person, then the next
				if isDown(err) {
					time.Sleep(20 * time.Millisecond)
					continue
				}
				if err != nil {
					t.Errorf("browser %d: %v", i, err)
				}
				n++
			}
		})
	}
	end := sync.OnceFunc(func() { stopping.Store(true); all.Wait() })
	t.Cleanup(end)
	return end
}

// isDown says whether an error comes from a service that is not there (any more).
func isDown(err error) bool {
	var lost *url.Error
	var cut net.Error
	return errors.As(err, &lost) || errors.As(err, &cut) || errors.Is(err, io.ErrUnexpectedEOF)
}

// checkCrowd holds the database against what everybody was told.
func checkCrowd(t *testing.T, database, secret string, crowd []*killed) (sum killTally) {
	t.Helper()
	store, err := storage.Open(context.Background(), database, secret)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	left := readSurvivors(t, store)
	for _, p := range crowd {
		sum.add(p)
		p.check(t, left.of(p))
	}
	if left.responses != left.spent || left.responses != len(left.bodies) {
		t.Errorf("%d responses of %d people, %d markers", left.responses, len(left.bodies), left.spent)
	}
	if left.responses < sum.submits || left.responses > sum.submits+sum.perhaps {
		t.Errorf("%d responses; %d submits were acknowledged and %d may have been kept", left.responses, sum.submits, sum.perhaps)
	}
	return sum
}
