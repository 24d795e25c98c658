package db

import "testing"

func TestListsOfManyLengthsAreFewStatementsAndHoldEveryValue(t *testing.T) {
	statements := map[string]bool{}
	for n := range 33 {
		values := make([]int, n)
		for i := range values {
			values[i] = i
		}
		list, args := Places(values)
		statements[list] = true
		held := map[any]bool{}
		for _, a := range args {
			held[a] = true
		}
		if len(held) != n {
			t.Errorf("%d values: %d are held", n, len(held))
		}
	}
	if len(statements) != 7 { // none, 1, 2, 4, 8, 16, 32
		t.Errorf("%d statements", len(statements))
	}
}
