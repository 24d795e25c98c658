//go:build !race

package respond_test

// interleavings are those of two tabs, on both databases together.
const interleavings = 10_000
