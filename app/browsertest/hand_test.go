//go:build browser || browserall

package browsertest

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"

	_ "rondo/storage/db" // registers the driver
)

// hand lets a script do to the service what happens to real ones: a wave ends, the database is
// locked by somebody else, a kept draft is damaged.
//
//	POST /close?population=employer   the answering of a population of the wave 2026 ends
//	POST /open?population=discussion  and that of another one begins
//	POST /damage, POST /mend          every kept draft is spoilt, and what it was before again
//	POST /lock, POST /unlock          somebody else holds the database
func (s *stage) hand() *stage {
	s.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.folder, "rondo.db"))
	s.must(err)
	s.t.Cleanup(func() { _ = db.Close() })
	held, err := db.Conn(s.t.Context())
	s.must(err)
	run := func(statement string) func(*http.Request) error {
		return func(*http.Request) error {
			_, err := held.ExecContext(context.Background(), statement)
			return err
		}
	}
	wave := func(act string) func(*http.Request) error {
		return func(r *http.Request) error {
			s.rondo("wave", act, "2026", "--population", r.URL.Query().Get("population"), "--yes")
			return nil
		}
	}
	acts := http.NewServeMux()
	for name, do := range map[string]func(*http.Request) error{
		"close": wave("close"), "open": wave("open"),
		"damage": run(`CREATE TEMP TABLE whole AS SELECT id, body FROM drafts; UPDATE drafts SET body = x'00'`),
		"mend":   run(`UPDATE drafts SET body = (SELECT w.body FROM temp.whole w WHERE w.id = drafts.id)`),
		"lock":   run(`BEGIN IMMEDIATE`), "unlock": run(`ROLLBACK`),
	} {
		acts.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) {
			if err := do(r); err != nil {
				http.Error(w, fmt.Sprint(err), http.StatusInternalServerError)
			}
		})
	}
	server := httptest.NewServer(acts)
	s.t.Cleanup(server.Close)
	s.Hand = server.URL
	return s
}
