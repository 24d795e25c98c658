package keys

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"
)

// TokenLength is the number of characters of a link token.
const TokenLength = 32

const crockford = "0123456789abcdefghjkmnpqrstvwxyz"

var tokenEncoding = base32.NewEncoding(crockford).WithPadding(base32.NoPadding)

// Link is the token of a participant's personal link, 32 characters; salt is the
// link salt of wave and population, epoch the number of times it was issued anew.
func (s Secret) Link(salt []byte, participant string, epoch int) string {
	return token(s.mac("link", salt, []byte(participant), []byte(strconv.Itoa(epoch))))
}

// Stop is the token of a participant's "stop mails" link; it opens no answers.
func (s Secret) Stop(participant string) string {
	return token(s.mac("stop", []byte(participant)))
}

// Release is the token under which the head of an office releases its answers; it opens nothing
// else. salt is the link salt of the offices of the wave; another address of the head makes
// another token, so that the one before is dead.
func (s Secret) Release(salt []byte, office, head string) string {
	return token(s.mac("release", salt, []byte(office), []byte(head)))
}

// StopHead is the token that stops messages to the head of an office at an address.
func (s Secret) StopHead(office, head string) string {
	return token(s.mac("stop head", []byte(office), []byte(head)))
}

func token(mac []byte) string { return tokenEncoding.EncodeToString(mac[:20]) }

// HashToken is what the database keeps of a token: its SHA-256.
func HashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// ParseToken reads a token as people and mail programs hand it on: upper case,
// wrapped lines, o for 0, i or l for 1, and a trailing full stop or bracket are
// all the same token.
func ParseToken(raw string) (token string, ok bool) {
	if len(raw) > 4*TokenLength {
		return "", false
	}
	raw = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\r', '\n', '\u00a0', '\u200b', '\u00ad':
			return -1
		}
		return r
	}, raw)
	raw = strings.ToLower(strings.Trim(raw, `.,;:!?<>()[]{}"'`))
	raw = strings.NewReplacer("o", "0", "i", "1", "l", "1").Replace(raw)
	if len(raw) != TokenLength || strings.Trim(raw, crockford) != "" {
		return "", false
	}
	return raw, true
}

// Slot is what a correction is kept under, so that the same value of a variable is corrected once:
// a keyed hash of what it names, which nobody can try values against without the secret.
func (s Secret) Slot(answerSalt []byte, waveID, population, variable, office, from string) []byte {
	return s.mac("correction", answerSalt, []byte(waveID), []byte(population), []byte(variable), []byte(office), []byte(from))
}
