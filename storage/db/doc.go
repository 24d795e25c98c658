// Package db is the handle on the database: the only place that opens GORM.
//
// # Promise
//
// Open gives a database that keeps what it acknowledged: SQLite in WAL with
// synchronous=FULL, secure_delete and foreign keys on; PostgreSQL with fsync,
// synchronous_commit and full_page_writes on. Anything else is refused. Migrate
// brings it to this program's schema, forward only; a database of a newer
// program is refused. Errors of both databases come out as the same sentinels.
//
// # Why
//
// On SQLite all writes go through one connection and wait for it in Go, in the
// order in which they came; with many writing connections they would poll the
// file lock and overtake one another (2,400 inserts by 16 writers on a disk: about
// 600 a second either way, but the longest wait is 0.3 s with one connection and
// 3.8 s with sixteen, near the 5 s at which SQLite gives up). Reads have
// connections of their own, set to query_only. Which one a statement takes is decided by its first
// word. busy_timeout and _txlock=immediate remain for a command that works
// beside a running serve.
//
// Statements are counted where they pass, so that a test can hold a page to
// four; BEGIN and COMMIT are not counted.
//
// Time is the database's own, plus an offset that only tests and the demo set.
//
// # Not here
//
// What the tables mean: storage/identity, storage/answers, storage/staff.
package db
