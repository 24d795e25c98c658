package main

import (
	"context"
	"errors"
	"slices"

	"rondo/app/desk"
	"rondo/app/nominate"
	"rondo/app/outbox"
	"rondo/storage/identity"
)

// deskLists answers the desk's questions about who is invited.
type deskLists struct{ *House }

// Nominations lists what awaits approval.
func (d deskLists) Nominations(ctx context.Context, label string) ([]desk.Nomination, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	offices, err := d.Store.Identity.Participants(ctx, w.ID, "office")
	if err != nil {
		return nil, err
	}
	all, err := d.Store.Identity.Nominations(ctx, w.ID, "")
	if err != nil {
		return nil, err
	}
	codes := map[string]string{}
	for _, o := range offices {
		codes[o.ID] = o.Code
	}
	var list []desk.Nomination
	for _, n := range all {
		if n.State != "proposed" {
			continue
		}
		doubts, err := d.doubts(ctx, n, all)
		if err != nil {
			return nil, err
		}
		list = append(list, desk.Nomination{
			ID: n.ID, Office: codes[n.OfficeID], Name: n.Name, Email: n.Email, Language: n.Language,
			Size: n.Size, Branch: n.Branch, Town: n.Town, Doubts: doubts,
		})
	}
	slices.SortStableFunc(list, func(a, b desk.Nomination) int {
		if a.Office != b.Office {
			return compare(a.Office, b.Office)
		}
		return compare(a.ID, b.ID) // ids are random
	})
	return list, nil
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// doubts are reasons to look twice at a nomination.
func (d deskLists) doubts(ctx context.Context, n identity.Nomination, all []identity.Nomination) ([]string, error) {
	var doubts []string
	for _, other := range all {
		if other.ID == n.ID || !nominate.Counts(other) {
			continue
		}
		if other.Email == n.Email {
			doubts = append(doubts, "same_address")
			break
		}
	}
	suppressed, err := d.Store.Identity.Suppressed(ctx, outbox.EmailHash(d.Store.Secret, n.Email))
	if err == nil && suppressed {
		doubts = append(doubts, "suppressed")
	}
	return doubts, err
}

// ApproveNominations makes participants of nominations.
func (d deskLists) ApproveNominations(ctx context.Context, label string, ids []string) (int, error) {
	return d.Waves.Approve(ctx, label, ids)
}

// RejectNominations refuses nominations with a reason.
func (d deskLists) RejectNominations(ctx context.Context, label string, ids []string, reason string) (int, error) {
	return d.Waves.Reject(ctx, label, ids, reason)
}

// CheckList says what a list would do.
func (d deskLists) CheckList(ctx context.Context, lang, label, population, _ string, content []byte) (desk.Verdicts, error) {
	_, verdicts, err := d.judge(ctx, lang, label, population, content)
	return verdicts, err
}

// ImportList keeps a list, all or nothing.
func (d deskLists) ImportList(ctx context.Context, lang, label, population, _ string, content []byte) (desk.Verdicts, error) {
	l, verdicts, err := d.judge(ctx, lang, label, population, content)
	if err != nil || verdicts.Refused > 0 || verdicts.All == 0 {
		return verdicts, err
	}
	if err := l.keep(ctx, d.Waves); err != nil {
		return verdicts, err
	}
	verdicts.Kept = verdicts.All
	return verdicts, nil
}

func (d deskLists) judge(ctx context.Context, lang, label, population string, content []byte) (list, desk.Verdicts, error) {
	l, err := d.readList(ctx, label, population, content)
	var file *nominate.FileProblem
	if errors.As(err, &file) {
		text, _ := nominate.FileSentence(err, lang)
		return l, desk.Verdicts{Lines: []desk.Verdict{{Number: 1, Sentence: text}}, Refused: 1, All: 1}, nil
	} else if err != nil {
		return l, desk.Verdicts{}, err
	}
	verdicts := desk.Verdicts{All: len(l.verdicts)}
	for _, v := range l.verdicts {
		verdicts.Lines = append(verdicts.Lines, desk.Verdict{Number: v.Line, Name: v.Name, Good: v.Good(), Sentence: v.Sentence(lang)})
		if v.Good() {
			verdicts.Good++
		} else {
			verdicts.Refused++
		}
	}
	return l, verdicts, nil
}
