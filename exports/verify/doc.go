// Package verify is the second opinion on a release: it reads the finished
// bundle as a receiver would and recomputes what the bundle promises.
//
// # Promise
//
// It shares no code with the rest of exports: what both get right was written
// twice. It needs nothing but the file. Every finding is one sentence and never
// holds a cell's content.
//
// # Not here
//
// Checks that need the frozen snapshot, such as whether an identity slipped in
// (the tests of exports); mending what is wrong.
package verify
