// Package webtest drives the service the way people do: a small browser without
// JavaScript over real sockets, and a mail server that keeps what it is given.
//
// # Promise
//
// The browser sends a form as a real one does: every field with its value, the
// chosen button alone, the headers Origin and Sec-Fetch-Site. It follows no
// redirect by itself unless asked to.
//
// # Not here
//
// Databases for tests: storage/storagetest.
package webtest
