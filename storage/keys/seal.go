package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// Refusals of sealing.
var (
	// ErrNoSalt means that the answer salt is gone, and what it sealed with it.
	ErrNoSalt = errors.New("the answer salt is erased")
	// ErrSealed means that a sealed body was changed, or sealed under another key or name.
	ErrSealed = errors.New("the sealed body cannot be opened")
)

// Sealer seals and opens answers with AES-256-GCM under one answer salt. It may
// be used by many goroutines.
type Sealer struct{ aead cipher.AEAD }

// Sealer gives the sealer of an answer salt; ErrNoSalt when the salt is erased.
func (s Secret) Sealer(answerSalt []byte) (*Sealer, error) {
	if len(answerSalt) < 16 {
		return nil, ErrNoSalt
	}
	s.mustBeSet()
	key, err := hkdf.Key(sha256.New, s.bytes[:], answerSalt, "rondo answers", 32)
	if err != nil {
		return nil, fmt.Errorf("derive answer key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("derive answer key: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("derive answer key: %w", err)
	}
	return &Sealer{aead}, nil
}

// Seal encrypts plain, padded so that its length says little; aad names what it
// is (wave, population, draft or response) and must be the same at Open.
func (s *Sealer) Seal(plain, aad []byte) []byte { return s.seal(plain, aad, leastPadded) }

// SealResponse is Seal for submitted answers, whose length must not tell one from the
// other: somebody who knows a respondent's answers would look for it.
func (s *Sealer) SealResponse(plain, aad []byte) []byte { return s.seal(plain, aad, leastResponse) }

func (s *Sealer) seal(plain, aad []byte, least int) []byte {
	padded := make([]byte, paddedLength(4+len(plain), least))
	binary.BigEndian.PutUint32(padded, uint32(len(plain)))
	copy(padded[4:], plain)
	return s.aead.Seal(nil, nil, padded, aad)
}

// Open decrypts what Seal made; ErrSealed when body or aad are not the same.
func (s *Sealer) Open(sealed, aad []byte) ([]byte, error) {
	padded, err := s.aead.Open(nil, nil, sealed, aad)
	if err != nil || len(padded) < 4 {
		return nil, ErrSealed
	}
	n := int(binary.BigEndian.Uint32(padded))
	if n > len(padded)-4 {
		return nil, ErrSealed
	}
	return padded[4 : 4+n : 4+n], nil
}

const (
	// leastPadded leaves room for two versions of a draft on one page of PostgreSQL (8 KiB):
	// a save then changes that page and nothing else. Hardly a draft is longer.
	leastPadded   = 3840
	leastResponse = 8 << 10 // a whole questionnaire with its longest comment
	stepPadded    = 64 << 10
)

func paddedLength(n, least int) int {
	if n > stepPadded {
		return (n + stepPadded - 1) / stepPadded * stepPadded
	}
	size := least
	for size < n {
		size *= 2
	}
	return size
}
