package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"rondo/app/web"
)

const (
	idLength = 32
	// Idle is how long a session lasts after the last page it showed.
	Idle = 30 * time.Minute
	// Absolute is how long a session lasts after sign-in, whatever happens.
	Absolute = 10 * time.Hour
)

var errCookie = errors.New("cookie was not sealed here")

// ticket is what the staff cookie holds, sealed: the session's id and when it was last seen. A visitor who has not signed in holds a
// ticket too, so that the sign-in form can carry a tag; its id stands in no table. Whose session it was can be told from it when the
// session is over, and nothing else.
type ticket struct {
	id    [idLength]byte
	seen  time.Time
	owner string // id of the account that signed in; "" for a visitor
}

func newTicket(now time.Time) (ticket, error) {
	t := ticket{seen: now}
	if _, err := rand.Read(t.id[:]); err != nil {
		return t, fmt.Errorf("read random session id: %w", err)
	}
	return t, nil
}

// hash is what the database holds of the session id.
func (t ticket) hash() []byte {
	sum := sha256.Sum256(t.id[:])
	return sum[:]
}

// idle says whether the ticket has not been seen for too long, or claims to have been seen in a future beyond clock differences.
func (t ticket) idle(now time.Time) bool {
	return now.Sub(t.seen) > Idle || t.seen.Sub(now) > time.Minute
}

// sealer seals tickets and makes form tags with keys of its own.
type sealer struct {
	box cipher.AEAD
	tag [32]byte
}

func newSealer(cookieKey, tagKey [32]byte) (*sealer, error) {
	block, err := aes.NewCipher(cookieKey[:])
	if err != nil {
		return nil, fmt.Errorf("cookie cipher: %w", err)
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("cookie cipher: %w", err)
	}
	return &sealer{box: box, tag: tagKey}, nil
}

func (s *sealer) seal(t ticket) (string, error) {
	plain := binary.BigEndian.AppendUint64(append([]byte(nil), t.id[:]...), uint64(t.seen.Unix()))
	return s.close(append(plain, t.owner...), "staff")
}

// close seals plain for one purpose: it does not open for another.
func (s *sealer) close(plain []byte, purpose string) (string, error) {
	nonce := make([]byte, s.box.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", fmt.Errorf("read random nonce: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(s.box.Seal(nonce, nonce, plain, []byte(purpose))), nil
}

func (s *sealer) open(cookie string) (t ticket, err error) {
	plain, err := s.unclose(cookie, "staff")
	if err != nil || len(plain) < idLength+8 {
		return t, errCookie
	}
	copy(t.id[:], plain)
	t.seen = time.Unix(int64(binary.BigEndian.Uint64(plain[idLength:])), 0).UTC()
	t.owner = string(plain[idLength+8:])
	return t, nil
}

func (s *sealer) unclose(text, purpose string) ([]byte, error) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	nonce := s.box.NonceSize()
	if err != nil || len(sealed) < nonce {
		return nil, errCookie
	}
	plain, err := s.box.Open(nil, sealed[:nonce], sealed[nonce:], []byte(purpose))
	if err != nil {
		return nil, errCookie
	}
	return plain, nil
}

// tagOf is the form tag of a session: the same as long as the session, so that two tabs and the back button work.
func (s *sealer) tagOf(t ticket) string { return web.Tag(s.tag, string(t.id[:])) }

func (s *sealer) fits(t ticket, tag string) bool { return web.TagFits(s.tag, string(t.id[:]), tag) }
