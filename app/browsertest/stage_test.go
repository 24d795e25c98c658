//go:build browser || browserall

package browsertest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the approved accessibility trees anew")

// made is what all tests share: the program of this checkout, and a database that the demo has filled.
var made struct {
	binary, folder, password string
}

func TestMain(m *testing.M) {
	flag.Parse()
	folder, err := os.MkdirTemp("", "rondo-browser-")
	if err == nil {
		made.folder, made.binary = folder, filepath.Join(folder, "rondo")
		err = fillOnce()
	}
	if err != nil {
		log.Fatal(err)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// fillOnce builds the program and lets the demo fill a database; the demo alone tells its password.
func fillOnce() error {
	if out, err := exec.Command("go", "build", "-o", made.binary, "rondo/app").CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(made.folder, "filled"), 0o700); err != nil {
		return err
	}
	demo, err := start("demo", "--database", database(filepath.Join(made.folder, "filled")), "--listen", address)
	if err != nil {
		return err
	}
	defer demo.stop()
	told, err := demo.says(regexp.MustCompile(`password: (\S+)`))
	made.password = told
	return err
}

func database(folder string) string { return "sqlite:" + filepath.Join(folder, "rondo.db") }

// freeAddress is one on which nobody listens now.
func freeAddress() (string, error) {
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer socket.Close()
	return socket.Addr().String(), nil
}

// said is what a process writes, which it does while others read it.
type said struct {
	lock sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.text.String()
}

// process is the program at work.
type process struct {
	command *exec.Cmd
	out     said
	ended   chan error
}

func start(args ...string) (*process, error) {
	p := &process{command: exec.Command(made.binary, args...), ended: make(chan error, 1)}
	p.command.Stdout, p.command.Stderr = &p.out, &p.out
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go func() { p.ended <- p.command.Wait() }()
	return p, nil
}

func (p *process) stop() {
	_ = p.command.Process.Signal(syscall.SIGTERM)
	<-p.ended
}

// says waits until the process has written something, and gives the first group of it.
func (p *process) says(what *regexp.Regexp) (string, error) {
	for range 600 {
		if found := what.FindStringSubmatch(p.out.String()); found != nil {
			return found[len(found)-1], nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return "", fmt.Errorf("%s does not come up:\n%s", p.command.Args[1], p.out.String())
}

// stage is one service with the waves of the demo, on a database of its own.
type stage struct {
	t        *testing.T
	folder   string
	Base     string              `json:"base"`
	Hand     string              `json:"hand"` // what a page cannot do itself: see hand_test.go
	Password string              `json:"password"`
	Links    map[string][]string `json:"links"`   // by population
	Kinds    string              `json:"kinds"`   // preview of the questionnaire with every kind of question
	Broken   string              `json:"broken"`  // preview of one that cannot be read
	Early    []string            `json:"early"`   // links of a wave that has not begun: office, employer
	Stops    []string            `json:"stops"`   // links that stop messages
	Welcome  string              `json:"welcome"` // of an account that nobody has set up
	Headed   map[string]string   `json:"headed"`  // by language: an office of the wave 2030, whose heads release
	Folder   string              `json:"folder"`
	Update   bool                `json:"update"`
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, folder: t.TempDir(), Password: made.password, Links: map[string][]string{}, Update: *update}
	for _, name := range []string{"rondo.db", "rondo.secret"} {
		data, err := os.ReadFile(filepath.Join(made.folder, "filled", name))
		s.must(err)
		s.must(os.WriteFile(filepath.Join(s.folder, name), data, 0o600))
	}
	address, err := freeAddress()
	s.must(err)
	s.Base = "http://" + address
	s.up("serve", "--database", database(s.folder), "--listen", address, "--log", "error")
	s.wait(s.Base + "/readyz")
	for _, population := range []string{"employer", "office"} {
		s.Links[population] = s.links("2026", population)
	}
	s.headed()
	return s
}

// links are the personal links of a population.
func (s *stage) links(wave, population string) (links []string) {
	s.t.Helper()
	list := s.rondo("links", "--public-url", s.Base, "--wave", wave, "--population", population)
	lines := strings.Split(strings.TrimSpace(list), "\n")[1:]
	slices.Sort(lines) // by name: tokens, and with them the order of the list, differ from run to run
	for _, line := range lines {
		links = append(links, line[strings.LastIndex(line, ",")+1:])
	}
	return links
}

// headed makes the wave 2030, in which the heads of offices release, with an office per language.
func (s *stage) headed() {
	s.t.Helper()
	now := time.Now()
	s.rondo("wave", "create", "2030", "--ref-from=2027", "--ref-to=2030", "--opens", now.Add(-time.Hour).Format(time.RFC3339),
		"--closes", now.AddDate(0, 1, 0).Format(time.RFC3339), "--head-releases")
	list, languages := "code,name,email,language\n", map[string]string{"LU": "en", "GE": "fr", "TI": "it", "ZH": "de"}
	for code, lang := range languages {
		list += fmt.Sprintf("%s,Office %s,clerk.%s@office.example,%s\n", code, code, lang, lang)
	}
	file := filepath.Join(s.folder, "heads.csv")
	s.must(os.WriteFile(file, []byte(list), 0o600))
	s.rondo("participants", "import", file, "--wave=2030", "--population=office")
	s.rondo("wave", "open", "2030", "--population=office", "--yes")
	s.Headed = map[string]string{}
	for line := range strings.Lines(s.rondo("links", "--public-url", s.Base, "--wave=2030", "--population=office")) {
		cells := strings.Split(strings.TrimSpace(line), ",")
		if lang := languages[cells[2]]; lang != "" {
			s.Headed[lang] = cells[4]
		}
	}
}

// kinds shows the questionnaire with every kind of question beside the service.
func (s *stage) kinds() *stage {
	s.t.Helper()
	address, err := freeAddress()
	s.must(err)
	s.Kinds = "http://" + address
	s.up("questionnaire", "preview", "testdata/kinds/1", "--listen", address)
	s.wait(s.Kinds + "/preview/state")
	return s
}

// up starts a process that ends with the test.
func (s *stage) up(args ...string) {
	s.t.Helper()
	p, err := start(args...)
	s.must(err)
	s.t.Cleanup(func() {
		p.stop()
		if strings.Contains(p.out.String(), "panic") {
			s.t.Errorf("the service says:\n%s", p.out.String())
		}
	})
}

func (s *stage) wait(address string) {
	s.t.Helper()
	for range 300 {
		if answer, err := http.Get(address); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.t.Fatalf("%s does not answer", address)
}

// rondo runs one command on the stage's database and gives what it prints.
func (s *stage) rondo(args ...string) string {
	s.t.Helper()
	var out, failed bytes.Buffer
	command := exec.Command(made.binary, append(args, "--database", database(s.folder))...)
	command.Stdout, command.Stderr = &out, &failed
	if err := command.Run(); err != nil {
		s.t.Fatalf("%v: %v\n%s", args, err, failed.String())
	}
	return out.String()
}

// play lets a script of this folder drive the browser; what it prints is the test's log.
func (s *stage) play(script string, more ...string) {
	s.t.Helper()
	config, err := json.Marshal(s)
	s.must(err)
	walk := exec.Command("node", append([]string{script, string(config)}, more...)...)
	out, err := walk.StdoutPipe()
	s.must(err)
	walk.Stderr = walk.Stdout
	s.must(walk.Start())
	for lines := bufio.NewScanner(out); lines.Scan(); { // as they come: the long scripts take their time
		s.t.Log(lines.Text())
	}
	if err := walk.Wait(); err != nil {
		s.t.Fatalf("%s: %v", script, err)
	}
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}
