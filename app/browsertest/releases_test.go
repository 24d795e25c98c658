//go:build browser

package browsertest

import (
	"archive/zip"
	"database/sql"
	"os"
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

// TestThePagesOfABundlePassAxe opens what a receiver finds in a bundle: reports and codebooks.
func TestThePagesOfABundlePassAxe(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	pages := t.TempDir()
	for _, profile := range []string{"scientific", "internal"} {
		file, to := filepath.Join(s.folder, profile+".zip"), filepath.Join(pages, profile)
		s.rondo("export", "--wave=2015", "--population=employer", "--profile="+profile, "--out="+file)
		bundle, err := zip.OpenReader(file)
		s.must(err)
		defer bundle.Close()
		s.must(os.CopyFS(to, bundle))
	}
	more := []string{pages}
	if to := os.Getenv("RONDO_TEST_PICTURES"); to != "" {
		more = append(more, to)
	}
	s.play("bundle.mjs", more...)
}
