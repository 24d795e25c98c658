// Package boundtest holds what tests hand to a reader to the time and the memory that an input
// may take, on a machine that does much else: it measures how long processors were busy, not how
// long one waited, and the memory of a process that does nothing but this.
//
// Quick is for fuzzing: 100 ms for each input. Alone is for hostile files (SEC-11): 2 s, and 128 MiB
// of memory more than for a harmless one.
package boundtest
