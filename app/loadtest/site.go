package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"rondo/storage/db"
)

// label is the wave that every site has.
const label = "bench"

// site is one installation: a binary, a database, a secret, an address.
type site struct {
	binary, folder, database, secret string
	listen, internal                 string // internal: metrics and profiles
	smtp                             string // where messages go, host:port; "": a folder
	server                           int    // process of PostgreSQL; 0: none
	stop                             func() error
}

// newSite makes an empty database of a dialect in a new folder inside folder.
func newSite(ctx context.Context, folder, binary, dialect string) (*site, error) {
	folder, err := os.MkdirTemp(folder, dialect+"-")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(folder, 0o711); err != nil { // the account of PostgreSQL passes through
		return nil, err
	}
	s := &site{
		binary: binary, folder: folder, secret: filepath.Join(folder, "secret"),
		database: "sqlite:" + filepath.Join(folder, "rondo.db"), stop: func() error { return nil },
	}
	if s.listen, err = freeAddress(ctx); err != nil {
		return nil, err
	}
	if s.internal, err = freeAddress(ctx); err != nil {
		return nil, err
	}
	if dialect == db.PostgreSQL {
		pg, err := startCluster(ctx, folder)
		if err != nil {
			return nil, err
		}
		s.database, s.server, s.stop = pg.url("postgres"), pg.process(), pg.stop
	}
	return s, nil
}

// freeAddress is an address of this machine that nobody listens on.
func freeAddress(ctx context.Context) (string, error) {
	socket, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return socket.Addr().String(), socket.Close()
}

func (s *site) url() string { return "http://" + s.listen }

func (s *site) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.binary, args...)
	cmd.Dir = s.folder
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "RONDO_") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	cmd.Env = append(cmd.Env, "RONDO_DATABASE="+s.database, "RONDO_SECRET_FILE="+s.secret,
		"RONDO_LISTEN="+s.listen, "RONDO_INTERNAL_LISTEN="+s.internal)
	if s.smtp != "" {
		cmd.Env = append(cmd.Env, "RONDO_SMTP=smtp://"+s.smtp, fmt.Sprintf("RONDO_MAIL_RATE=%d", sendRate))
	}
	return cmd
}

// rondo runs one command and gives what it wrote.
func (s *site) rondo(ctx context.Context, args ...string) ([]byte, error) {
	cmd := s.command(ctx, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("rondo %s: %w\n%s%s", strings.Join(args, " "), err, out, said.Bytes())
	}
	return out, nil
}

// field opens a wave with n employers and gives their links; more are further arguments of `rondo
// wave create`.
func (s *site) field(ctx context.Context, n int, more ...string) ([]string, error) {
	day := 24 * time.Hour
	opens, closes := time.Now().Add(-day).UTC().Format(time.RFC3339), time.Now().Add(30*day).UTC().Format(time.RFC3339)
	offices, employers := s.path("offices.csv"), s.path("employers.csv")
	codes, err := writeOffices(offices)
	if err != nil {
		return nil, err
	}
	if err := writeEmployers(employers, codes, n); err != nil {
		return nil, err
	}
	for _, args := range [][]string{
		{"migrate"},
		append([]string{"wave", "create", label, "--ref-from", "2021", "--ref-to", "2025", "--opens", opens, "--closes", closes}, more...),
		{"participants", "import", offices, "--wave", label, "--population", "office"},
		{"participants", "import", employers, "--wave", label, "--population", "employer"},
		{"wave", "open", label, "--population", "office", "--yes"},
		{"wave", "open", label, "--population", "employer", "--yes"},
	} {
		if _, err := s.rondo(ctx, args...); err != nil {
			return nil, err
		}
	}
	out, err := s.rondo(ctx, "links", "--wave", label, "--population", "employer")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(s.path("links.csv"), out, 0o600); err != nil {
		return nil, err
	}
	return readLinks(s.path("links.csv"))
}

