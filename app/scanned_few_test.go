//go:build race

package main

// scannedOf are the employers of each of 20 offices, by database: a part is enough for the race
// detector, all is played without it.
var scannedOf = map[string]int{"sqlite": 25, "postgres": 10}
