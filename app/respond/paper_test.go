//go:build browser

package respond_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rondo/app/web/webtest"
	"rondo/storage/storagetest"
)

// sheets prints what a browser shows and counts the sheets of paper.
func (h *house) sheets(b *webtest.Browser) int {
	h.t.Helper()
	folder := h.t.TempDir()
	page, paper := filepath.Join(folder, "page.html"), filepath.Join(folder, "page.pdf")
	shown := strings.Replace(b.Body, "<head>", `<head><base href="`+h.url+`/">`, 1)
	h.must(os.WriteFile(page, []byte(shown), 0o600))
	chromium := exec.CommandContext(h.t.Context(), "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+folder,
		"--no-pdf-header-footer", "--print-to-pdf="+paper, "file://"+page)
	chromium.WaitDelay = 20 * time.Second
	if out, err := chromium.CombinedOutput(); err != nil {
		h.t.Fatalf("chromium: %v\n%s", err, out)
	}
	pdf, err := os.ReadFile(paper)
	h.must(err)
	return len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(pdf, -1))
}

func TestTheReceiptFitsOnOneSheet(t *testing.T) {
	h := build(t, storagetest.Open(t, "sqlite"))
	b := h.start("employer")
	if n := h.sheets(b.Open("/answer/print")); n < 3 {
		t.Errorf("the whole questionnaire is on %d sheets: the count is wrong", n)
	}
	h.toReview(b.Open("/answer/e1"))
	b.Form("form#submit").Submit()
	for _, lang := range []string{"de", "fr", "it", "en"} {
		b.Open("/answer/done?lang=" + lang)
		if b.Text("#receipt") == "" {
			t.Fatalf("no receipt: %s", b.Text("main"))
		}
		if n := h.sheets(b); n != 1 {
			t.Errorf("in %s the receipt takes %d sheets", lang, n)
		}
	}
}
