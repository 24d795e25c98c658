//go:build !race

package main

var scannedOf = map[string]int{"sqlite": 250, "postgres": 50}
