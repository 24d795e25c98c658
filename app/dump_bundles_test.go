package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"rondo/app/i18n"
	"rondo/app/wave"
	"rondo/exports/verify"
	"rondo/storage"
	"rondo/storage/staff"
	"rondo/storage/storagetest"
)

// bundles gives what whoever holds a dump reads in the bundles kept there: the parts of each joined,
// and the files of those that are archives unpacked.
func bundles(t *testing.T, s *storage.Store) []byte {
	t.Helper()
	type part struct {
		release string
		number  int64
		body    []byte
	}
	var parts []part
	for _, table := range storagetest.Dump(t, s) {
		if table.Name != "release_parts" {
			continue
		}
		ids, numbers, bodies := table.Column("release_id"), table.Column("part"), table.Column("body")
		for i := range ids {
			number, _ := numbers[i].(int64)
			parts = append(parts, part{text(ids[i]), number, []byte(text(bodies[i]))})
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return int(a.number - b.number) })
	joined := map[string][]byte{}
	for _, p := range parts {
		joined[p.release] = append(joined[p.release], p.body...)
	}
	var all []byte
	for _, bundle := range joined {
		all = append(all, bundle...)
		zr, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
		if err != nil {
			continue
		}
		for _, f := range zr.File {
			r, err := f.Open()
			if err != nil {
				continue
			}
			body, _ := io.ReadAll(r)
			all = append(all, body...)
		}
	}
	return all
}

// bundled keeps the internal bundles of what was frozen, as an analyst asks for them.
func (g *ground) bundled() (kept []staff.Release) {
	g.t.Helper()
	for _, population := range []string{"office", "employer"} {
		r, err := g.build(g.t.Context(), bundleOrder{label: "2026", population: population, profile: "internal", by: "anna@bsv.example"})
		g.must(err)
		var bundle bytes.Buffer
		g.must(g.parts(g.t.Context(), r, func(part []byte) error { bundle.Write(part); return nil }))
		if _, err := verify.Bundle(bytes.NewReader(bundle.Bytes()), int64(bundle.Len())); err != nil || int64(bundle.Len()) != r.Size {
			g.t.Errorf("the bundle of the %s is not given back whole: %d bytes, %v", population, bundle.Len(), err)
		}
		kept = append(kept, r)
	}
	return kept
}

// gone fails where a bundle that holds answers can be had after they were erased.
func (g *ground) gone(kept []staff.Release) {
	g.t.Helper()
	for _, r := range kept {
		err := g.parts(g.t.Context(), r, func([]byte) error { g.t.Error("an internal bundle outlives the archive"); return nil })
		if !errors.Is(err, wave.ErrArchived) {
			g.t.Errorf("an internal bundle after the archive: %v", err)
		}
	}
}

// TestABundleOfWhichAPartIsMissingIsGivenToNobody: whoever can write to the database behind the
// service could cut a bundle short, or put another in its place.
func TestABundleOfWhichAPartIsMissingIsGivenToNobody(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		h, ctx := &House{Store: s}, t.Context()
		r, err := s.Staff.AddRelease(ctx, staff.Release{WaveID: "w", Population: "employer", Profile: "public", SnapshotID: "s", ProposedBy: demoLead}, bytes.NewReader(make([]byte, 3<<20/2)))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		give := func() error {
			n = 0
			return h.parts(ctx, r, func(part []byte) error { n += len(part); return nil })
		}
		if err := give(); err != nil || n != 3<<20/2 {
			t.Fatalf("%d bytes, %v", n, err)
		}
		trigger := "DROP TRIGGER release_parts_no_delete"
		if s.DB.Postgres() {
			trigger += " ON release_parts"
		}
		for _, change := range []string{trigger, "DELETE FROM release_parts WHERE part = 1"} {
			if _, err := s.DB.Exec(ctx, change); err != nil {
				t.Fatal(err)
			}
		}
		if err := give(); !errors.Is(err, errTorn) {
			t.Errorf("%d of %d bytes were given, %v", n, r.Size, err)
		}
	})
}

// TestAPreviewDoesNotTellHowFewAnswered: also a page that says why there is no dataset.
func TestAPreviewDoesNotTellHowFewAnswered(t *testing.T) {
	s, _ := openOn(t, "sqlite")
	g := fieldOn(t, s, 2, 5)
	g.life()
	if err := g.Waves.Close(t.Context(), "2026", "employer"); err != nil {
		t.Fatal(err)
	}
	frozen, err := g.Waves.Freeze(t.Context(), "2026", "employer")
	if err != nil || frozen.N == 0 || frozen.N >= fewest {
		t.Fatalf("%d answered, %v: the case proves nothing", frozen.N, err)
	}
	for profile, want := range map[string]string{"internal": "", "scientific": "too_few", "public": "too_few"} {
		p, err := deskReleases{g.House}.PreviewRelease(t.Context(), "en", "2026", "employer", profile, nil)
		if err != nil || p.Records != 0 || p.Capacity != 0 || p.Refused != want {
			t.Errorf("the preview %s tells %d records, %q, %v", profile, p.Records, p.Refused, err)
		}
	}
	for _, lang := range i18n.Languages {
		if words := i18n.T(lang, "desk.preview.refused.too_few", map[string]any{"n": 3, "k": 5, "classes": 0}); strings.Contains(words, "3") {
			t.Errorf("%s: %s", lang, words)
		}
	}
}
