package keys

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// Refusals of this package.
var (
	// ErrBadSecret means that a secret file does not hold 32 bytes in hex or base64.
	ErrBadSecret = errors.New("the secret file does not hold 32 bytes in hex or base64")
	// ErrOpenSecret means that others than the owner may read the secret file.
	ErrOpenSecret = errors.New("the secret file can be read by others: its mode must be 0600")
)

// Secret is the master secret, 32 bytes. The zero Secret is unusable.
type Secret struct {
	bytes [32]byte
	set   bool
}

// New wraps 32 bytes as a Secret; ErrBadSecret for another length.
func New(b []byte) (Secret, error) {
	if len(b) != 32 {
		return Secret{}, ErrBadSecret
	}
	s := Secret{set: true}
	copy(s.bytes[:], b)
	return s, nil
}

// Load reads the secret from a file with one line of hex or base64. A file that
// others may read is refused (ErrOpenSecret); a missing one gives fs.ErrNotExist.
func Load(path string) (Secret, error) {
	f, err := os.Open(path)
	if err != nil {
		return Secret{}, fmt.Errorf("read secret: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Secret{}, fmt.Errorf("read secret: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return Secret{}, ErrOpenSecret
	}
	line := make([]byte, 256)
	n, _ := f.Read(line)
	b, ok := decode(strings.TrimSpace(string(line[:n])))
	if !ok {
		return Secret{}, ErrBadSecret
	}
	return New(b)
}

func decode(line string) ([]byte, bool) {
	for _, read := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if b, err := read(line); err == nil && len(b) == 32 {
			return b, true
		}
	}
	return nil, false
}

// Create makes a random secret and a new file for it with mode 0600. An existing
// file is never overwritten: fs.ErrExist.
func Create(path string) (Secret, error) {
	var b [32]byte
	if _, err := rand.Read(b[:]); err != nil {
		return Secret{}, fmt.Errorf("create secret: %w", err)
	}
	// The file appears under its name only when it is complete on disk.
	f, err := os.CreateTemp(filepath.Dir(path), ".secret-*")
	if err != nil {
		return Secret{}, fmt.Errorf("create secret: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(hex.EncodeToString(b[:]) + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Link(f.Name(), path)
	}
	if errors.Is(err, fs.ErrExist) {
		return Secret{}, fmt.Errorf("create secret: %w", fs.ErrExist)
	}
	if err != nil {
		return Secret{}, fmt.Errorf("create secret: %w", err)
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil {
		_ = dir.Sync()
		_ = dir.Close()
	}
	return New(b[:])
}

// Check is the value a database keeps to recognise its secret.
func (s Secret) Check() []byte { return s.mac("check") }

// Derive gives an independent 32-byte key for a purpose named by label (tags,
// cookies, message ids, row order, receipts), by HKDF-SHA-256.
func (s Secret) Derive(label string) [32]byte {
	s.mustBeSet()
	key, err := hkdf.Key(sha256.New, s.bytes[:], nil, "rondo derive "+label, 32)
	if err != nil {
		panic("keys: " + err.Error())
	}
	return [32]byte(key)
}

// AddressHash is what is kept of an e-mail address that wants no messages: without the secret
// nobody can try addresses against it. address is in the one form that counts as the same.
func (s Secret) AddressHash(address string) []byte { return s.AddressHasher()(address) }

// AddressHasher is AddressHash for many addresses: the key is derived once.
func (s Secret) AddressHasher() func(address string) []byte {
	key := s.Derive("suppression")
	return func(address string) []byte {
		h := hmac.New(sha256.New, key[:])
		h.Write([]byte(address))
		return h.Sum(nil)
	}
}

// String hides the secret.
func (s Secret) String() string { return "[hidden]" }

// GoString hides the secret.
func (s Secret) GoString() string { return "[hidden]" }

// LogValue hides the secret.
func (s Secret) LogValue() slog.Value { return slog.StringValue("[hidden]") }

func (s Secret) mustBeSet() {
	if !s.set {
		panic("keys: the master secret is not set")
	}
}

// mac is HMAC-SHA-256 over label and parts, each preceded by its length.
func (s Secret) mac(label string, parts ...[]byte) []byte {
	s.mustBeSet()
	h := hmac.New(sha256.New, s.bytes[:])
	for _, part := range append([][]byte{[]byte(label)}, parts...) {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		h.Write(part)
	}
	return h.Sum(nil)
}
