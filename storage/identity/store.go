package identity

import (
	"log/slog"
	"time"

	"rondo/storage/db"
)

// Store keeps the identity side in a database or one of its transactions.
type Store struct {
	db    *db.DB
	terms *terms // nil inside a transaction, which reads what is there
}

// New gives the store on a database.
func New(d *db.DB) *Store { return &Store{db: d, terms: new(terms)} }

// With gives the same store inside a transaction of db.InTx.
func (s *Store) With(tx *db.DB) *Store { return &Store{db: tx} }

// Wave is one run of the study.
type Wave struct {
	ID         string `gorm:"primaryKey"`
	Label      string
	RefFrom    int    // first reference year
	RefTo      int    // last reference year
	State      string // setup running closed released archived
	Synthetic  bool
	Rehearsal  bool
	OpensAt    time.Time         `gorm:"serializer:seconds"`
	ClosesAt   time.Time         `gorm:"serializer:seconds"`
	ClosedAt   time.Time         `gorm:"serializer:seconds"` // when the last population was closed
	NotBefore  time.Time         `gorm:"serializer:seconds"` // no message leaves earlier
	MailPaused bool              // no message leaves while set
	Settings   map[string]string `gorm:"serializer:json"` // what app/wave fixes for the wave
}

// Population is one of office, employer, discussion in one wave.
type Population struct {
	WaveID        string    `gorm:"primaryKey"`
	Name          string    `gorm:"primaryKey"`
	Questionnaire string    // employer/2
	Hash          string    // of that version
	State         string    // planned open closed
	Opens         time.Time `gorm:"serializer:seconds"`
	Closes        time.Time `gorm:"serializer:seconds"`
	LinkSalt      []byte    // nil once erased
}

// Participant is an office, an employer or a discussion in one wave.
type Participant struct {
	ID          string `gorm:"primaryKey"`
	WaveID      string
	Population  string
	Code        string // unique in its population; empty becomes the ID
	Name        string
	Email       string // as nominated or imported
	Language    string
	Size        string
	Branch      string
	Town        string
	OfficeID    string            // participant id of the office it belongs to; "" for an office
	Selection   string            // how it came into the frame
	Group       string            `gorm:"column:feedback_group"`
	Stratum     map[string]string `gorm:"serializer:json"` // frame attributes its response will carry
	Epoch       int               // how often its link was issued anew
	State       string            // open done refused wrong_person undeliverable
	TokenHash   []byte            // SHA-256 of the link token; nil: no link
	Quota       int               // nominations an office may make
	Names       map[string]string `gorm:"serializer:json"` // name by language, for offices
	Colleague   string            // address the questionnaire was handed over to; "": nobody's
	Handovers   int               // how often it was
	Head        string            // address of the head of an office, who releases its answers; "": none given
	Corrections int               // see Corrected and Tried
}

// vain is what an address that was not taken counts in Corrections; what was corrected counts one.
// The two are kept apart since only who is corrected has another address, and other stop links.
const vain = 100

// Corrected is how often the address of a participant was corrected after a message came back.
func (p Participant) Corrected() int { return p.Corrections % vain }

// Tried is how often it was, or should have been, to an address that was not taken.
func (p Participant) Tried() int { return p.Corrections%vain + p.Corrections/vain }

// Address is where messages go.
func (p Participant) Address() string {
	if p.Colleague != "" {
		return p.Colleague
	}
	return p.Email
}

// LogValue hides who it is.
func (Participant) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Nomination is an office proposing an employer.
type Nomination struct {
	ID            string `gorm:"primaryKey"`
	WaveID        string
	OfficeID      string
	Name          string
	Email         string
	Language      string
	Size          string
	Branch        string
	Town          string
	State         string // proposed approved rejected withdrawn duplicate stopped
	Reason        string
	ParticipantID string // set once approved
	Selection     string // picked drawn
	ListRow       int    // row of the office's own list that was drawn; 0 where it picked
	ToldOn        string // day on which the office told the employer, 2026-11-03; "" where it did not
}

