package main

import (
	"context"

	"rondo/app/desk"
	"rondo/questionnaires"
)

// deskVersions answers the desk's questions about questionnaires.
type deskVersions struct{ *House }

// Versions lists all versions.
func (d deskVersions) Versions(ctx context.Context) ([]desk.Version, error) {
	all, err := d.Waves.Shelf(ctx)
	var list []desk.Version
	for _, k := range all {
		list = append(list, desk.Version(k))
	}
	return list, err
}

// Published gives a published version and the one it was classified against.
func (d deskVersions) Published(ctx context.Context, ref string) (v questionnaires.Version, files map[string][]byte, before *questionnaires.Questionnaire, err error) {
	all, err := d.Waves.Versions(ctx)
	if err != nil {
		return v, nil, nil, err
	}
	for _, x := range all {
		if x.Questionnaire.Ref() == ref {
			v = x
			break
		}
		before = x.Questionnaire
	}
	if v.Questionnaire == nil {
		return v, nil, nil, questionnaires.ErrUnknown
	}
	if before != nil && before.Key != v.Questionnaire.Key {
		before = nil
	}
	files, err = d.Waves.Files(ctx, ref)
	return v, files, before, err
}

// Draft gives a draft.
func (d deskVersions) Draft(ctx context.Context, ref string) (map[string][]byte, string, error) {
	return d.Waves.Draft(ctx, ref)
}

// Judge says what publishing would come to.
func (d deskVersions) Judge(ctx context.Context, files map[string][]byte) (questionnaires.Verdict, error) {
	return d.Waves.Judge(ctx, files)
}

// KeepDraft keeps a state of a draft.
func (d deskVersions) KeepDraft(ctx context.Context, ref string, files map[string][]byte, seen, by string) error {
	return d.Waves.KeepDraft(ctx, ref, files, seen, by)
}

// DiscardDraft throws a draft away.
func (d deskVersions) DiscardDraft(ctx context.Context, ref, seen string) error {
	return d.Waves.DiscardDraft(ctx, ref, seen)
}

// NextVersion begins a draft as a copy.
func (d deskVersions) NextVersion(ctx context.Context, ref, by string) (string, error) {
	return d.Waves.NextVersion(ctx, ref, by)
}

// Publish closes a version for ever.
func (d deskVersions) Publish(ctx context.Context, files map[string][]byte, by string) (questionnaires.Verdict, error) {
	return d.Waves.Publish(ctx, files, by)
}
