// Package verify is the second opinion on a release: it reads the finished
// bundle as a receiver would and recomputes what the bundle promises.
//
// # Promise
//
// It shares no code with the rest of exports: what both get right was written
// twice, the hierarchies of the keys and the least that each profile promises
// included. Bundle needs nothing but the file: hashes, that no file rides along
// and all formats say the same, k, rare answers, classes that agree, routing,
// counts, formulas. Against has the frozen answers as well: it gives each row a
// record of its own, counts the candidates and the loss, and looks for typed
// texts in every file. Every finding is one sentence and never holds a cell's
// content.
//
// # Not here
//
// Reading a snapshot (exports hands it over); names and addresses, which no
// answer side has (the tests of exports and app look for planted ones); mending
// what is wrong.
package verify
