package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rondo/app/web/webtest"
	"rondo/storage/storagetest"
)

// directory answers for names as a test wrote them down.
type directory map[string][]string

func (b directory) LookupTXT(_ context.Context, name string) ([]string, error) {
	if records, known := b[name]; known {
		return records, nil
	}
	return nil, errors.New("no such name")
}

func (b directory) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	if _, known := b["MX "+name]; known {
		return []*net.MX{{Host: "mx.example.ch."}}, nil
	}
	return nil, errors.New("no such name")
}

// mailFault is one thing that is not as it should be.
type mailFault struct {
	name  string
	spoil func(*Config, directory)
	says  []string // what is warned of, or asked
	fails string
}

// mailFaults are what may be wrong; folder is no Maildir, and nobody listens at closed.
func mailFaults(folder, closed string) []mailFault {
	return []mailFault{
		{"all is well", func(*Config, directory) {}, nil, ""},
		{"no relay", func(c *Config, _ directory) { c.SMTP = "" }, nil, ""},
		{"examples left as they come", func(c *Config, _ directory) {
			c.MailFrom, c.Contact, c.PublicURL = "FSIO study <study@localhost.localdomain>", "+41 58 000 00 00|study@example.org", "http://127.0.0.1:8080"
			c.DKIMDomain, c.DKIMSelector, c.DKIMKeyFile = "", "", ""
		}, []string{"RONDO_PUBLIC_URL", "RONDO_MAIL_FROM", "RONDO_CONTACT"}, ""},
		{"a relay that is not there", func(c *Config, _ directory) { c.SMTP = "smtp://" + closed }, nil, `it ends at "connect"`},
		{"a relay without TLS elsewhere", func(c *Config, _ directory) { c.SMTP = strings.Replace(c.SMTP, "smtp:", "smtps:", 1) }, nil, "it ends at"},
		{"a key that is not published", func(_ *Config, b directory) { b["r1._domainkey.example.ch"] = []string{"v=DKIM1; p=abc"} }, []string{"r1._domainkey.example.ch does not hold our key"}, ""},
		{"a key that cannot be read", func(c *Config, _ directory) { c.DKIMKeyFile += "x" }, nil, "RONDO_DKIM_KEY_FILE"},
		{"no SPF", func(_ *Config, b directory) { delete(b, "bounce.example.ch") }, []string{"bounce.example.ch has no record v=spf1"}, ""},
		{"no DMARC", func(_ *Config, b directory) { delete(b, "_dmarc.example.ch") }, []string{"_dmarc.example.ch has no record v=DMARC1"}, ""},
		{"nothing can come back", func(_ *Config, b directory) { delete(b, "MX bounce.example.ch") }, []string{"no MX record"}, ""},
		{"nobody reads what comes back", func(c *Config, _ directory) { c.BounceDomain, c.BounceMaildir = "", "" }, []string{"no RONDO_BOUNCE_DOMAIN", "example.ch has no record v=spf1"}, ""},
		{"a folder that is none", func(c *Config, _ directory) { c.BounceMaildir = folder }, nil, "RONDO_BOUNCE_MAILDIR"},
	}
}

func TestDoctorSaysWhatKeepsMessagesFromArriving(t *testing.T) {
	folder := t.TempDir()
	key := filepath.Join(folder, "dkim.pem")
	der, err := x509.MarshalPKCS8PrivateKey(ed25519.NewKeyFromSeed(make([]byte, 32)))
	must(t, err)
	must(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
	maildir := filepath.Join(folder, "returned")
	for _, part := range []string{"", "new", "cur", "tmp"} {
		must(t, os.Mkdir(filepath.Join(maildir, part), 0o700))
	}
	good := Config{
		SMTP: "smtp://" + webtest.SMTP(t).Addr, MailFrom: "BSV <studie@example.ch>", PublicURL: "https://rondo.example.ch", Contact: "+41 58 111 22 33",
		DKIMDomain: "example.ch", DKIMSelector: "r1", DKIMKeyFile: key, BounceDomain: "bounce.example.ch", BounceMaildir: maildir,
	}
	signer, err := (&House{Config: &good}).signer()
	must(t, err)
	names := directory{"r1._domainkey.example.ch": {signer.Record()}, "bounce.example.ch": {"v=spf1 -all"}, "_dmarc.example.ch": {"v=DMARC1; p=reject"}, "MX bounce.example.ch": nil}

	for _, c := range mailFaults(folder, freeListen(t)) {
		t.Run(c.name, func(t *testing.T) {
			config, published := good, directory{}
			for name, records := range names {
				published[name] = records
			}
			c.spoil(&config, published)
			h := newHouse(&config, storagetest.Open(t, "sqlite"), slog.New(slog.DiscardHandler))
			h.names = published
			var out bytes.Buffer
			err := h.examineMail(t.Context(), Streams{Out: &out, Err: &out})
			if (err == nil) != (c.fails == "") || (err != nil && !strings.Contains(err.Error(), c.fails)) {
				t.Fatalf("error %v, want %q\n%s", err, c.fails, &out)
			}
			var warned []string
			for line := range strings.Lines(out.String()) {
				if strings.HasPrefix(line, "warn") || strings.HasPrefix(line, "ask") {
					warned = append(warned, line)
				}
			}
			if err == nil && len(warned) < len(c.says) || err == nil && len(c.says) == 0 && len(warned) > 0 {
				t.Errorf("warned %q, want %q", warned, c.says)
			}
			for _, want := range c.says {
				if !strings.Contains(strings.Join(warned, ""), want) {
					t.Errorf("nothing is said of %q:\n%s", want, &out)
				}
			}
		})
	}
}

func TestDoctorAsksAboutWavesThatWait(t *testing.T) {
	_, h := thanked(t)
	w, err := h.Waves.ByLabel(t.Context(), "2026")
	must(t, err)
	must(t, h.Store.Identity.SetMailPaused(t.Context(), w.ID, true))
	var out bytes.Buffer
	must(t, h.examineMail(t.Context(), Streams{Out: &out, Err: &out}))
	if !strings.Contains(out.String(), "rondo mail resume --wave 2026") {
		t.Errorf("nobody is asked about the pause:\n%s", &out)
	}
}
