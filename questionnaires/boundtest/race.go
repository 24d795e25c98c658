//go:build race

package boundtest

const raceFactor = 10
