package mail

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
)

// keyFile writes a private key as openssl does.
func keyFile(t *testing.T, key crypto.PrivateKey) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pemFile(t, "PRIVATE KEY", der)
}

func pemFile(t *testing.T, kind string, der []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// verified checks a message as whoever receives it does, with the key from our record.
func verified(t *testing.T, s *Signer, body []byte) (header []string, err error) {
	t.Helper()
	all, err := dkim.VerifyWithOptions(bytes.NewReader(body), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if name != s.RecordName() {
			t.Errorf("the key is looked for under %s, not %s", name, s.RecordName())
		}
		return []string{s.Record()}, nil
	}})
	if err != nil || len(all) != 1 {
		t.Fatalf("%d signatures, %v", len(all), err)
	}
	return all[0].HeaderKeys, all[0].Err
}

func TestASignatureCoversWhatMattersAndHoldsOnlyForThis(t *testing.T) {
	_, short, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	long := rsaKey(t, 2048)
	for name, file := range map[string]string{
		"RSA": keyFile(t, long), "RSA as older programs write it": pemFile(t, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(long)), "Ed25519": keyFile(t, short),
	} {
		t.Run(name, func(t *testing.T) {
			s := testSender("bounce.example.ch")
			if s.DKIM, err = NewSigner("example.ch", "rondo", file, s.From); err != nil {
				t.Fatal(err)
			}
			letter, err := s.Compose(testMessage())
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.HasPrefix(letter.Body, []byte("DKIM-Signature: ")) || bytes.Contains(bytes.ReplaceAll(letter.Body, []byte("\r\n"), nil), []byte("\n")) {
				t.Errorf("the message begins with %.60q", letter.Body)
			}
			covered, err := verified(t, s.DKIM, letter.Body)
			if err != nil {
				t.Fatalf("the signature does not hold: %v", err)
			}
			for _, want := range []string{"From", "To", "Subject", "Date", "Message-ID", "Content-Type", "List-Unsubscribe", "List-Unsubscribe-Post"} {
				if !strings.Contains(strings.ToLower("|"+strings.Join(covered, "|")+"|"), "|"+strings.ToLower(want)+"|") {
					t.Errorf("%s is not covered: %v", want, covered)
				}
			}
			for what, changed := range map[string][]byte{
				"another unsubscribe link": bytes.Replace(letter.Body, []byte("/u/xxx"), []byte("/u/yyy"), 1),
				"another word":             bytes.Replace(letter.Body, []byte("Guten Tag"), []byte("Guten Abend"), 1),
				"a second sender":          bytes.Replace(letter.Body, []byte("From: "), []byte("From: x@evil.example\r\nFrom: "), 1),
				"a second unsubscribing":   bytes.Replace(letter.Body, []byte("Date: "), []byte("List-Unsubscribe: <https://evil.example>\r\nDate: "), 1),
			} {
				if bytes.Equal(changed, letter.Body) {
					t.Fatalf("%s: nothing was changed", what)
				}
				if _, err := verified(t, s.DKIM, changed); err == nil {
					t.Errorf("the signature also holds for %s", what)
				}
			}
			if !s.DKIM.Published([]string{"v=spf1 -all", strings.Replace(s.DKIM.Record(), "p=", "p= ", 1)}) || s.DKIM.Published([]string{"v=DKIM1; p=abc"}) {
				t.Error("the published key is not told from another")
			}
		})
	}
}

func TestAKeyThatWouldSignForNothingIsRefused(t *testing.T) {
	good := keyFile(t, rsaKey(t, 2048))
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	const from = "BSV Studie <studie@befragung.example.ch>"
	for _, c := range []struct{ name, domain, selector, file, want string }{
		{"the domain of the sender", "befragung.example.ch", "s", good, ""},
		{"a domain above it", "Example.ch.", "s", good, ""},
		{"another domain", "ample.ch", "s", good, "not the domain"},
		{"a domain below it", "a.befragung.example.ch", "s", good, "not the domain"},
		{"no selector", "example.ch", "", good, "together"},
		{"no file", "example.ch", "s", "", "together"},
		{"a file that is not there", "example.ch", "s", good + "x", "RONDO_DKIM_KEY_FILE"},
		{"a short key", "example.ch", "s", keyFile(t, rsaKey(t, 1024)), "1024 bits"},
		{"a key of another kind", "example.ch", "s", keyFile(t, curve), "neither RSA"},
		{"no key", "example.ch", "s", pemFile(t, "CERTIFICATE", []byte("x")), "neither PKCS#1"},
	} {
		_, err := NewSigner(c.domain, c.selector, c.file, from)
		if (err == nil) != (c.want == "") || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
