package keys

import (
	"crypto/sha256"
	"encoding/base32"
	"log/slog"
	"strings"
)

// DraftKey is what leads from a participant to their draft and marker; only who
// holds the master secret can compute it, and nobody once the salt is erased.
type DraftKey [32]byte

// DraftKey derives the draft key of a participant from the link salt.
func (s Secret) DraftKey(salt []byte, participant string) DraftKey {
	return DraftKey(s.mac("draft", salt, []byte(participant)))
}

// ID is the primary key of the draft row: SHA-256("draft-id" ‖ key).
func (k DraftKey) ID() []byte { return k.hash("draft-id") }

// Spent is the marker that a response was submitted: SHA-256(key).
func (k DraftKey) Spent() []byte { return k.hash("") }

// ResponseID is the id of a confidential response: 26 characters from
// SHA-256("response-id" ‖ key). Anonymous responses have random ids.
func (k DraftKey) ResponseID() string {
	id := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(k.hash("response-id")[:16])
	return strings.ToLower(id)
}

func (k DraftKey) hash(label string) []byte {
	h := sha256.New()
	h.Write([]byte(label))
	h.Write(k[:])
	return h.Sum(nil)
}

// String hides the key.
func (k DraftKey) String() string { return "[hidden]" }

// GoString hides the key.
func (k DraftKey) GoString() string { return "[hidden]" }

// LogValue hides the key.
func (k DraftKey) LogValue() slog.Value { return slog.StringValue("[hidden]") }
