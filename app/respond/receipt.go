package respond

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"strings"

	"rondo/storage/keys"
)

// newReceipt draws a receipt of 120 bits and seals it for this participant.
func (r *Room) newReceipt(v visit) (string, error) {
	var raw [15]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return "", fmt.Errorf("draw receipt: %w", err)
	}
	box, err := r.receiptBox(v)
	if err != nil {
		return "", fmt.Errorf("seal receipt: %w", err)
	}
	receipt := base32.StdEncoding.EncodeToString(raw[:])
	return base64.RawURLEncoding.EncodeToString(box.Seal(nil, nil, []byte(receipt), receiptPlace(v))), nil
}

// readReceipt opens a sealed receipt; "" where it is none of this participant.
func (r *Room) readReceipt(v visit, sealed string) (receipt, same string) {
	body, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return "", ""
	}
	box, err := r.receiptBox(v)
	if err != nil {
		return "", ""
	}
	plain, err := box.Open(nil, nil, body, receiptPlace(v))
	if err != nil {
		return "", ""
	}
	return string(plain), sealed
}

// receiptBox seals receipts while the answer salt is there. It is not the one of the
// answers: that one pads to a size which no cookie holds, and all receipts are of one length.
func (r *Room) receiptBox(v visit) (cipher.AEAD, error) {
	if len(v.kept.Window.AnswerSalt) == 0 {
		return nil, keys.ErrNoSalt
	}
	secret := r.store.Secret.Derive("receipt")
	key, err := hkdf.Key(sha256.New, secret[:], v.kept.Window.AnswerSalt, "rondo receipt", 32)
	if err != nil {
		return nil, fmt.Errorf("derive receipt key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("derive receipt key: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func receiptPlace(v visit) []byte { return append([]byte("receipt "), v.key.ID()...) }

// receiptHash is what the answer side keeps of a receipt, however it is typed.
func receiptHash(receipt string) []byte {
	plain := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z':
			return c - 'a' + 'A'
		case c >= 'A' && c <= 'Z', c >= '2' && c <= '7':
			return c
		case c == '0':
			return 'O'
		case c == '1':
			return 'I'
		}
		return -1
	}, receipt)
	sum := sha256.Sum256([]byte("receipt\x00" + plain))
	return sum[:]
}

// grouped writes a receipt in groups of four.
func grouped(receipt string) string {
	var groups []string
	for len(receipt) > 4 {
		groups, receipt = append(groups, receipt[:4]), receipt[4:]
	}
	return strings.Join(append(groups, receipt), "-")
}
