package main

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"os"

	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/staff"
)

// asked is the questionnaire of the employers whose answers leave.
const asked = "employer/1"

// answered makes a site whose employers have answered n times, closed and frozen.
func (b Bench) answered(ctx context.Context, folder, dialect string, n int) (s *site, err error) {
	if s, err = newSite(ctx, folder, b.Binary, dialect); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop())
		}
	}()
	if _, err := s.field(ctx, min(n, scientificAnswers), "--employer", asked); err != nil {
		return nil, err
	}
	for _, population := range []string{"office", "employer"} {
		if _, err := s.rondo(ctx, "wave", "close", label, "--population", population, "--yes"); err != nil {
			return nil, err
		}
	}
	if err := s.respond(ctx, n); err != nil {
		return nil, err
	}
	// The first export freezes: what is measured afterwards begins with a snapshot.
	_, err = s.rondo(ctx, "export", "--wave", label, "--population", "employer", "--profile", "internal", "--out", s.path("first.csv"))
	return s, err
}

// respond stores n made-up responses in a closed window, past the service, which would take them one
// by one.
func (s *site) respond(ctx context.Context, n int) error {
	store, err := storage.Open(ctx, s.database, s.secret)
	if err != nil {
		return err
	}
	defer store.Close()
	w, err := store.Identity.WaveByLabel(ctx, label)
	if err != nil {
		return err
	}
	window, err := store.Answers.Window(ctx, w.ID, "employer")
	if err != nil {
		return err
	}
	sealer, err := store.Secret.Sealer(window.AnswerSalt)
	if err != nil {
		return err
	}
	q, err := questionnaires.Builtin(asked)
	if err != nil {
		return err
	}
	random := mathrand.New(mathrand.NewPCG(2015, 6))
	weights := map[string]map[string]float64{"e_contact": {"1": 1}} // who had no contact is asked little
	given := make([]questionnaires.Answers, min(n, scientificAnswers))
	for i := range given {
		given[i] = q.Random(random, questionnaires.Setting{RefFrom: 2021, RefTo: 2025}, weights)
	}
	return store.DB.InTx(ctx, func(tx *db.DB) error {
		for i := range n {
			a := given[i%len(given)]
			a[typedInto] = questionnaires.Value{Text: fmt.Sprintf("Kommentar %d", i)}
			record := questionnaires.Record{
				Questionnaire: asked, Hash: window.Hash, Language: questionnaires.Languages[i%4], Shuffle: i % 8, Answers: a,
				Stratum: map[string]string{"group": fmt.Sprint("G", 1+i%6)},
			}
			plain, err := json.Marshal(record)
			if err != nil {
				return err
			}
			id := db.NewID()
			if err := tx.InsertRow(ctx, "responses", []string{"id", "wave_id", "population", "body"}, []any{id, w.ID, "employer", sealer.SealResponse(plain, []byte(id))}); err != nil {
				return err
			}
		}
		return nil
	})
}

// lead is who may approve a release of a site.
const lead = "lead@bench.example.ch"

// lead makes the account of who may approve.
func (s *site) lead(ctx context.Context) error {
	store, err := storage.Open(ctx, s.database, s.secret)
	if err != nil {
		return err
	}
	_, err = store.Staff.AddAccount(ctx, staff.Account{Email: lead, Name: "Lead", Role: "lead", Language: "de"})
	return errors.Join(err, store.Close())
}

// repacked reads a bundle and packs its files again.
func repacked(name string) error {
	in, err := zip.OpenReader(name)
	if err != nil {
		return err
	}
	defer in.Close()
	out := zip.NewWriter(io.Discard)
	out.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.DefaultCompression) })
	for _, f := range in.File {
		from, err := f.Open()
		if err != nil {
			return err
		}
		to, err := out.Create(f.Name)
		if err == nil {
			_, err = io.Copy(to, from)
		}
		if err := errors.Join(err, from.Close()); err != nil {
			return err
		}
	}
	return out.Close()
}

// firstLine are the names of a CSV's columns.
func firstLine(name string) ([]string, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return csv.NewReader(bufio.NewReader(file)).Read()
}

// sameLength refuses a bound that wrote something else than what was measured; its rows may be in
// another order.
func sameLength(a, b string) error {
	one, err := os.Stat(a)
	if err != nil {
		return err
	}
	other, err := os.Stat(b)
	if err == nil && one.Size() != other.Size() {
		err = fmt.Errorf("%s and %s are not of the same length", a, b)
	}
	return err
}
