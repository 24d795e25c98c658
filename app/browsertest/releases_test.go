//go:build browser

package browsertest

import (
	"database/sql"
	"path/filepath"
	"testing"
)

// unreleased takes the one release of the wave 2015 out of the ledger, which nobody can do through
// the service: as the demo leaves it, the story of that release is told already.
func (s *stage) unreleased() *stage {
	s.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.folder, "rondo.db"))
	s.must(err)
	defer db.Close()
	_, err = db.Exec(`DROP TRIGGER releases_no_delete; DELETE FROM releases WHERE profile = 'scientific'`)
	s.must(err)
	return s
}

func TestAReleaseFromPreviewToDownloadInARealBrowser(t *testing.T) {
	t.Parallel()
	newStage(t).unreleased().play("releases.mjs")
}

func TestAReleaseFromPreviewToDownloadWithoutJavaScript(t *testing.T) {
	t.Parallel()
	newStage(t).unreleased().play("releases.mjs", "plain")
}
