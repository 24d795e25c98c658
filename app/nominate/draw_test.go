package nominate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"rondo/storage/identity"
)

// TestADrawIsRepeatedWithSha256sum has what this prints:
//
//	for r in $(seq 12); do echo "$(printf '%s:%s' RONDO2026 $r | sha256sum | cut -c1-64) $r"; done | sort | cut -d' ' -f2
func TestADrawIsRepeatedWithSha256sum(t *testing.T) {
	want := []int{3, 4, 5, 10, 9, 12, 8, 6, 2, 11, 7, 1}
	if got := Order("RONDO2026", 12); !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
	if got := Draw(Order("RONDO2026", 12), 3, map[int]bool{want[0]: true}); !slices.Equal(got, want[1:4]) {
		t.Errorf("without the first: %v, want %v", got, want[1:4])
	}
}

func TestADrawHasEachRowOnceAndReplacesInOrder(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		firms, wanted, seed := 1+dice.IntN(400), 1+dice.IntN(30), fmt.Sprint(dice.Uint64())
		order := Order(seed, firms)
		if sorted := slices.Sorted(slices.Values(order)); len(sorted) != firms || sorted[0] != 1 || sorted[firms-1] != firms || len(slices.Compact(sorted)) != firms {
			t.Fatalf("seed %s, %d firms: %v", seed, firms, order)
		}
		out := map[int]bool{}
		for range dice.IntN(20) {
			before := Draw(order, wanted, out)
			if len(before) == 0 {
				break
			}
			gone := before[dice.IntN(len(before))]
			out[gone] = true
			after := Draw(order, wanted, out)
			kept := slices.DeleteFunc(slices.Clone(before), func(row int) bool { return row == gone })
			if !slices.Equal(after[:len(kept)], kept) || len(after) > wanted || slices.Contains(after, gone) {
				t.Fatalf("without %d: %v becomes %v", gone, before, after)
			}
			if want := min(wanted, firms-len(out)); len(after) != want {
				t.Fatalf("%d rows are left of %d, want %d", len(after), firms, want)
			}
		}
		if longer := Order(seed, firms+1); !slices.Equal(slices.DeleteFunc(longer, func(row int) bool { return row > firms }), order) {
			t.Fatal("a firm more changes the order of the others")
		}
	}
}

// TestEveryRowIsDrawnEquallyOften has the seeds of 10,000 draws in a row, so that it always comes to
// the same. Each of 40 rows should be among 10 drawn 2500 times, with a deviation of 43.
func TestEveryRowIsDrawnEquallyOften(t *testing.T) {
	const draws, firms, wanted = 10_000, 40, 10
	drawn, first := make([]int, firms+1), make([]int, firms+1)
	both := 0 // how often rows 1 and 2 come together
	for i := range draws {
		rows := Draw(Order(fmt.Sprintf("seed %d", i), firms), wanted, nil)
		for _, row := range rows {
			drawn[row]++
		}
		first[rows[0]]++
		if slices.Contains(rows, 1) && slices.Contains(rows, 2) {
			both++
		}
	}
	far := func(what string, n int, share float64) {
		t.Helper()
		want, deviation := draws*share, math.Sqrt(draws*share*(1-share))
		if math.Abs(float64(n)-want) > 4*deviation {
			t.Errorf("%s: %d times, want %.0f give or take %.0f", what, n, want, deviation)
		}
	}
	square := 0.0
	for row := 1; row <= firms; row++ {
		far(fmt.Sprint("row ", row), drawn[row], float64(wanted)/firms)
		far(fmt.Sprint("row ", row, " first"), first[row], 1.0/firms)
		square += math.Pow(float64(first[row])-draws/firms, 2) / (draws / firms)
	}
	far("rows 1 and 2 together", both, float64(wanted*(wanted-1))/(firms*(firms-1)))
	if square > 72 { // one draw in a thousand of honest ones is further off, with 39 degrees of freedom
		t.Errorf("chi square of the first rows is %.1f", square)
	}
}

func TestWhoIsNotInvitedThroughTheOfficeIsReplaced(t *testing.T) {
	s := identity.Selection{OfficeID: "zh", Mode: "drawn", Firms: 50, Seed: "x"}
	order := Order("x", 50)
	nomination := func(i int, state string) identity.Nomination {
		return identity.Nomination{ID: state, OfficeID: "zh", ListRow: order[i], State: state}
	}
	d := DrawnOf(s, 4, []identity.Exclusion{{OfficeID: "zh", ListRow: order[0], Reason: "gone"}}, []identity.Nomination{
		nomination(1, "approved"), nomination(2, "duplicate"), nomination(3, "withdrawn"), nomination(4, "stopped"), nomination(5, "proposed"),
		{ID: "other", OfficeID: "be", ListRow: order[6], State: "duplicate"},
	})
	if want := []int{order[1], order[3], order[5], order[6]}; !slices.Equal(d.Rows, want) {
		t.Errorf("rows %v, want %v", d.Rows, want)
	}
	if want := map[int]bool{order[3]: true, order[6]: true}; len(d.Open) != 2 || !d.Open[order[3]] || !d.Open[order[6]] {
		t.Errorf("open %v, want %v", d.Open, want)
	}
	if DrawnOf(identity.Selection{Mode: "picked", Firms: 50}, 4, nil, nil) != nil {
		t.Error("an office that picks has a draw")
	}
}
