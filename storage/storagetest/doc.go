// Package storagetest hands tests fresh, real databases: SQLite files and
// PostgreSQL databases, with the same test on both.
//
// # Promise
//
// Each runs its subtest on both databases, each time on one of its own. The
// PostgreSQL server is thrown away with the test process, also when that is
// killed. Where PostgreSQL is not installed the test fails and says so.
//
// # Why
//
// One server per test process, on a socket in a short temporary folder, in
// memory where /dev/shm exists: durability stays on, because storage refuses
// anything else. Databases are cloned from one that is migrated once. A small
// shell holds the read end of a pipe of the test process; when that ends, however
// it ends, the shell stops the server and removes its folder.
//
// # Not here
//
// Made-up waves and people: the tests of each package make what they need.
package storagetest
