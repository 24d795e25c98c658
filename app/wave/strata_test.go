package wave

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func frames(t *rapid.T) []map[string]string {
	n := rapid.IntRange(0, 150).Draw(t, "n")
	frame := make([]map[string]string, n)
	for i := range frame {
		frame[i] = map[string]string{}
		for j, name := range StratumOrder {
			v := rapid.IntRange(0, 1+j).Draw(t, name)
			if v > 0 {
				frame[i][name] = fmt.Sprint(v)
			}
		}
	}
	return frame
}

func TestNobodyCarriesACombinationOfFewerThanTen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		frame := frames(t)
		carried := Assign(frame)
		count := map[string]int{}
		for i, s := range carried {
			count[key(s)]++
			for name, v := range s {
				if frame[i][name] != v {
					t.Fatalf("employer %d carries %s=%s, is %s", i, name, v, frame[i][name])
				}
			}
		}
		for k, n := range count {
			if n < LeastShared && len(frame) >= LeastShared {
				t.Fatalf("combination %q is carried by %d of %d", k, n, len(frame))
			}
			if len(frame) < LeastShared && k != key(nil) {
				t.Fatalf("a frame of %d carries %q", len(frame), k)
			}
		}
	})
}

func TestLateEmployersNeverMakeASmallCombination(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		frame, late := frames(t), frames(t)
		existing := Assign(frame)
		result, ok := AssignLate(existing, late)
		if !ok {
			return
		}
		count := map[string]int{}
		for _, s := range existing {
			count[key(s)]++
		}
		for _, s := range result {
			count[key(s)]++
		}
		for k, n := range count {
			if n < LeastShared && len(frame)+len(late) >= LeastShared && len(frame) >= LeastShared {
				t.Fatalf("combination %q is carried by %d", k, n)
			}
		}
	})
}

func TestAFeedbackGroupHasTwentyInvitedWhereTheFrameAllows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var frame []Frame
		total := 0
		for _, o := range Offices {
			n := rapid.IntRange(0, 40).Draw(t, o.Code)
			total += n
			frame = append(frame, Frame{Office: o.Code, Language: o.Languages[0], Large: o.Large, Invited: n})
		}
		names := Groups(frame)
		size := map[string]int{}
		for _, f := range frame {
			if names[f.Office] == "" {
				t.Fatalf("%s is in no group", f.Office)
			}
			size[names[f.Office]] += f.Invited
		}
		for g, n := range size {
			if n < LeastGroup && total >= LeastGroup {
				t.Fatalf("%s has %d invited of %d", g, n, total)
			}
		}
	})
}

func TestAnOfficeWithTwentyInvitedIsAGroupOfItsOwn(t *testing.T) {
	names := Groups([]Frame{{"ZH", "de", true, 20}, {"BE", "de", true, 19}, {"VD", "fr", true, 3}})
	if names["ZH"] == names["BE"] || names["BE"] != names["VD"] {
		t.Errorf("groups are %v", names)
	}
}
