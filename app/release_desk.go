package main

import (
	"context"
	"errors"

	"rondo/app/desk"
	"rondo/exports"
	"rondo/storage"
	"rondo/storage/staff"
)

// deskReleases answers the desk's questions about data leaving the house.
type deskReleases struct{ *House }

// Releases lists the bundles of a wave.
func (d deskReleases) Releases(ctx context.Context, label string) ([]desk.Release, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return nil, err
	}
	all, err := d.Store.Staff.Releases(ctx, w.ID)
	var list []desk.Release
	for _, r := range all {
		list = append(list, deskRelease(r))
	}
	return list, err
}

func deskRelease(r staff.Release) desk.Release {
	return desk.Release{
		ID: r.ID, Population: r.Population, Profile: r.Profile, Variable: r.Variable, State: r.State, ProposedBy: r.ProposedBy, ApprovedBy: r.ApprovedBy,
		FileName: r.FileName, SHA256: r.SHA256, Size: r.Size, Made: r.ProposedAt, Rows: r.Records, Marks: r.Marks, Reason: r.Reason, Again: r.Again,
	}
}

// BuildRelease builds a bundle and keeps it.
func (d deskReleases) BuildRelease(ctx context.Context, label, population, profile, by, reason string, tell desk.Tell) (desk.Release, error) {
	r, err := d.build(ctx, bundleOrder{label, population, profile, by, reason, exports.Tell(tell)})
	return deskRelease(r), err
}

// longSearch is from how many records times ways to coarsen on the best one is not found while a
// page loads: some three seconds on one core.
const longSearch = 200_000

// ReleaseAhead says what a release needs and whether it takes long; it changes nothing.
func (d deskReleases) ReleaseAhead(ctx context.Context, label, population, profile string) (desk.Ahead, error) {
	var ahead desk.Ahead
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return ahead, err
	}
	p, err := d.Store.Identity.Population(ctx, w.ID, population)
	if err != nil {
		return ahead, err
	}
	n := 0
	frozen, err := d.Store.Answers.Snapshot(ctx, w.ID, population)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		n, _, err = d.Store.Answers.Count(ctx, w.ID, population)
	case err == nil:
		n = frozen.N
		ahead.Earlier, err = d.earlier(ctx, w.ID, frozen.ID, profile)
	}
	if err != nil {
		return ahead, err
	}
	q, err := d.Waves.Questionnaire(p.Questionnaire, p.Hash)
	if err != nil {
		return ahead, err
	}
	nodes, err := exports.Lattice(q, profile)
	if errors.Is(err, exports.ErrProfile) || errors.Is(err, exports.ErrNoRole) {
		return ahead, nil // said when it is asked for
	}
	ahead.Long = nodes*n >= longSearch
	return ahead, err
}

// ApproveRelease approves a bundle by a second person.
func (d deskReleases) ApproveRelease(ctx context.Context, label, id, by string) error {
	if _, err := d.ofWave(ctx, label, id); err != nil {
		return err
	}
	return d.approve(ctx, id, by)
}

// RejectRelease rejects a bundle that waits for approval.
func (d deskReleases) RejectRelease(ctx context.Context, label, id, by, reason string) error {
	if _, err := d.ofWave(ctx, label, id); err != nil {
		return err
	}
	return d.Store.Staff.RejectRelease(ctx, id, by, reason)
}

// ReleaseParts gives the bytes of a bundle that may leave.
func (d deskReleases) ReleaseParts(ctx context.Context, label, id string, each func(part []byte) error) error {
	r, err := d.ofWave(ctx, label, id)
	if err != nil {
		return err
	}
	if r.State != "approved" && r.State != "internal" {
		return errUnapproved
	}
	return d.parts(ctx, r, each)
}

// ofWave finds a bundle under its wave: the id of another wave is not found.
func (d deskReleases) ofWave(ctx context.Context, label, id string) (staff.Release, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return staff.Release{}, err
	}
	r, err := d.Store.Staff.Release(ctx, id)
	if err == nil && r.WaveID != w.ID {
		err = storage.ErrNotFound
	}
	return r, err
}
