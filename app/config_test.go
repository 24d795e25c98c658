package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTermsOfUseComeFromAFileThatHoldsText(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for name, c := range map[string]struct{ file, want, refusal string }{
		"none set":     {"", "", ""},
		"text":         {write("good", "\ufeffNur für das Projekt."), "Nur für das Projekt.", ""},
		"no file":      {filepath.Join(dir, "nowhere"), "", "RONDO_LICENCE_FILE"},
		"empty":        {write("empty", " \n"), "", "must hold text"},
		"not text":     {write("picture", "\xff\xd8\xff"), "", "must hold text"},
		"far too long": {write("long", strings.Repeat("x", 1<<16+1)), "", "must hold text"},
		"with a NUL":   {write("nul", "a\x00b"), "", "must hold text"},
		"a folder":     {dir, "", "RONDO_LICENCE_FILE"},
	} {
		config := &Config{LicenceFile: c.file}
		got, err := config.terms()
		if got != c.want || (err != nil) != (c.refusal != "") || err != nil && !strings.Contains(err.Error(), c.refusal) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestASenderThatIsNoAddressIsRefusedBeforeAnythingIsSent(t *testing.T) {
	for from, good := range map[string]bool{"BSV Studie <studie@example.ch>": true, "studie@example.ch": true, "BSV Studie": false, "BSV, Studie <studie@example.ch>": false, "a@b.ch, c@d.ch": false} {
		config := &Config{MailFrom: from, Listen: ":8080", MailRate: 5, MailPerDomain: 2}
		if err := config.check(); (err == nil) != good || !good && !strings.Contains(err.Error(), "RONDO_MAIL_FROM") {
			t.Errorf("%s: %v", from, err)
		}
	}
}
