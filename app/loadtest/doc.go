// Loadtest answers whole employer questionnaires, page by page, over HTTP, and says how fast
// and how surely they were kept.
//
//	loadtest --url http://127.0.0.1:8080 --links links.csv --concurrency 32 [--database URL]
//	loadtest bench
//
// # Promise
//
// Every figure comes with what limits it in the same run: page saves with the durable commits the
// database can do at all, requests with the static files the service can send, exports with the
// database's own writing of the same cells. What was acknowledged is read back and counted. It sends only to this machine.
//
// # Why
//
// A figure alone says more about the machine than about the service; the share of a bound can be
// compared between machines and between versions.
//
// # Not here
//
// How a person answers: respondent. Faults on purpose: the tests of the service.
package main