func (s *site) path(name string) string { return filepath.Join(s.folder, name) }

// cantons are the codes of the 26 offices.
var cantons = strings.Fields("ZH BE LU UR SZ OW NW GL ZG FR SO BS BL SH AR AI SG GR AG TG TI VD VS NE GE JU")

func writeOffices(name string) ([]string, error) {
	rows := [][]string{{"code", "name", "email", "language"}}
	for _, code := range cantons {
		rows = append(rows, []string{code, "IV " + code, strings.ToLower(code) + "@offices.example.ch", "de"})
	}
	return cantons, writeCSV(name, rows)
}

func writeEmployers(name string, offices []string, n int) error {
	rows := [][]string{{"office", "name", "email", "language", "size", "branch"}}
	languages, sizes, branches := []string{"de", "fr", "it", "en"}, []string{"1-9", "10-49", "50-249", "250+"}, []string{"C", "F", "G", "Q"}
	for i := range n {
		rows = append(rows, []string{
			offices[i%len(offices)], fmt.Sprintf("Firma %d", i), fmt.Sprintf("hr@firma%d.example.ch", i),
			languages[i%4], sizes[i/4%4], branches[i/16%4],
		})
	}
	return writeCSV(name, rows)
}

func writeCSV(name string, rows [][]string) error {
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return err
	}
	return os.WriteFile(name, b.Bytes(), 0o600)
}

// server is a running `rondo serve`.
type server struct {
	cmd   *exec.Cmd
	log   *os.File
	ready time.Duration // from its start to the first 200 of /readyz
}

// serve starts the service and waits until it is ready.
func (s *site) serve(ctx context.Context) (*server, error) {
	log, err := os.Create(s.path("serve.log"))
	if err != nil {
		return nil, err
	}
	up := &server{cmd: s.command(ctx, "serve"), log: log}
	up.cmd.Stdout, up.cmd.Stderr = log, log
	began := time.Now()
	if err := up.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(began) < 20*time.Second {
		if status, err := fetch(ctx, s.url()+"/readyz", io.Discard); err == nil && status == http.StatusOK {
			up.ready = time.Since(began)
			return up, nil
		}
		time.Sleep(2 * time.Millisecond)
	}
	err = errors.Join(errors.New("the service does not get ready"), up.cmd.Process.Kill())
	_ = up.cmd.Wait() // it was killed
	said, _ := os.ReadFile(log.Name())
	return nil, fmt.Errorf("%w\n%s", err, said)
}

// stop asks the service to end and waits for it.
func (s *server) stop() error {
	return errors.Join(s.cmd.Process.Signal(syscall.SIGTERM), s.cmd.Wait(), s.log.Close())
}

// memory is a figure of the process in bytes: VmRSS now, VmHWM at most so far.
func (s *server) memory(name string) (int64, error) { return memoryOf(s.cmd.Process.Pid, name) }

func memoryOf(pid int, name string) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if words := strings.Fields(line); len(words) == 3 && words[0] == name+":" {
			kilobytes, err := strconv.ParseInt(words[1], 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, fmt.Errorf("%s is not known of process %d", name, pid)
}

// processor is how long a process has kept a core busy; 0 when that is not known.
func processor(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	words := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // after the name, which may hold blanks
	if len(words) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(words[11], 10, 64)
	system, _ := strconv.ParseInt(words[12], 10, 64)
	return time.Duration(user+system) * time.Second / 100 // the unit is 1/100 s on every Linux
}

// family is processor of a process and of all its children, those that have ended included.
func family(pid int) time.Duration {
	total := processor(pid)
	children, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, list := range children {
		ids, _ := os.ReadFile(list)
		for _, id := range strings.Fields(string(ids)) {
			child, _ := strconv.Atoi(id)
			total += family(child)
		}
	}
	return total
}

// fetch writes a page to into.
func fetch(ctx context.Context, address string, into io.Writer) (status int, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(into, response.Body)
	return response.StatusCode, err
}
