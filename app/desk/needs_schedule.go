package desk

import (
	"context"
	"time"
)

// Schedules is what the desk asks about when messages go out and in which words; app/outbox answers. The rules of needs.go hold.
// A text kind is invitation, reminder, last_call, thanks or results; population is office or employer.
type Schedules interface {
	// Outlook is what goes out when, and how far what is under way is.
	Outlook(ctx context.Context, label string) (Outlook, error)
	// Schedule is the schedule of a population: the usual one, all by hand, where none is kept.
	Schedule(ctx context.Context, label, population string) ([]ScheduleEntry, error)
	// SetSchedule keeps a whole schedule. Problem fields are an entry's Name with ".days" or ".hour".
	SetSchedule(ctx context.Context, label, population string, entries []ScheduleEntry) ([]Problem, error)
	// CancelMail cancels what of a kind has not begun to leave, puts its entries into the hand of staff, and says how many messages
	// it cancelled: to employers, but for invitations, floored to 5.
	CancelMail(ctx context.Context, label, population, kind string) (int, error)
	// OwnTexts names the texts that staff wrote for the wave: "office invitation de".
	OwnTexts(ctx context.Context, label string) (map[string]bool, error)
	// Text is the subject and the body of a kind in one language, and what may stand in it.
	Text(ctx context.Context, label, population, kind, lang string) (Text, error)
	// CheckText says what is wrong with a text and how it would look; it keeps nothing. Problem fields: subject, body.
	CheckText(ctx context.Context, label, population, kind, lang string, t Text) ([]Problem, Letter, error)
	// SetText keeps a text for the wave.
	SetText(ctx context.Context, label, population, kind, lang string, t Text) ([]Problem, error)
	// DropText goes back to the usual words.
	DropText(ctx context.Context, label, population, kind, lang string) error
	// TestText sends a text once to an address of staff, marked as a test and with dead links. A mail server that does not take it
	// is a Problem of the field test.
	TestText(ctx context.Context, label, population, kind, lang, to string, t Text) ([]Problem, error)
}

// Outlook is what goes out when, in the order of time.
type Outlook struct {
	Entries  []Planned
	Progress []Progress
}

// ScheduleEntry is one line of a schedule. Name: invitation, reminder1 …, last_call, thanks, results.
type ScheduleEntry struct {
	Name      string
	Days      int
	Hour      int
	Automatic bool
	Due       time.Time // zero: it has no day, or falls out of the window
}

// Planned is an entry of a schedule with its day. State: ahead due faulty done waits outside. N is floored to 5 where Floored says so;
// AtMost says that it is how many were asked.
type Planned struct {
	Population, Kind, Name string
	Due                    time.Time
	State                  string
	N                      int
	Floored, AtMost        bool
	Automatic              bool
	Takes                  time.Duration
}

// Progress is how far the sending of one kind to a population is.
type Progress struct {
	Population, Kind, Name string
	Waiting, All           int
	Floored                bool
	Takes                  time.Duration
}

// Text is what staff may change of a message. Own: written for this wave.
type Text struct {
	Subject, Body string
	Own           bool
	Allowed       []string // names that may stand in double braces
	Must          []string // those of them that must
}

// Letter is a message as its reader sees it, with a made-up recipient.
type Letter struct {
	Subject string
	Blocks  []Block
}

// Block is a paragraph, or a link that stands alone.
type Block struct {
	Lines []string
	Link  string
}

// Found is a participant somebody looked for. Email is masked; Code is that of an office.
type Found struct{ ID, Population, Code, Name, Town, Email string }
