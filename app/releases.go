package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"rondo/app/auth"
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
	errTorn       = errors.New("the bundle is not whole any more: its bytes are not those that were kept")
	errNobody     = errors.New("--approved-by must name another staff account of role admin, lead or reviewer")
)

// bundleOrder asks for a bundle.
type bundleOrder struct {
	label, population, profile string
	by                         string // staff e-mail, or operator
	reason                     string // why the same answers leave once more; needed for a further release only
	tell                       exports.Tell
}

// build gives the bundle of a population and profile: the one that exists for this snapshot, or
// a new one, verified and kept in the ledger. It ends with ctx, and then keeps nothing.
func (h *House) build(ctx context.Context, o bundleOrder) (staff.Release, error) {
	w, err := h.Waves.ByLabel(ctx, o.label)
	if err != nil {
		return staff.Release{}, err
	}
	if w.Rehearsal && o.profile != "internal" {
		return staff.Release{}, wave.ErrRehearsal
	}
	frozen, err := h.Waves.Freeze(ctx, o.label, o.population)
	if err != nil {
		return staff.Release{}, err
	}
	if r, err := h.Store.Staff.ReleaseOf(ctx, frozen.ID, o.profile, ""); err == nil || !errors.Is(err, storage.ErrNotFound) {
		return r, err
	}
	terms, err := h.Config.terms()
	if err != nil {
		return staff.Release{}, err
	}
	key := h.Store.Secret.Derive("row order")
	var bundle bytes.Buffer
	request := exports.Request{Wave: o.label, Population: o.population, Profile: o.profile, Tell: o.tell}
	if request.Earlier, err = h.earlier(ctx, w.ID, frozen.ID, o.profile); err != nil {
		return staff.Release{}, err
	}
	if len(request.Earlier) > 0 {
		request.Reason = strings.TrimSpace(o.reason)
	}
	manifest, err := exports.Build(ctx, &wave.Source{Service: h.Waves, Terms: terms}, request, key[:], &bundle)
	if err != nil {
		return staff.Release{}, err
	}
	r := staff.Release{
		WaveID: w.ID, Population: o.population, Profile: o.profile, SnapshotID: frozen.ID, ProposedBy: o.by, Again: request.Reason,
		FileName: fileName(w, o.population, o.profile), Records: manifest.Records,
	}
	if w.Synthetic {
		r.Marks = "synthetic"
	}
	if o.profile != exports.Internal {
		return h.Store.Staff.AddRelease(ctx, r, &bundle)
	}
	inside, err := h.Waves.Inside(ctx, w.ID, o.population)
	if err != nil {
		return staff.Release{}, err
	}
	return h.Store.Staff.AddSealed(ctx, r, &bundle, inside.Seal)
}

// parts gives the bytes of a bundle in order, and in the end errTorn where they are not those that
// were kept: nobody may be given what was read until then. A bundle that stays in the house rests
// sealed, but for those that were kept before that was so.
func (h *House) parts(ctx context.Context, r staff.Release, each func(part []byte) error) error {
	open := func(_ int, part []byte) ([]byte, error) { return part, nil }
	if r.Profile == exports.Internal {
		inside, err := h.Waves.Inside(ctx, r.WaveID, r.Population)
		if err != nil {
			return err
		}
		open = inside.Open
	}
	n, unsealed, sum := 0, false, sha256.New()
	err := h.Store.Staff.ReleaseParts(ctx, r.ID, func(part []byte) error {
		body, err := open(n, part)
		if unsealed = unsealed || n == 0 && err != nil && bytes.HasPrefix(part, []byte("PK\x03\x04")); unsealed {
			body, err = part, nil
		}
		if n++; err != nil {
			return fmt.Errorf("open bundle: %w", err)
		}
		sum.Write(body)
		return each(body)
	})
	if err == nil && hex.EncodeToString(sum.Sum(nil)) != r.SHA256 {
		err = errTorn
	}
	return err
}

// earlier are the profiles under which the rows of a snapshot were released, or are about to be; a
// bundle that stays in the house meets nobody's eyes outside, and texts carry nothing that a row
// could be found by.
func (h *House) earlier(ctx context.Context, waveID, snapshotID, profile string) ([]string, error) {
	all, err := h.Store.Staff.Releases(ctx, waveID)
	var profiles []string
	for _, r := range all {
		rows := r.Profile == exports.Scientific || r.Profile == exports.Public
		if r.SnapshotID == snapshotID && rows && r.Profile != profile && profile != exports.Internal && (r.State == "proposed" || r.State == "approved") {
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
	Reason     string `help:"Why answers that were released before leave once more, under another profile."`
}

// Run is the command.
func (e ExportCommand) Run(ctx context.Context, c *Config, s Streams) error {
	return withStore(ctx, c, func(h *House) error {
		if e.plain() {
			return e.csv(ctx, h, s)
		}
		debug.SetGCPercent(50) // a bundle is in memory as a whole
		shown := newBar(s.Err)
		r, err := h.build(ctx, bundleOrder{label: e.Wave, population: e.Population, profile: e.Profile, by: operator, reason: e.Reason, tell: shown.tell})
		shown.end()
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
			return h.parts(ctx, r, func(part []byte) error {
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
