//go:build browserall

package browsertest

import (
	"os"
	"path/filepath"
	"testing"
)

// above is a path in the root of the source.
func above(t *testing.T, parts ...string) string {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(append([]string{here, "..", ".."}, parts...)...)
}

// TestAccessibilityReport looks at every page, state, language, width and colour scheme and writes
// docs/accessibility.md: make axe-all.
func TestAccessibilityReport(t *testing.T) {
	newStage(t).hand().beside().play("axe.mjs", "all", above(t, "docs", "accessibility.md"))
}

// TestScreenshots takes the pictures: make screenshots. RONDO_TEST_LANGUAGES names some languages only.
func TestScreenshots(t *testing.T) {
	args := []string{above(t, "screenshots")}
	if only := os.Getenv("RONDO_TEST_LANGUAGES"); only != "" {
		args = append(args, only)
	}
	newStage(t).hand().beside().play("shots.mjs", args...)
}

// TestLargestContentfulPaint prints how long a slow phone waits: make lcp.
func TestLargestContentfulPaint(t *testing.T) { newStage(t).play("lcp.mjs") }
