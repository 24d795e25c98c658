//go:build race

package respond_test

// interleavings are fewer under the race detector, which looks for something else and takes ten
// times as long; `make unit` plays all of them without it.
const interleavings = 1_000
