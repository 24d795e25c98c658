package wave

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"slices"

	"rondo/exports/freetext"
	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/db"
	"rondo/storage/keys"
	"rondo/storage/staff"
)

// TextsProfile is the profile under which the ledger keeps the texts of a question.
const TextsProfile = "freetext"

// TextStep is what somebody of staff does with a text. Do: redact (Text, Language), release, return
// (Reason), reject (Reason), reopen.
type TextStep struct {
	Do             string
	By             string // who, by e-mail
	Text, Language string
	Sure           bool // has looked at what the machine still marks in Text
	Reason         string
}

// step decides what becomes of a text; left is what the machine marks in the new words.
func (t FreeText) step(do TextStep, left []freetext.Mark) (FreeText, error) {
	from, known := map[string][]string{
		"redact": {"flagged", "redacted"}, "release": {"redacted"}, "return": {"redacted"},
		"reject": {"flagged", "redacted"}, "reopen": {"released", "rejected"},
	}[do.Do]
	if !known || !slices.Contains(from, t.State) {
		return t, storage.ErrState
	}
	switch do.Do {
	case "redact":
		if len(left) > 0 && !do.Sure {
			return t, ErrMarked
		}
		t.State, t.Redacted, t.Language, t.Left, t.RedactedBy, t.ReadBy, t.Reason = "redacted", do.Text, do.Language, left, do.By, "", ""
	case "release", "return":
		if do.By == t.RedactedBy {
			return t, staff.ErrOwn
		}
		t.State, t.ReadBy, t.Reason = map[string]string{"release": "released", "return": "flagged"}[do.Do], do.By, do.Reason
	case "reject": // needs no second person: nothing leaves
		t.State, t.ReadBy, t.Reason = "rejected", do.By, do.Reason
	case "reopen":
		t.State = "flagged"
	}
	return t, nil
}

// StepText does something with the revision of a text that somebody has before their eyes.
// storage.ErrConflict where it is another one by now, storage.ErrState where the text does not stand
// there or its question is released or waits for that, staff.ErrOwn, ErrNoText, and ErrMarked with
// the parts that are still marked.
func (s *Service) StepText(ctx context.Context, label, variable, id string, revision int, do TextStep) (marked []string, err error) {
	w, _, err := s.textQuestion(ctx, label, variable)
	if err != nil {
		return nil, err
	}
	var left []freetext.Mark
	if do.Do == "redact" {
		names, err := s.names(ctx, w.ID)
		if err != nil {
			return nil, err
		}
		if do.Text = freetext.Clean(do.Text); do.Text == "" {
			return nil, ErrNoText
		}
		left = freetext.Find(do.Text, names)
		for _, m := range left {
			marked = append(marked, do.Text[m.From:m.To])
		}
	}
	return marked, s.texts(ctx, w.ID, variable, func(t *Service, rows []answers.FreeText) error {
		at := slices.IndexFunc(rows, func(row answers.FreeText) bool { return row.ID == id })
		if at < 0 {
			return storage.ErrNotFound
		}
		if rows[at].Revision != revision {
			return storage.ErrConflict
		}
		sealer, err := t.sealer(ctx, w.ID)
		if err != nil {
			return err
		}
		text, err := openText(sealer, rows[at])
		if err != nil {
			return err
		}
		if text, err = text.step(do, left); err != nil {
			return err
		}
		row, err := sealText(sealer, rows[at], text)
		if err != nil {
			return err
		}
		return t.Store.Answers.KeepText(ctx, row)
	})
}

// texts runs do in one transaction that nobody else changes the texts of the wave in: while a
// question has no release, proposed or approved. storage.ErrState.
func (s *Service) texts(ctx context.Context, waveID, variable string, do func(t *Service, rows []answers.FreeText) error) error {
	return s.Store.DB.InTx(ctx, func(tx *db.DB) error {
		t := &Service{Store: s.Store.With(tx)}
		if err := t.Store.Answers.HoldTexts(ctx, waveID, texting); err != nil {
			return err
		}
		frozen, err := t.Store.Answers.Snapshot(ctx, waveID, texting)
		if err != nil {
			return err
		}
		if _, err := t.Store.Staff.ReleaseOf(ctx, frozen.ID, TextsProfile, variable); err == nil {
			return storage.ErrState
		} else if !errors.Is(err, storage.ErrNotFound) {
			return err
		}
		rows, err := t.Store.Answers.Texts(ctx, waveID, texting, variable)
		if err != nil {
			return err
		}
		return do(t, rows)
	})
}

// ProposeTexts makes the file of a question and keeps it in the ledger, where it waits for a second
// person; the one that is there already, if any. ErrUndecided while a text is not decided,
// freetext.ErrTooFew, ErrRehearsal.
func (s *Service) ProposeTexts(ctx context.Context, label, variable, by, fileName string) (staff.Release, error) {
	w, _, err := s.textQuestion(ctx, label, variable)
	if err != nil {
		return staff.Release{}, err
	}
	if w.Rehearsal {
		return staff.Release{}, ErrRehearsal
	}
	frozen, err := s.Store.Answers.Snapshot(ctx, w.ID, texting)
	if errors.Is(err, storage.ErrNotFound) {
		return staff.Release{}, ErrUnfrozen
	} else if err != nil {
		return staff.Release{}, err
	}
	if r, err := s.Store.Staff.ReleaseOf(ctx, frozen.ID, TextsProfile, variable); err == nil || !errors.Is(err, storage.ErrNotFound) {
		return r, err
	}
	r := staff.Release{WaveID: w.ID, Population: texting, Profile: TextsProfile, Variable: variable, SnapshotID: frozen.ID, ProposedBy: by, FileName: fileName}
	if w.Synthetic {
		r.Marks = "synthetic"
	}
	err = s.texts(ctx, w.ID, variable, func(t *Service, rows []answers.FreeText) error {
		sealer, err := t.sealer(ctx, w.ID)
		if err != nil {
			return err
		}
		texts, err := leaving(sealer, rows)
		if err != nil {
			return err
		}
		file, n, err := freetext.File(texts, w.Synthetic, rand.Reader)
		if err != nil {
			return err
		}
		r.Records = n
		r, err = t.Store.Staff.AddRelease(ctx, r, bytes.NewReader(file))
		return err
	})
	return r, err
}

// leaving are the texts of a question that two persons let go, once all are decided.
func leaving(sealer *keys.Sealer, rows []answers.FreeText) ([]freetext.Text, error) {
	var texts []freetext.Text
	for _, row := range rows {
		switch row.State {
		case "flagged", "redacted":
			return nil, ErrUndecided
		case "released":
			t, err := openText(sealer, row)
			if err != nil {
				return nil, err
			}
			texts = append(texts, freetext.Text{Language: t.Language, Text: t.Redacted})
		}
	}
	return texts, nil
}
