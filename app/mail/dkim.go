package mail

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	netmail "net/mail"
	"os"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

// leastRSA is the shortest RSA key that big mail services still count, in bits.
const leastRSA = 2048

// signed are the header fields a signature covers, whether a message has them or
// not: nobody can add a second sender, or another way to unsubscribe, to a
// message of ours.
var signed = []string{
	"From", "From", "To", "To", "Subject", "Subject", "Date", "Message-ID", "Reply-To", "Cc", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
	"Content-Language", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Unsubscribe-Post",
}

// Signer signs messages for a domain (DKIM, RFC 6376).
type Signer struct {
	Domain, Selector string
	key              crypto.Signer
}

// NewSigner reads a private key (PEM: PKCS#1, or PKCS#8 with RSA or Ed25519). The
// domain must be that of the sender, or above it: else the signature says nothing
// for the sender (DMARC).
func NewSigner(domain, selector, keyFile, sender string) (*Signer, error) {
	if domain == "" || selector == "" || keyFile == "" {
		return nil, errors.New("RONDO_DKIM_DOMAIN, RONDO_DKIM_SELECTOR and RONDO_DKIM_KEY_FILE must be set together")
	}
	from, err := netmail.ParseAddress(sender)
	if err != nil {
		return nil, fmt.Errorf("sender %q: %w", sender, ErrAddress)
	}
	of := strings.ToLower(from.Address[strings.LastIndexByte(from.Address, '@')+1:])
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	if of != domain && !strings.HasSuffix(of, "."+domain) {
		return nil, fmt.Errorf("RONDO_DKIM_DOMAIN %s is not the domain of RONDO_MAIL_FROM, nor above it: %s", domain, of)
	}
	raw, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, fmt.Errorf("RONDO_DKIM_KEY_FILE: %w", err)
	}
	key, err := privateKey(raw)
	if err != nil {
		return nil, fmt.Errorf("RONDO_DKIM_KEY_FILE: %w", err)
	}
	return &Signer{Domain: domain, Selector: selector, key: key}, nil
}

func privateKey(raw []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(raw)
	if block == nil {
		return nil, errors.New("no private key in PEM")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return longEnough(key)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("the private key is neither PKCS#1 nor PKCS#8")
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return longEnough(key)
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, errors.New("the private key is neither RSA nor Ed25519")
}

func longEnough(key *rsa.PrivateKey) (crypto.Signer, error) {
	if key.N.BitLen() < leastRSA {
		return nil, fmt.Errorf("an RSA key of %d bits is too short, use %d", key.N.BitLen(), leastRSA)
	}
	return key, nil
}

// sign puts the signature in front of a message.
func (s *Signer) sign(body []byte) ([]byte, error) {
	var out bytes.Buffer
	err := dkim.Sign(&out, bytes.NewReader(body), &dkim.SignOptions{
		Domain: s.Domain, Selector: s.Selector, Signer: s.key, Hash: crypto.SHA256, HeaderKeys: signed,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	if err != nil {
		return nil, fmt.Errorf("sign message: %w", err)
	}
	return out.Bytes(), nil
}

// RecordName is where the public key must stand as a TXT record.
func (s *Signer) RecordName() string { return s.Selector + "._domainkey." + s.Domain }

// Record is the TXT record with the public key.
func (s *Signer) Record() string {
	if key, short := s.key.Public().(ed25519.PublicKey); short {
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(key)
	}
	public, _ := x509.MarshalPKIXPublicKey(s.key.Public()) // never fails for an RSA key
	return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(public)
}

// Published reports whether one of the TXT records under RecordName holds our public key.
func (s *Signer) Published(records []string) bool {
	own := tag(s.Record(), "p")
	for _, record := range records {
		if tag(record, "p") == own {
			return true
		}
	}
	return false
}

// tag is a value of a record such as "v=DKIM1; p=abc", without the spaces in it.
func tag(record, name string) string {
	for part := range strings.SplitSeq(record, ";") {
		key, value, _ := strings.Cut(part, "=")
		if strings.TrimSpace(key) == name {
			return strings.Join(strings.Fields(value), "")
		}
	}
	return ""
}
