package outbox

import (
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

// Stale is how long messages may wait before a service that starts asks first
// whether they shall still go.
const Stale = time.Hour

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

// EmailHash is what the list of suppressed addresses keeps of an address as people type it.
func EmailHash(secret keys.Secret, email string) []byte {
	return secret.AddressHash(mail.Normal(email))
}
