package outbox

import (
	"context"
	"errors"
	"slices"
	"strings"

	"rondo/app/i18n"
	"rondo/app/mail"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// MostCorrections is how often an address may be corrected in one wave: enough to find somebody,
// too little to send our messages about.
const MostCorrections = 5

// mostLinks is how many links, corrected addresses included, a participant may get one after the other.
const mostLinks = 2 * MostCorrections

const (
	daySeconds = 24 * 60 * 60
	softMost   = 3 // messages not delivered for now,
	softDays   = 7 // within so many days, make a task
)

// What stands against a corrected address.
var (
	ErrBadAddress       = errors.New("no message can be sent to this address")
	ErrTaken            = errors.New("another participant of this wave has this address")
	ErrCorrectedOften   = errors.New("this address was corrected as often as it may be")
	ErrNothingToCorrect = errors.New("no message to this participant came back, or its window is over")
)

// Task is a participant whose invitation did not arrive, for whoever knows a better address.
type Task struct {
	ID, Population, Code, Name, Town, Language string // of the participant
	Email                                      string // in full: it is what must be corrected
	Soft                                       bool   // given up, or not delivered for now, again and again
	Status                                     string // what the mail server gave, such as 5.1.1; may be empty
}

// Tasks lists the participants of an office that no invitation reaches; officeID "" gives what falls
// to FSIO: the offices themselves, and employers that belong to none.
func (o *Outbox) Tasks(ctx context.Context, waveID, officeID string) ([]Task, error) {
	rows, err := o.Identity.Unreached(ctx, waveID, officeID)
	if err != nil {
		return nil, err
	}
	var tasks []Task
	days := map[string][]int64{}
	for _, r := range rows {
		t := Task{ID: r.ID, Population: r.Population, Code: r.Code, Name: r.Name, Town: r.Town, Language: r.Language, Email: r.Email, Status: status(r.Status)}
		if r.Status == "" {
			if days[r.ID] = append(days[r.ID], r.Day); r.Day >= 0 && !often(days[r.ID]) {
				continue
			}
			t.Soft = true
		}
		if !slices.ContainsFunc(tasks, func(known Task) bool { return known.ID == t.ID }) {
			tasks = append(tasks, t)
		}
	}
	return tasks, nil
}

// often reports whether softMost of the days, in order, lie within softDays.
func often(days []int64) bool {
	for i := softMost - 1; i < len(days); i++ {
		if days[i]-days[i-softMost+1] < softDays {
			return true
		}
	}
	return false
}

// status is the enhanced code of what is kept of a message that did not arrive, if it has one.
func status(code string) string {
	last := code[strings.LastIndexByte(code, ' ')+1:]
	if strings.Count(last, ".") == 2 {
		return last
	}
	return ""
}

// Correct gives a participant that stands among the tasks of officeID another address and queues one
// new invitation to it; the link that went to the old address ends. address is what people type.
// ErrBadAddress also where this address wants no messages or another office has nominated it; ErrTaken, ErrCorrectedOften,
// ErrNothingToCorrect; storage.ErrConflict where somebody else was faster.
func (o *Outbox) Correct(ctx context.Context, waveID, officeID, participantID, address, lang string) error {
	to, err := mail.Address(address)
	if err != nil || !i18n.Known(lang) {
		return ErrBadAddress
	}
	// Before the tasks: who corrects it after this look is noticed when it is changed.
	e, err := o.Identity.EntryByID(ctx, participantID)
	if errors.Is(err, db.ErrNotFound) {
		return ErrNothingToCorrect
	}
	if err != nil {
		return err
	}
	tasks, err := o.Tasks(ctx, waveID, officeID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(tasks, func(t Task) bool { return t.ID == participantID }) {
		return ErrNothingToCorrect
	}
	if e.Participant.Tried() >= MostCorrections || e.Participant.Epoch > mostLinks {
		return ErrCorrectedOften
	}
	err = o.free(ctx, e, to)
	if errors.Is(err, ErrBadAddress) && officeID != "" { // it counts: an office shall not try addresses until it knows whom others have nominated
		if failed := o.Identity.CountCorrection(ctx, participantID, MostCorrections); errors.Is(failed, db.ErrConflict) {
			return ErrCorrectedOften
		} else if failed != nil {
			return failed
		}
	}
	if err != nil {
		return err
	}
	return o.correct(ctx, e, to, lang)
}

// free refuses an address that wants no messages or belongs to somebody else of the wave. Of an employer
// of another office an office reads the same as of an address that wants no messages.
func (o *Outbox) free(ctx context.Context, e identity.Entry, to string) error {
	suppressed, err := o.Identity.Suppressed(ctx, EmailHash(o.Secret, to))
	if err != nil {
		return err
	}
	if suppressed {
		return ErrBadAddress
	}
	others, err := o.Identity.Participants(ctx, e.Wave.ID, e.Participant.Population)
	if err != nil {
		return err
	}
	for _, p := range others {
		if p.ID != e.Participant.ID && mail.Normal(p.Email) == mail.Normal(to) {
			if own := e.Participant.OfficeID; own != "" && p.OfficeID != own {
				return ErrBadAddress
			}
			return ErrTaken
		}
	}
	return nil
}

func (o *Outbox) correct(ctx context.Context, e identity.Entry, to, lang string) error {
	now, err := o.DB.Now(ctx)
	if err != nil {
		return err
	}
	if blocked("invitation", e.Wave, e.Population, now) != "" {
		return ErrNothingToCorrect
	}
	due := later(now, e.Population.Opens)
	until := due.Add(validity)
	if until.After(e.Population.Closes) {
		until = e.Population.Closes
	}
	return o.Identity.Correct(ctx, identity.Correction{
		ID: e.Participant.ID, Epoch: e.Participant.Epoch, Address: to, Language: lang, Due: due, NotAfter: until,
		New: keys.HashToken(o.Secret.Link(e.Population.LinkSalt, e.Participant.ID, e.Participant.Epoch+1)),
	})
}
