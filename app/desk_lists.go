package main

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"rondo/app/desk"
	"rondo/app/mail"
	"rondo/app/nominate"
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
	everybody, err := d.Store.Identity.Participants(ctx, w.ID, "")
	if err != nil {
		return nil, err
	}
	all, err := d.Store.Identity.Nominations(ctx, w.ID, "")
	if err != nil {
		return nil, err
	}
	codes, employers, on := map[string]string{}, []identity.Participant{}, map[string]int{}
	for _, p := range everybody {
		switch p.Population {
		case "office":
			codes[p.ID] = p.Code
		case "employer":
			employers = append(employers, p)
			on[mail.Normal(p.Email)] -= 1000 // below zero: on the list already
		}
	}
	var addresses []string
	for _, n := range all {
		if n.State == "proposed" {
			addresses = append(addresses, n.Email)
			on[mail.Normal(n.Email)]++
		}
	}
	stopped, err := d.Waves.Stopped(ctx, addresses)
	if err != nil {
		return nil, err
	}
	likes := nominate.Likes(all, employers)
	var list []desk.Nomination
	for _, n := range all {
		if n.State != "proposed" {
			continue
		}
		one := desk.Nomination{
			ID: n.ID, Office: codes[n.OfficeID], Name: n.Name, Email: n.Email, Language: n.Language, Size: n.Size, Branch: n.Branch,
			Town: n.Town, Selection: n.Selection, Row: n.ListRow, Told: n.ToldOn, Doubts: doubts(on[mail.Normal(n.Email)], stopped(mail.Normal(n.Email))),
		}
		for _, like := range likes[n.ID] {
			one.Likes = append(one.Likes, desk.Like{ID: like.ID, Office: codes[like.OfficeID], Name: like.Name, Town: like.Town, Spare: like.Spare})
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b desk.Nomination) int {
		return cmp.Or(cmp.Compare(a.Office, b.Office), cmp.Compare(a.ID, b.ID)) // ids are random
	})
	return list, nil
}

// doubts are what decides itself when a nomination is approved; same is how many have its address.
func doubts(same int, stopped bool) []string {
	var doubts []string
	if same < 0 {
		doubts = append(doubts, "invited")
	} else if same > 1 {
		doubts = append(doubts, "same_address")
	}
	if stopped {
		doubts = append(doubts, "suppressed")
	}
	return doubts
}

// ApproveNominations makes participants of nominations.
func (d deskLists) ApproveNominations(ctx context.Context, label string, ids []string) (desk.Settled, error) {
	settled, err := d.Waves.Approve(ctx, label, ids)
	return desk.Settled(settled), err
}

// DuplicateNominations settles nominations as employers that are invited another way.
func (d deskLists) DuplicateNominations(ctx context.Context, label string, ids []string) (int, error) {
	return d.Waves.Duplicates(ctx, label, ids)
}

// RejectNominations refuses nominations with a reason.
func (d deskLists) RejectNominations(ctx context.Context, label string, ids []string, reason string) (int, error) {
	return d.Waves.Reject(ctx, label, ids, reason)
}

// CheckList says what a list would do.
func (d deskLists) CheckList(ctx context.Context, lang, label, population, _ string, content []byte) (desk.Verdicts, error) {
	_, verdicts, err := d.judge(ctx, lang, label, population, content, func(string, int, int) {})
	return verdicts, err
}

// ImportList keeps a list, all or nothing.
func (d deskLists) ImportList(ctx context.Context, lang, label, population, _ string, content []byte, progress desk.Tell) (desk.Verdicts, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	l, verdicts, err := d.judge(ctx, lang, label, population, content, progress)
	if err != nil || verdicts.Refused > 0 || verdicts.All == 0 {
		return verdicts, err
	}
	if err := l.keep(ctx, d.Waves, progress); err != nil {
		return verdicts, err
	}
	verdicts.Kept = verdicts.All
	return verdicts, nil
}

func (d deskLists) judge(ctx context.Context, lang, label, population string, content []byte, progress desk.Tell) (list, desk.Verdicts, error) {
	l, err := d.readList(ctx, label, population, content, progress)
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
