//go:build browser || browserall

package browsertest

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	_ "rondo/storage/db" // registers the driver
)

// hand lets a script do to the service what happens to real ones: a wave ends, the database is
// locked by somebody else, a kept draft is damaged.
//
//	POST /close?population=employer   the answering of a population of the wave 2026 ends
//	POST /open?population=discussion  and that of another one begins
//	POST /damage, POST /mend          every kept draft is spoilt, and what it was before again
//	POST /propose                     a release of the wave 2015 waits for somebody to approve it
//	POST /long, POST /short           the answers of the employers of 2015 seem to be a million times as many, and again as they are
//	POST /lock, POST /unlock          somebody else holds the database
//	POST /head?lang=de                the link that the head of an office of the wave 2030 was sent
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
		"propose": run(`INSERT INTO releases SELECT 'proposed', wave_id, population, 'public', 'another', 'proposed', proposed_by, '', '', 'public.zip', sha256, size, records, marks, proposed_at, 0, '', 'For the open data portal'
			FROM releases WHERE profile = 'scientific' LIMIT 1`),
		"long": run(`DROP TRIGGER IF EXISTS snapshots_no_update; UPDATE snapshots SET responses = responses * 1000000
			WHERE population = 'employer' AND wave_id = (SELECT id FROM waves WHERE label = '2015')`),
		"short": run(`UPDATE snapshots SET responses = responses / 1000000
			WHERE population = 'employer' AND wave_id = (SELECT id FROM waves WHERE label = '2015')`),
		"lock": run(`BEGIN IMMEDIATE`), "unlock": run(`ROLLBACK`),
	} {
		acts.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) {
			if err := do(r); err != nil {
				http.Error(w, fmt.Sprint(err), http.StatusInternalServerError)
			}
		})
	}
	acts.HandleFunc("POST /head", s.head)
	server := httptest.NewServer(acts)
	s.t.Cleanup(server.Close)
	s.Hand = server.URL
	return s
}

var headLink = regexp.MustCompile(`http://\S+/release/[0-9a-z]+`)

// head answers the link in the newest message to a head, once it is there.
func (s *stage) head(w http.ResponseWriter, r *http.Request) {
	for range 100 {
		files, _ := filepath.Glob(filepath.Join(s.folder, "*", "*.eml"))
		for _, file := range files {
			raw, _ := os.ReadFile(file)
			text := strings.ReplaceAll(string(raw), "=\r\n", "")
			if link := headLink.FindString(text); link != "" && strings.Contains(text, "head."+r.URL.Query().Get("lang")+"@") {
				_, _ = fmt.Fprint(w, link)
				return
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	http.Error(w, "the head gets no message", http.StatusInternalServerError)
}
