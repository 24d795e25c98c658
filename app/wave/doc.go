// Package wave is the course of a wave: its states, the windows of its populations, who is
// invited, who is done, which combination of frame attributes a response may carry, freezing, the
// way of free texts out of the house, and archiving.
//
// # Promise
//
// A wave goes forward only: setup, running, closed, released, archived; inside running each
// population goes planned, open, closed. Every step may be called again after a crash and ends
// the same way. Nobody is invited twice, nor after opting out in an earlier wave. Who is done is never stored while a population is open: it is computed in
// memory by whoever holds the master secret.
//
// # Why
//
// Besides respond, this is the only package that sees both the identity side and the answer
// side. What crosses from one to the other crosses here, in few lines that can be read.
//
// # Not here
//
// Pages (rooms), messages (outbox), what a list, a draw and a duplicate are (nominate), bundles
// (exports).
package wave
