package auth

import "time"

const (
	freeTries = 4 // failures that cost nothing but the try
	firstWait = 15 * time.Second
	longest   = 15 * time.Minute
)

// Wait is how long after the last of n failures in a row the next try is answered at all: nothing up to four, then 15 seconds,
// doubling to a quarter of an hour. There is no permanent lock, or anyone could lock a colleague out.
func Wait(n int) time.Duration {
	if n <= freeTries {
		return 0
	}
	wait := firstWait
	for range n - freeTries - 1 {
		if wait *= 2; wait >= longest {
			return longest
		}
	}
	return wait
}
