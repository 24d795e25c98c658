//go:build browser || browserall

package browsertest

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"

	"rondo/storage/keys"
)

// beside makes what the waves of the demo do not show: a wave that has not begun, links that stop
// messages, an account that waits for its person, and the preview of a questionnaire, whole and broken.
func (s *stage) beside() *stage {
	s.t.Helper()
	s.kinds()
	s.rondo("wave", "create", "2031", "--ref-from", "2026", "--ref-to", "2030", "--opens", "2031-05-04T08:00", "--closes", "2031-07-31T18:00")
	lists := map[string]string{
		"office":   "code,name,email,language\nBE,IV-Stelle Bern,be@offices.example,de\n",
		"employer": "office,name,email,language,size,branch\nBE,Muster AG,hr@muster.example,de,10-49,C\n",
	}
	for _, population := range []string{"office", "employer"} {
		path := filepath.Join(s.folder, population+".csv")
		s.must(os.WriteFile(path, []byte(lists[population]), 0o600))
		s.rondo("participants", "import", path, "--wave", "2031", "--population", population)
		s.Early = append(s.Early, s.links("2031", population)...)
	}
	invited := s.rondo("staff", "add", "new@demo.example", "--role", "analyst", "--public-url", s.Base)
	s.Welcome = strings.TrimSpace(invited[strings.Index(invited, s.Base):])
	s.stops()
	s.broken()
	return s
}

// stops are the links at the foot of the messages to the last four employers, in the order of their addresses.
func (s *stage) stops() {
	s.t.Helper()
	secret, err := keys.Load(filepath.Join(s.folder, "rondo.secret"))
	s.must(err)
	db, err := sql.Open("sqlite", filepath.Join(s.folder, "rondo.db"))
	s.must(err)
	defer db.Close()
	rows, err := db.Query(`SELECT p.id FROM participants p JOIN waves w ON w.id = p.wave_id
		WHERE w.label = '2026' AND p.population = 'employer' ORDER BY p.email DESC LIMIT 4`)
	s.must(err)
	defer rows.Close()
	for rows.Next() {
		var id string
		s.must(rows.Scan(&id))
		s.Stops = append(s.Stops, s.Base+"/u/"+id+secret.Stop(id))
	}
	s.must(rows.Err())
}

// broken shows a questionnaire that cannot be read.
func (s *stage) broken() {
	s.t.Helper()
	folder := filepath.Join(s.t.TempDir(), "kinds", "1")
	s.must(os.CopyFS(folder, os.DirFS("testdata/kinds/1")))
	s.must(os.WriteFile(filepath.Join(folder, "text.fr.yaml"), []byte("title: [Sans la fin\n"), 0o600))
	address, err := freeAddress()
	s.must(err)
	s.Broken = "http://" + address
	s.up("questionnaire", "preview", folder, "--listen", address)
	s.wait(s.Broken + "/preview/state")
}
