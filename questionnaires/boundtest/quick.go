package boundtest

import (
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
			return
		}
	}
	t.Fatalf("the input took %v of processor time, the least of %d times; at most %v are allowed", least, repeats, instrumented()*longest)
}

// instrumented is by how much slower the code of this program is than the one that is shipped.
// The race detector was measured to slow the readers down by 4 to 9, counting statements by 1.3;
// what fuzzing adds of its own (some hundredths) gets nothing.
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
