package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"rondo/app/auth"
	"rondo/app/desk"
	"rondo/app/wave"
	"rondo/exports"
	"rondo/exports/verify"
	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/staff"
)

// What leaving the house refuses.
var (
	errUnapproved = errors.New("this release must be approved by a second person")
	errNobody     = errors.New("--approved-by must name another staff account of role admin, lead or reviewer")
)

// build gives the bundle of a population and profile: the one that exists for this snapshot, or
// a new one, verified and kept in the ledger.
func (h *House) build(ctx context.Context, label, population, profile, by string) (staff.Release, error) {
	w, err := h.Waves.ByLabel(ctx, label)
	if err != nil {
		return staff.Release{}, err
	}
	if w.Rehearsal && profile != "internal" {
		return staff.Release{}, wave.ErrRehearsal
	}
	frozen, err := h.Waves.Freeze(ctx, label, population)
	if err != nil {
		return staff.Release{}, err
	}
	if r, err := h.Store.Staff.ReleaseOf(ctx, frozen.ID, profile, ""); err == nil || !errors.Is(err, storage.ErrNotFound) {
		return r, err
	}
	terms, err := h.Config.terms()
	if err != nil {
		return staff.Release{}, err
	}
	key := h.Store.Secret.Derive("row order")
	var bundle bytes.Buffer
	request := exports.Request{Wave: label, Population: population, Profile: profile}
	if request.Earlier, err = h.earlier(ctx, w.ID, frozen.ID, profile); err != nil {
		return staff.Release{}, err
	}
	manifest, err := exports.Build(ctx, &wave.Source{Service: h.Waves, Terms: terms}, request, key[:], &bundle)
	if err != nil {
		return staff.Release{}, err
	}
	r := staff.Release{
		WaveID: w.ID, Population: population, Profile: profile, SnapshotID: frozen.ID, ProposedBy: by,
		FileName: fileName(w, population, profile), Records: manifest.Records,
	}
	if w.Synthetic {
		r.Marks = "synthetic"
	}
	return h.Store.Staff.AddRelease(ctx, r, &bundle)
}

// earlier are the profiles under which a snapshot was released, or is about to be; a bundle that
// stays in the house meets nobody's eyes outside, and texts carry no key that a record could be found by.
func (h *House) earlier(ctx context.Context, waveID, snapshotID, profile string) ([]string, error) {
	all, err := h.Store.Staff.Releases(ctx, waveID)
	var profiles []string
	for _, r := range all {
		if r.SnapshotID == snapshotID && r.Profile != profile && profile != exports.Internal && r.Profile != wave.TextsProfile && (r.State == "proposed" || r.State == "approved") {
			profiles = append(profiles, r.Profile)
		}
	}
	return profiles, err
}

// fileName is how a bundle is called when it is saved.
func fileName(w identity.Wave, population, profile string) string {
	name := fmt.Sprintf("rondo-%s-%s-%s", w.Label, population, profile)
	if w.Synthetic {
		name += "-synthetic"
	}
	return name + ".zip"
}

// approve lets a second person approve a release; the first one makes the wave released.
func (h *House) approve(ctx context.Context, id, by string) error {
	r, err := h.Store.Staff.Release(ctx, id)
	if err != nil {
		return err
	}
	if err := h.Store.Staff.ApproveRelease(ctx, id, by); err != nil {
		return err
	}
	return h.Waves.Released(ctx, r.WaveID)
}

// ExportCommand writes a dataset.
type ExportCommand struct {
	Wave       string `required:"" help:"Label of the wave."`
	Population string `required:"" enum:"office,employer,discussion" help:"office, employer or discussion."`
	Profile    string `required:"" enum:"internal,scientific,public" help:"internal, scientific or public."`
	Out        string `required:"" help:"ZIP file to write; of the profile internal also .csv: the data alone, however many."`
	ApprovedBy string `help:"Address of the staff member who approved (journalled)."`
}

// Run is the command.
func (e ExportCommand) Run(ctx context.Context, c *Config, s Streams) error {
	return withStore(ctx, c, func(h *House) error {
		if e.plain() {
			return e.csv(ctx, h, s)
		}
		debug.SetGCPercent(100) // a bundle is in memory as a whole
		r, err := h.build(ctx, e.Wave, e.Population, e.Profile, operator)
		if err != nil {
			return err
		}
		if r.State == "proposed" {
			if r, err = e.approval(ctx, h, r); err != nil {
				return err
			}
		}
		if err := h.journal(ctx, "release.download", r.FileName, r.SHA256); err != nil {
			return err
		}
		err = writeFile(e.Out, func(out io.Writer) error {
			return h.Store.Staff.ReleaseParts(ctx, r.ID, func(part []byte) error {
				_, err := out.Write(part)
				return err
			})
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "%s: %d records, profile %s, SHA-256 %s\n", e.Out, r.Records, e.Profile, r.SHA256)
		return nil
	})
}

// approval approves on the word of the operator, or says who has to.
func (e ExportCommand) approval(ctx context.Context, h *House, r staff.Release) (staff.Release, error) {
	if e.ApprovedBy == "" {
		return r, fmt.Errorf("%w: an account of role admin, lead or reviewer other than %s, at the desk or with --approved-by", errUnapproved, r.ProposedBy)
	}
	who, err := h.Store.Staff.AccountByEmail(ctx, e.ApprovedBy)
	if errors.Is(err, storage.ErrNotFound) {
		return r, errNobody
	} else if err != nil {
		return r, err
	}
	if who.Disabled || !auth.Role(who.Role).May(auth.ApproveRelease) {
		return r, errNobody
	}
	if err := h.journal(ctx, "release.approve", r.FileName, "by "+who.Email); err != nil {
		return r, err
	}
	if err := h.approve(ctx, r.ID, who.Email); err != nil {
		return r, err
	}
	return h.Store.Staff.Release(ctx, r.ID)
}

// VerifyCommand checks a bundle.
type VerifyCommand struct {
	File string `arg:"" type:"existingfile" help:"A release bundle."`
}

// Run is the command.
func (v VerifyCommand) Run(_ context.Context, _ *Config, s Streams) error {
	file, err := os.Open(v.File)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	report, err := verify.Bundle(file, info.Size())
	if err != nil {
		return err
	}
	mark := ""
	if report.Synthetic {
		mark = ", synthetic"
	}
	fmt.Fprintf(s.Out, "%s holds: wave %s, %s, profile %s%s: %d records of %d columns in %d files", v.File, report.Wave, report.Population, report.Profile, mark, report.Records, report.Columns, report.Files)
	if report.Target > 0 {
		fmt.Fprintf(s.Out, "; every combination of keys stands at least %d times (%d promised)", report.K, report.Target)
	}
	fmt.Fprintln(s.Out)
	return nil
}

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
		FileName: r.FileName, SHA256: r.SHA256, Size: r.Size, Made: r.ProposedAt, Rows: r.Records, Marks: r.Marks, Reason: r.Reason,
	}
}

// BuildRelease builds a bundle and keeps it.
func (d deskReleases) BuildRelease(ctx context.Context, label, population, profile, by string) (desk.Release, error) {
	r, err := d.build(ctx, label, population, profile, by)
	return deskRelease(r), err
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
	return d.Store.Staff.ReleaseParts(ctx, id, each)
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
