package answers

import (
	"fmt"
	"time"

	"rondo/storage/db"
	"rondo/storage/keys"
)

// The two promises, fixed before a population opens.
const (
	Anonymous    = "anonymous"
	Confidential = "confidential"
)

// Store keeps the answer side in a database or one of its transactions.
type Store struct{ db *db.DB }

// New gives the store on a database.
func New(d *db.DB) *Store { return &Store{d} }

// With gives the same store inside a transaction of db.InTx.
func (s *Store) With(tx *db.DB) *Store { return &Store{tx} }

// Window is when and under which promise a population of a wave answers.
type Window struct {
	WaveID     string `gorm:"primaryKey"`
	Population string `gorm:"primaryKey"`
	Terms
	Questionnaire string // employer/2
	Hash          string // of that version
	Mixed         int    // markers at the last mixing
}

// Terms are what a window says about answers that come now; every page reads them.
type Terms struct {
	Promise    string    // anonymous or confidential
	State      string    // planned open closed
	Opens      time.Time `gorm:"serializer:seconds"`
	Closes     time.Time `gorm:"serializer:seconds"`
	AnswerSalt []byte    // nil once archived
}

// Open says whether saves are accepted at a time; the saving statements decide
// the same by the database clock.
func (w Terms) Open(now time.Time) bool {
	return w.State == "open" && !now.Before(w.Opens) && now.Before(w.Closes)
}

// Draft is what a participant has answered so far.
type Draft struct {
	Revision int    // grows by one with each save; 1 for the first
	Body     []byte // sealed
}

// Sitting is what a request needs to know about a participant's answers.
type Sitting struct {
	Window Terms
	Now    time.Time // the database clock
	Draft  *Draft    // nil: nothing saved
	Spent  bool      // a response was submitted
}

// Open says whether answers are accepted now.
func (s Sitting) Open() bool { return s.Window.Open(s.Now) }

// Submission is one complete response on its way in.
type Submission struct {
	WaveID      string
	Population  string
	Key         keys.DraftKey
	Revision    int    // of the draft the body was made from; 0: any or none
	Body        []byte // sealed
	ReceiptHash []byte // SHA-256 of the receipt; nil: no receipt
	ID          string // "": random; confidential: Key.ResponseID()
	Replace     bool   // confidential: write over the response that is there
}

// Snapshot is a frozen population: its sealed parts never change again.
type Snapshot struct {
	ID         string `gorm:"primaryKey"`
	WaveID     string
	Population string
	Hash       string // of the plain content, made by the caller
	N          int    `gorm:"column:responses"`
}

func wrap(act string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", act, db.Refusal(err))
}
