package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

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
