package boundtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// longest is what reading one input may take.
const longest = 100 * time.Millisecond

// repeats is how often an input is tried before it counts as slow.
const repeats = 3

// Quick fails where reading an input keeps processors busy for more than 100 ms.
//
// It counts the processor time of the process, the collection of garbage included, since waiting
// for other programs says nothing of the input. That time, too, swings on a machine whose
// processors are shared: caches are cold, the garbage of the inputs before is collected just then,
// and a virtual processor is charged for what its host took away (an input of 20 ms has been seen
// at 60). An input that is slow is slow each time; so one that took too long is read again, and
// the least of three times counts. run must do the same each time.
func Quick(t testing.TB, run func()) {
	t.Helper()
	least := time.Duration(1<<63 - 1)
	for range repeats {
		before := Processor(t)
		run()
		if least = min(least, Processor(t)-before); least <= instrumented()*longest {
			record(t, least)
			return
		}
	}
	t.Fatalf("the input took %v of processor time, the least of %d times; at most %v are allowed", least, repeats, instrumented()*longest)
}

// slowest is the longest that an input has taken in this process.
var slowest struct {
	sync.Mutex
	time.Duration
}

// record keeps the longest time in the folder RONDO_SLOWEST, for the report of .ci/fuzz: a file for
// each process, with the milliseconds.
func record(t testing.TB, took time.Duration) {
	dir := os.Getenv("RONDO_SLOWEST")
	if dir == "" {
		return
	}
	slowest.Lock()
	defer slowest.Unlock()
	if took <= slowest.Duration {
		return
	}
	slowest.Duration = took
	line := fmt.Sprintf("%.1f\n", float64(took.Microseconds())/1000)
	if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(os.Getpid())), []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
}

// instrumented is by how much slower the code of this program is than the one that is shipped.
// The race detector was measured to slow the readers down by 8 to 12, counting statements by 1.2.
// What fuzzing adds of its own, a factor of 1.5, gets nothing: under it, too, 100 ms are 100 ms.
func instrumented() time.Duration {
	factor := raceFactor
	if testing.CoverMode() != "" {
		factor *= 2
	}
	return time.Duration(factor)
}

// Processor is how long this process has kept processors busy.
func Processor(t testing.TB) time.Duration {
	t.Helper()
	spent, err := processor()
	if err != nil {
		t.Fatal(err)
	}
	return spent
}

func processor() (time.Duration, error) {
	var use syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &use)
	return time.Duration(use.Utime.Nano() + use.Stime.Nano()), err
}
