package wave

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"rondo/storage/answers"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// headReleases is the setting of a wave in which the head of each office releases its answers.
const headReleases = "head_releases"

// HeadReleases says whether, by the settings of a wave, the head of an office releases its answers.
func HeadReleases(settings map[string]string) bool { return settings[headReleases] == "yes" }

// Mark is what the two who answer for an office say to one another: it stands before the answers in
// the sealed draft. The zero mark takes no space.
type Mark struct {
	Revision int    // of the draft that was put forward for release; 0: none was
	Remark   string // with which the head gave the answers back last
}

// markForm begins a mark; a draft without one begins otherwise (app/respond).
const markForm = 2

// errMark says that a draft begins with a mark of another version.
var errMark = errors.New("the mark of the draft is not in a form this version knows")

// Before puts the mark before a draft.
func (m Mark) Before(draft []byte) []byte {
	if m == (Mark{}) {
		return draft
	}
	marked := binary.AppendUvarint([]byte{markForm}, uint64(m.Revision))
	marked = binary.AppendUvarint(marked, uint64(len(m.Remark)))
	return append(append(marked, m.Remark...), draft...)
}

// ReadMark takes the mark off a draft.
func ReadMark(plain []byte) (m Mark, draft []byte, err error) {
	if len(plain) == 0 || plain[0] != markForm {
		return Mark{}, plain, nil
	}
	revision, n := binary.Uvarint(plain[1:])
	if n <= 0 || revision > 1<<31 {
		return Mark{}, nil, errMark
	}
	plain = plain[1+n:]
	length, n := binary.Uvarint(plain)
	if n <= 0 || length > uint64(len(plain)-n) {
		return Mark{}, nil, errMark
	}
	plain = plain[n:]
	return Mark{int(revision), string(plain[:length])}, plain[length:], nil
}

// Forward says whether the draft of this revision is the one that was put forward.
func (m Mark) Forward(revision int) bool { return m.Revision > 0 && m.Revision == revision }

// mark is the mark of what an office has answered so far.
func (s *Service) mark(sitting answers.Sitting, key keys.DraftKey) (Mark, error) {
	if sitting.Draft == nil {
		return Mark{}, nil
	}
	sealer, err := s.Store.Secret.Sealer(sitting.Window.AnswerSalt)
	if err != nil {
		return Mark{}, fmt.Errorf("mark of a draft: %w", err)
	}
	plain, err := sealer.Open(sitting.Draft.Body, key.ID())
	if err != nil {
		return Mark{}, fmt.Errorf("mark of a draft: %w", err)
	}
	m, _, err := ReadMark(plain)
	return m, err
}

// WithHead says whether the answers of an office, which has released none yet, wait for its head.
func (s *Service) WithHead(ctx context.Context, e identity.Entry) (bool, error) {
	p, one := e.Population, e.Participant
	if p.Name != "office" || p.State != "open" || len(p.LinkSalt) == 0 || !HeadReleases(e.Wave.Settings) {
		return false, nil
	}
	key := s.DraftKey(p, one)
	sitting, err := s.Store.Answers.Find(ctx, one.WaveID, p.Name, key)
	if err != nil || sitting.Spent || sitting.Draft == nil {
		return false, err
	}
	m, err := s.mark(sitting, key)
	return err == nil && m.Forward(sitting.Draft.Revision), err
}

// ToRelease says how many offices have put answers forward that no head has released: at the close
// of the population they are no responses, and a correction among them is lost.
func (s *Service) ToRelease(ctx context.Context, label string) (int, error) {
	w, p, err := s.population(ctx, label, "office")
	if err != nil || !HeadReleases(w.Settings) || p.State != "open" {
		return 0, err
	}
	offices, err := s.Offices(ctx, w.ID, "office")
	n := 0
	for _, o := range offices {
		if o.Forward {
			n++
		}
	}
	return n, err
}

// Office finds an office of a wave by its code; storage.ErrNotFound, ErrArchived.
func (s *Service) Office(ctx context.Context, label, code string) (identity.Wave, identity.Participant, error) {
	w, err := s.ByLabel(ctx, label)
	if err != nil {
		return w, identity.Participant{}, err
	}
	if w.State == "archived" {
		return w, identity.Participant{}, ErrArchived
	}
	o, err := s.Store.Identity.ParticipantByCode(ctx, w.ID, "office", code)
	return w, o, err
}
