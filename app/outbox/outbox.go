package outbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"time"

	"rondo/app/mail"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// Kinds are the kinds of messages, in the order in which a wave sends them.
var Kinds = []string{"invitation", "reminder", "thanks", "results"}

// validity is how long a queued message may wait before it is cancelled; the
// next queueing makes a new one.
const validity = 24 * time.Hour

// Outbox is the messages of all waves. All fields are required.
type Outbox struct {
	Identity  *identity.Store
	DB        *db.DB // its clock
	Secret    keys.Secret
	Sender    mail.Sender
	PublicURL string // base of every link, without a slash at its end
	Contact   string // phone and address that stand in every message
}

// NewSender is the sender of an installation; from and bounceDomain as configured.
func NewSender(from, bounceDomain string, secret keys.Secret) mail.Sender {
	return mail.Sender{From: from, BounceDomain: bounceDomain, Key: secret.Derive("mail")}
}

// EmailHash is what the list of suppressed addresses keeps of an address: a
// keyed hash of its normal form.
func EmailHash(secret keys.Secret, email string) []byte { return emailHasher(secret)(email) }

// emailHasher is EmailHash for many addresses: the key is derived once.
func emailHasher(secret keys.Secret) func(email string) []byte {
	key := secret.Derive("suppression")
	return func(email string) []byte {
		mac := hmac.New(sha256.New, key[:])
		mac.Write([]byte(mail.Normal(email)))
		return mac.Sum(nil)
	}
}
