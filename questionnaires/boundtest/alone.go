package boundtest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// What reading any one file may take (SEC-11).
const (
	mostTime   = 2 * time.Second
	mostMemory = 128 << 20 // bytes, more than for a harmless file
)

const aloneEnv = "RONDO_TEST_ALONE"

// used is what a process that read one file has to tell.
type used struct {
	Said string
	Time time.Duration // of processors
	Peak int64         // bytes of memory that were resident at once
}

// Main is for the TestMain of a package whose tests call Alone: in a process that was started to
// read one file, it does that and ends. read gives what there is to say of a file or folder.
func Main(m *testing.M, read func(path string) string) {
	path := os.Getenv(aloneEnv)
	if path == "" {
		code := m.Run()
		if plain.dir != "" {
			os.RemoveAll(plain.dir)
		}
		os.Exit(code)
	}
	before, err := processor()
	must(err)
	said := read(path)
	after, err := processor()
	must(err)
	peak, err := peak()
	must(err)
	must(json.NewEncoder(os.Stdout).Encode(used{said, after - before, peak}))
	os.Exit(0)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// peak is the most memory of this process that was ever resident. The kernel counts it for the
// program alone; what getrusage gives begins with the size of the test that started it.
func peak() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	line, _, _ := strings.Cut(rest, " kB")
	kb, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
	return kb << 10, err
}

// Bench reads files in processes of their own and compares each with a harmless one.
type Bench struct {
	program  string
	harmless int64 // bytes
}

// NewBench makes a bench; harmless is the path of a file that costs nothing worth mention.
func NewBench(t *testing.T, harmless string) *Bench {
	t.Helper()
	b := &Bench{program: program(t)}
	b.harmless = b.read(t, harmless).Peak
	return b
}

// Read reads a file or folder and gives what the function handed to Main says of it. It fails
// where that takes more than 2 s of processor time, or 128 MiB more memory than the harmless file,
// and does so again when tried again (see Quick; and garbage is collected at one moment or another).
func (b *Bench) Read(t *testing.T, path string) string {
	t.Helper()
	var u used
	for n := range repeats {
		again := b.read(t, path)
		again.Peak = max(0, again.Peak-b.harmless)
		if n > 0 {
			again.Time, again.Peak = min(again.Time, u.Time), min(again.Peak, u.Peak)
		}
		if u = again; u.Time <= mostTime && u.Peak <= mostMemory {
			break
		}
	}
	t.Logf("it took %v and %.1f MiB", u.Time.Round(time.Millisecond), float64(u.Peak)/(1<<20))
	if u.Time > mostTime {
		t.Errorf("it took %v; at most %v are allowed", u.Time, mostTime)
	}
	if u.Peak > mostMemory {
		t.Errorf("it took %d MiB more than a harmless file; at most %d are allowed", u.Peak>>20, mostMemory>>20)
	}
	return u.Said
}

func (b *Bench) read(t *testing.T, path string) used {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), b.program)
	cmd.Env = append(os.Environ(), aloneEnv+"="+path)
	var errors strings.Builder
	cmd.Stderr = &errors
	out, err := cmd.Output()
	var u used
	if err == nil {
		err = json.Unmarshal(out, &u)
	}
	if err != nil {
		t.Fatalf("%v: %.2000s", err, errors.String())
	}
	return u
}

// plain is this test program without instruments, where one had to be built.
var plain struct {
	sync.Once
	dir string
	err error
}

// program is the test program that reads: this one, unless it is instrumented. The race detector
// takes ten times the time and the memory; then one is built without it.
func program(t *testing.T) string {
	t.Helper()
	if instrumented() == 1 {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		return self
	}
	plain.Do(func() {
		if plain.dir, plain.err = os.MkdirTemp("", "alone"); plain.err != nil {
			return
		}
		build := exec.CommandContext(context.Background(), "go", "test", "-c", "-o", filepath.Join(plain.dir, "plain.test"), ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			plain.err = fmt.Errorf("%w: %s", err, out)
		}
	})
	if plain.err != nil {
		t.Fatal(plain.err)
	}
	return filepath.Join(plain.dir, "plain.test")
}