// LogValue hides who it is.
func (Nomination) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Selection is how an office comes to the employers it proposes.
type Selection struct {
	OfficeID string `gorm:"primaryKey"`
	WaveID   string
	Mode     string // picked drawn
	Firms    int    // out of how many
	Seed     string // decides which rows are drawn; "" where the office picks
}

// Exclusion is a drawn row of an office's list that it leaves out.
type Exclusion struct {
	OfficeID string `gorm:"primaryKey"`
	ListRow  int    `gorm:"primaryKey"`
	Reason   string // a code: gone no_contact twice no_work declined
}

// Message is one mail to one participant; wave, participant, kind and number
// together are unique.
type Message struct {
	ID            string `gorm:"primaryKey"`
	WaveID        string
	ParticipantID string
	Kind          string // invitation reminder thanks results …
	Number        int
	State         string    // queued claimed transmitting sent retry failed unknown cancelled
	NotAfter      time.Time `gorm:"serializer:seconds"` // never sent later
	DueAt         time.Time `gorm:"serializer:seconds"`
	LeaseUntil    time.Time `gorm:"serializer:seconds"`
	Owner         string    // the sender that holds the lease
	Fence         int64     // grows with each claim
	Attempts      int       // times it was tried
	Code          string    // SMTP or other status of the last attempt
}

// PanelMember is an employer that agreed to be asked again in a later wave.
type PanelMember struct {
	ID       string `gorm:"primaryKey"`
	Name     string
	Email    string
	Language string
	Year     int
}

// LogValue hides who it is.
func (PanelMember) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// TableName is GORM's table for panel members.
func (PanelMember) TableName() string { return "panel" }

// Holder is what a page needs to know of whoever holds a link, read in one statement. It is
// no Participant, so that nobody takes a column that was not read for an empty one.
type Holder struct {
	ID         string
	Population Population
	Code       string
	Name       string
	Language   string
	Stratum    map[string]string // frame attributes its response will carry
	State      string            // open done refused wrong_person undeliverable
	Quota      int               // nominations an office may make
	Names      map[string]string // name by language, for offices
	Epoch      int               // how often its link was issued anew
	Handovers  int               // how often it was handed over to a colleague
	Head       string            // address of the head of an office; "": none given
	Wave       HolderWave
	Office     *HolderOffice // of an employer or discussion; nil for an office
}

// LogValue hides who it is.
func (Holder) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// HolderWave is what a page needs to know of the wave.
type HolderWave struct {
	ID        string
	RefFrom   int    // first reference year
	RefTo     int    // last reference year
	State     string // setup running closed released archived
	Synthetic bool
	Settings  map[string]string // what app/wave fixes for the wave
}

// HolderOffice is what a page of an employer or a discussion needs to know of its office.
type HolderOffice struct {
	Code  string
	Name  string
	Names map[string]string // name by language
}

// Entry is everything about a participant that gets a message.
type Entry struct {
	Participant Participant
	Population  Population
	Wave        Wave
	Office      *Participant // of an employer or discussion; nil for an office
}

// Holder is the same as a page needs it.
func (e Entry) Holder() Holder {
	p, w := e.Participant, e.Wave
	h := Holder{
		ID: p.ID, Population: e.Population, Code: p.Code, Name: p.Name, Language: p.Language, Stratum: p.Stratum, State: p.State,
		Quota: p.Quota, Names: p.Names, Epoch: p.Epoch, Handovers: p.Handovers, Head: p.Head,
		Wave: HolderWave{ID: w.ID, RefFrom: w.RefFrom, RefTo: w.RefTo, State: w.State, Synthetic: w.Synthetic, Settings: w.Settings},
	}
	if o := e.Office; o != nil {
		h.Office = &HolderOffice{Code: o.Code, Name: o.Name, Names: o.Names}
	}
	return h
}
