package exports

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// BenchmarkBuild makes whole bundles of 2,000 answers: the goal is 2 s and
// 128 MB each. The most memory is that of the process since it began, so look at
// one profile at a time:
//
//	go test ./exports -run '^$' -bench Build/scientific -benchtime 3x
func BenchmarkBuild(b *testing.B) {
	m := wave(b, "employer/2", 2000, 21)
	for _, profile := range []string{Internal, Scientific, Public} {
		b.Run(profile, func(b *testing.B) {
			before := mostMemory(b)
			for b.Loop() {
				if _, err := Build(context.Background(), m, Request{Wave: "2026", Population: "employer", Profile: profile}, []byte("key"), io.Discard); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(before, "MB-before") // of it the answers, which a source does not hold
			b.ReportMetric(mostMemory(b), "MB-most")
		})
	}
}

// mostMemory is the most memory the process has held, in MB; 0 where the system
// does not say.
func mostMemory(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		return 0
	}
	kb, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		b.Fatal(fmt.Errorf("VmHWM: %w", err))
	}
	return kb / 1024
}
