package wave

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rondo/app/nominate"
	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/staff"
)

// ErrInvited is the refusal to change a nomination whose employer is invited, or whose leaving would
// leave too few who share what their responses carry.
var ErrInvited = errors.New("this employer is invited already")

// ErrSelected is the refusal of a second draw, or of another way of selecting, once nominations are made.
var ErrSelected = errors.New("how this office selects is settled")

// SelectionModes are how the offices of a wave select the employers they propose: each as it likes,
// all pick, or rows are drawn for all.
var SelectionModes = []string{"either", "picked", "drawn"}

// selectionKey names the mode among the settings of a wave.
const selectionKey = "selection"

// SelectionMode is one of SelectionModes.
func SelectionMode(w identity.Wave) string {
	if mode := w.Settings[selectionKey]; slices.Contains(SelectionModes, mode) {
		return mode
	}
	return SelectionModes[0]
}

// SetSelectionMode sets how the offices of a wave select; those that have begun go on as they are,
// and once this has returned none begins otherwise.
func (s *Service) SetSelectionMode(ctx context.Context, label, mode string) error {
	w, err := s.ByLabel(ctx, label)
	if err != nil {
		return err
	}
	if !slices.Contains(SelectionModes, mode) {
		return storage.ErrState
	}
	return s.Store.Identity.SetWaveSetting(ctx, w.ID, selectionKey, mode)
}

// Selecting is how one office selects.
type Selecting struct {
	Mode       string             // of the wave: one of SelectionModes
	Selection  identity.Selection // Mode is "" while the office has not said how
	Exclusions []identity.Exclusion
}

// SelectingOf is how an office selects whose room was read.
func SelectingOf(room identity.OfficeRoom) Selecting {
	return Selecting{Mode: SelectionMode(identity.Wave{Settings: room.Settings}), Selection: room.Selection, Exclusions: room.Exclusions}
}

// Selecting reads how an office selects.
func (s *Service) Selecting(ctx context.Context, o identity.Holder) (Selecting, error) {
	w, err := s.Store.Identity.WaveByID(ctx, o.Wave.ID)
	if err != nil {
		return Selecting{}, err
	}
	is := Selecting{Mode: SelectionMode(w)}
	is.Selection, err = s.Store.Identity.SelectionOf(ctx, o.ID)
	if notFound(err) || err == nil && is.Selection.Mode == "picked" {
		return is, nil
	}
	if err == nil {
		is.Exclusions, err = s.Store.Identity.Exclusions(ctx, o.ID)
	}
	return is, err
}

// Select notes how an office selects, and out of how many firms. Where rows are drawn the seed is
// made now, after the number is known, and the journal holds everything that repeats the draw. An
// office that picks may correct the number.
func (s *Service) Select(ctx context.Context, o identity.Holder, mode string, firms int) error {
	return s.office(ctx, o, func(t *Service, w identity.Wave) error {
		if err := t.Store.Identity.HoldWave(ctx, w.ID); err != nil { // how it may select changes for nobody meanwhile
			return err
		}
		w, err := t.Store.Identity.WaveByID(ctx, w.ID)
		if err != nil {
			return err
		}
		allowed := SelectionMode(w)
		if mode != "picked" && mode != "drawn" || allowed != "either" && allowed != mode || firms < 1 || firms > nominate.MostFirms {
			return ErrSelected
		}
		now, err := t.Store.Identity.SelectionOf(ctx, o.ID)
		switch {
		case err == nil && now.Mode == "picked" && mode == "picked":
			if err := t.Store.Identity.SetFirms(ctx, o.ID, firms); err != nil {
				return err
			}
			return t.note(ctx, w, o, "selection.picked", "firms="+strconv.Itoa(firms))
		case err == nil:
			return ErrSelected
		case !notFound(err):
			return err
		}
		selection := identity.Selection{OfficeID: o.ID, WaveID: w.ID, Mode: mode, Firms: firms}
		detail := "firms=" + strconv.Itoa(firms)
		if mode == "drawn" {
			selection.Seed = rand.Text()
			rows := nominate.DrawnOf(selection, o.Quota, nil, nil).Rows
			detail += fmt.Sprintf(" seed=%s rows=%s", selection.Seed, commas(rows))
		}
		if err := t.Store.Identity.Select(ctx, selection); err != nil {
			return err
		}
		return t.note(ctx, w, o, "selection."+mode, detail)
	})
}

// Exclude leaves out a drawn row whose employer is not named yet; the next row of the draw takes its
// place. reason is one of nominate.Exclusions; ErrSelected where the row is not open.
func (s *Service) Exclude(ctx context.Context, o identity.Holder, row int, reason string) error {
	return s.office(ctx, o, func(t *Service, w identity.Wave) error {
		is, err := t.Selecting(ctx, o)
		if err != nil {
			return err
		}
		mine, err := t.Store.Identity.Nominations(ctx, w.ID, o.ID)
		if err != nil {
			return err
		}
		drawn := nominate.DrawnOf(is.Selection, o.Quota, is.Exclusions, mine)
		if drawn == nil || !drawn.Open[row] || !slices.Contains(nominate.Exclusions, reason) {
			return ErrSelected
		}
		if err := t.Store.Identity.Exclude(ctx, identity.Exclusion{OfficeID: o.ID, ListRow: row, Reason: reason}); err != nil {
			return err
		}
		return t.note(ctx, w, o, "selection.exclude", fmt.Sprintf("row=%d reason=%s", row, reason))
	})
}

