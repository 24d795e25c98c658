// Package desk is the room of FSIO's staff: the course of a wave, offices and employers, lists and nominations, messages, group
// discussions, releases, the journal and the accounts.
//
// Promise: every page works without script, in four languages. GET and HEAD change nothing. Each change is a POST that carries the
// tag of its session, is allowed by one row of the table of URLs, is journalled with its result and ends in a redirect. What
// cannot be undone is confirmed on a page of its own that says what happens; where more than a hundred are affected the count is
// typed. Employers' responses appear only as the floored counts that Waves.Counts gives: no page says who has answered.
//
// Why: the room asks for what it needs through the small interfaces of needs.go, so that it can be read without knowing how
// a wave is kept. An upload is checked first and kept only after a look at its verdicts; between the two steps it travels in the
// form, not on a disk.
//
// Not here: who is signed in and what a role may do (auth), what a step does (wave, nominate, outbox), building bundles (exports).
package desk
