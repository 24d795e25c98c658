package anonymise

import (
	"errors"
	"fmt"
	"testing"
)

// TestAColumnOfTenThousandValuesIsRefusedOrCoarsened: without a hierarchy nothing but suppression is
// left, and that takes more than the cap; with whole columns given up, it can be done.
func TestAColumnOfTenThousandValuesIsRefusedOrCoarsened(t *testing.T) {
	file := &Table{Names: []string{"id", "sex"}, Comma: ','}
	for i := range 10_000 {
		file.Rows = append(file.Rows, []string{fmt.Sprint(i), fmt.Sprint(i % 2)})
	}
	out, _, err := Run(file, Options{Keys: file.Names, K: 5, SuppressMax: .05})
	if !errors.Is(err, ErrUnreachable) || out != nil {
		t.Fatalf("at most a twentieth suppressed: %v", err)
	}
	out, report, err := Run(file, Options{Keys: file.Names, K: 5, SuppressMax: 1})
	if err != nil || report.MinClass < 5 || report.SuppressedCells["id"] != 10_000 || len(out.Rows) != 10_000 {
		t.Fatalf("all suppressed: %v, %+v", err, report)
	}
}

func TestAFileOfEqualRowsStaysAsItIs(t *testing.T) {
	file := &Table{Names: []string{"a", "b"}, Comma: ','}
	for range 100 {
		file.Rows = append(file.Rows, []string{"x", "y"})
	}
	for _, method := range []string{"local", "record"} {
		out, report, err := Run(file, Options{Keys: file.Names, K: 100, Method: method})
		if err != nil || report.NCP == nil || *report.NCP != 0 || out.Rows[0][0] != "x" || report.MinClass != 100 {
			t.Errorf("%s: %v %+v", method, err, report)
		}
	}
}