// Unselect lets an office say anew how it selects, when it has mistaken the number of its firms;
// ErrSelected while it has nominations that count. Who asked for it, and why, the desk journals.
func (s *Service) Unselect(ctx context.Context, label, code string) error {
	w, err := s.ByLabel(ctx, label)
	if err != nil {
		return err
	}
	office, err := s.Store.Identity.ParticipantByCode(ctx, w.ID, "office", code)
	if err != nil {
		return err
	}
	return s.Store.DB.InTx(ctx, func(tx *db.DB) error {
		in := s.Store.Identity.With(tx)
		if err := in.SetQuota(ctx, office.ID, office.Quota); err != nil { // locks the office's row
			return err
		}
		mine, err := in.Nominations(ctx, w.ID, office.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(mine, nominate.Counts) {
			return ErrSelected
		}
		return in.Unselect(ctx, office.ID)
	})
}

// Withdraw takes back a nomination of an office: a proposed one, or an approved one until its
// employer is invited, who then leaves the list. Withdrawn before: nothing happens.
func (s *Service) Withdraw(ctx context.Context, o identity.Holder, id string) error {
	return s.own(ctx, o, id, func(t *Service, n identity.Nomination) error {
		if n.State == "withdrawn" {
			return nil
		}
		return t.Store.Identity.SetNominationState(ctx, n.ID, "proposed", "withdrawn", "", "")
	})
}

// Correct changes what an office wrote of an employer, until that is invited. An approved one leaves
// the list and waits for approval once more: nobody is invited whom staff have not seen.
func (s *Service) Correct(ctx context.Context, o identity.Holder, changed identity.Nomination) error {
	return s.own(ctx, o, changed.ID, func(t *Service, n identity.Nomination) error {
		changed.OfficeID = o.ID
		return t.Store.Identity.UpdateNomination(ctx, changed)
	})
}

// own runs do on a nomination of the office, after taking an approved one back to proposed.
func (s *Service) own(ctx context.Context, o identity.Holder, id string, do func(t *Service, n identity.Nomination) error) error {
	p, err := s.Store.Identity.Population(ctx, o.Wave.ID, "employer")
	if err != nil {
		return err
	}
	return s.alone(ctx, p, func(t *Service) error {
		n, err := t.Store.Identity.NominationByID(ctx, id)
		if err != nil || n.OfficeID != o.ID {
			return cmp.Or(err, storage.ErrNotFound)
		}
		if n.State == "approved" {
			if err := t.offList(ctx, p, n); err != nil {
				return err
			}
			n.State = "proposed"
		}
		return do(t, n)
	})
}

// offList takes the employer of an approved nomination off the list. Once employers are open what
// responses carry is fixed, and at least LeastShared must remain with each combination: an office that
// withdraws most of its own must not lay bare the last one.
func (s *Service) offList(ctx context.Context, p identity.Population, n identity.Nomination) error {
	if p.State == "closed" {
		return ErrInvited
	}
	if p.State == "open" {
		_, employers, err := s.frame(ctx, p.WaveID)
		if err != nil {
			return err
		}
		like := map[string]int{}
		mine := ""
		for _, e := range employers {
			like[key(e.Stratum)]++
			if e.ID == n.ParticipantID {
				mine = key(e.Stratum)
			}
		}
		if like[mine] <= LeastShared {
			return ErrInvited
		}
	}
	err := s.Store.Identity.RemoveEmployer(ctx, n.ParticipantID)
	if errors.Is(err, storage.ErrState) {
		return ErrInvited
	}
	if err != nil {
		return err
	}
	return s.Store.Identity.SetNominationState(ctx, n.ID, "approved", "proposed", "", "")
}

// office runs do in one transaction that holds the row of an office: two requests of one office wait
// for one another.
func (s *Service) office(ctx context.Context, o identity.Holder, do func(t *Service, w identity.Wave) error) error {
	return s.Store.DB.InTx(ctx, func(tx *db.DB) error {
		t := &Service{Store: s.Store.With(tx), PublicURL: s.PublicURL}
		if err := t.Store.Identity.SetQuota(ctx, o.ID, o.Quota); err != nil { // locks the office's row
			return err
		}
		w, err := t.Store.Identity.WaveByID(ctx, o.Wave.ID)
		if err != nil {
			return err
		}
		return do(t, w)
	})
}

// note journals what an office did, in the same transaction.
func (s *Service) note(ctx context.Context, w identity.Wave, o identity.Holder, action, detail string) error {
	return s.Store.Staff.Journal(ctx, staff.Entry{Actor: "office " + o.Code, Action: action, Object: w.Label + "/" + o.Code, Detail: detail})
}

func commas(rows []int) string {
	all := make([]string, len(rows))
	for i, row := range rows {
		all[i] = strconv.Itoa(row)
	}
	return strings.Join(all, ",")
}
