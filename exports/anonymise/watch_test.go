package anonymise

import (
	"errors"
	"reflect"
	"testing"
)

// watchedFile is a file of three keys with hierarchies and what a search of it needs.
func watchedFile(t *testing.T, method string) (*Table, Options) {
	t.Helper()
	file := &Table{Names: []string{"a", "b", "c"}, Comma: ','}
	values := []string{"1", "2", "3", "4"}
	for i := range 120 {
		file.Rows = append(file.Rows, []string{values[i%4], values[i*i%3], values[i/7%4]})
	}
	h := &Hierarchy{Name: "h", Leaves: values, Up: map[string][]string{"1": {"1", "low", "*"}, "2": {"2", "low", "*"}, "3": {"3", "high", "*"}, "4": {"4", "high", "*"}}}
	return file, Options{Keys: file.Names, K: 5, Method: method, SuppressMax: .05, Hierarchies: map[string]*Hierarchy{"a": h, "b": h, "c": h}}
}

func TestASearchTellsHowFarItIsAndFindsTheSame(t *testing.T) {
	for _, method := range []string{"local", "record"} {
		file, o := watchedFile(t, method)
		alone, report, err := Run(file, o)
		if err != nil {
			t.Fatal(err)
		}
		calls, last := 0, 0
		o.Watch = func(done, all int) error {
			if calls++; done < last || done > all || all != 27 {
				t.Errorf("%s: %d of %d after %d", method, done, all, last)
			}
			last = done
			return nil
		}
		watched, same, err := Run(file, o)
		if err != nil || !reflect.DeepEqual(alone, watched) || !reflect.DeepEqual(report, same) {
			t.Errorf("%s: a watched search finds something else: %v", method, err)
		}
		if calls < 3 || last == 0 {
			t.Errorf("%s: told %d times, at last %d", method, calls, last)
		}
	}
}

func TestASearchEndsWhenItIsTold(t *testing.T) {
	enough := errors.New("enough")
	for _, method := range []string{"local", "record"} {
		file, o := watchedFile(t, method)
		for at := 1; ; at++ {
			calls := 0
			o.Watch = func(int, int) error {
				if calls++; calls == at {
					return enough
				}
				return nil
			}
			out, _, err := Run(file, o)
			if calls < at {
				if at < 3 {
					t.Errorf("%s: only %d places to end at", method, at)
				}
				break
			}
			if !errors.Is(err, enough) || out != nil {
				t.Fatalf("%s, told at call %d: %v", method, at, err)
			}
			if calls != at {
				t.Fatalf("%s: goes on for %d calls after it was told", method, calls-at)
			}
		}
	}
}
