// Package synthetic makes up the study of 2015: 26 offices, the employers they nominate, and
// what each of them answers, so that every figure published about the real wave comes out
// (targets T1-T20 of the study facts). Nobody in it exists.
//
// # Promise
//
// The same seed gives the same people and the same answers; every set of answers passes Settle.
//
// # Why
//
// A demonstration that shows invented percentages teaches the wrong thing; one that shows real
// answers is impossible. Each published figure is met by an exact count; who holds which
// judgement follows one hidden disposition per respondent, so that answers hang together.
//
// # Not here
//
// Bringing them into a database: the demo command sends them through the same calls as real life.
package synthetic
