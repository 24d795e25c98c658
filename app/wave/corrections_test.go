package wave

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"rondo/exports"
	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

const (
	anna = "anna@bsv.example"
	beat = "beat@bsv.example"
)

// role is a response of the employers that says this, beside "other", and the same size as all.
func role(text string) questionnaires.Answers {
	a := questionnaires.Answers{"e_size": {Codes: []string{"10-49"}}, "e_role": {Codes: []string{"hr"}}}
	if text != "" {
		a["e_role"], a["e_role_other"] = questionnaires.Value{Codes: []string{"other"}}, questionnaires.Value{Text: text}
	}
	return a
}

// answered is a wave whose employers are closed; one responded for each of the texts.
func answered(t *testing.T, store *storage.Store, texts ...string) *Service {
	t.Helper()
	s, ctx := &Service{Store: store}, t.Context()
	w := field(t, s, len(texts))
	p, err := store.Identity.Population(ctx, w.ID, "employer")
	must(t, err)
	window, err := store.Answers.Window(ctx, w.ID, "employer")
	must(t, err)
	sealer, err := store.Secret.Sealer(window.AnswerSalt)
	must(t, err)
	all, err := store.Identity.Participants(ctx, w.ID, "employer")
	must(t, err)
	for i, text := range texts {
		seal(t, s, sealer, w, p, all[i], questionnaires.Record{Questionnaire: p.Questionnaire, Hash: p.Hash, Language: "de", Answers: role(text)})
	}
	must(t, s.Close(ctx, "2026", "employer"))
	return s
}

func seal(t *testing.T, s *Service, sealer *keys.Sealer, w identity.Wave, p identity.Population, one identity.Participant, r questionnaires.Record) {
	t.Helper()
	plain, err := json.Marshal(r)
	must(t, err)
	id := db.NewID()
	must(t, s.Store.Answers.Submit(t.Context(), answers.Submission{WaveID: w.ID, Population: p.Name, ID: id, Key: s.DraftKey(p, one), Body: sealer.SealResponse(plain, []byte(id))}))
}

func coding(from, to string) ([]string, questionnaires.Correction) {
	return []string{from}, questionnaires.Correction{Variable: "e_role_other", To: to, Reason: "it is one of the options"}
}

// propose puts one text on the sheet that Anna wants coded.
func (s *Service) propose(t *testing.T, from, to string) {
	t.Helper()
	values, c := coding(from, to)
	problems, err := s.Propose(t.Context(), "2026", "employer", values, c, anna)
	if err != nil || len(problems) > 0 {
		t.Fatalf("propose: %v %v", problems, err)
	}
}

func (s *Service) entry(t *testing.T, from string) SheetEntry {
	t.Helper()
	list, err := s.Sheet(t.Context(), "2026", "employer")
	must(t, err)
	for _, e := range list {
		if e.From == from && e.State != "rejected" {
			return e
		}
	}
	t.Fatalf("%q is not on the sheet", from)
	return SheetEntry{}
}

func (s *Service) confirm(t *testing.T, from string) {
	t.Helper()
	must(t, s.Decide(t.Context(), "2026", "employer", s.entry(t, from).ID, true, beat))
}

func isErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

func TestTheExportShowsWhatWasCorrectedAndTheSnapshotWhatWasAnswered(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx, s := t.Context(), answered(t, store, "the boss", "The Boss", "the boss", "=HR()", "", "", "", "", "", "")
		s.propose(t, "the boss", "management")
		s.confirm(t, "the boss")
		s.propose(t, "=HR()", "hr")
		must(t, s.Decide(ctx, "2026", "employer", s.entry(t, "=HR()").ID, false, anna))

		var bundle bytes.Buffer
		_, err := exports.Build(ctx, &Source{Service: s}, exports.Request{Wave: "2026", Population: "employer", Profile: "internal"}, []byte("key"), &bundle)
		must(t, err)
		files := unzipped(t, bundle.Bytes())
		if got := column(t, files["data/employer.csv"], "e_role"); got["management"] != 2 || got["other"] != 2 || got["hr"] != 6 {
			t.Errorf("e_role in the export: %v", got)
		}
		if got := column(t, files["data/employer.csv"], "e_role_other"); got["the boss"] != 0 || got["The Boss"] != 1 || len(got) != 3 {
			t.Errorf("e_role_other in the export: %v", got)
		}
		for _, want := range []string{`"from": "the boss"`, `"to": "management"`, `"reason": "it is one of the options"`, `"responses": 2`} {
			if !strings.Contains(string(files["report/corrections.json"]), want) {
				t.Errorf("the internal report does not say %s:\n%s", want, files["report/corrections.json"])
			}
		}

		frozen, err := s.Freeze(ctx, "2026", "employer")
		must(t, err)
		raw := 0
		must(t, s.records(ctx, frozen, wholeRecords, func(r kept) error {
			if r.Answers["e_role_other"].Text == "the boss" {
				raw++
			}
			return nil
		}))
		if raw != 2 {
			t.Errorf("the snapshot holds what was answered %d times, want 2", raw)
		}
		must(t, s.BeginTexts(ctx, "2026"))
		texts, err := s.FreeTexts(ctx, "2026", "e_role_other")
		if err != nil || len(texts) != 2 || texts[0].Typed == "the boss" || texts[1].Typed == "the boss" {
			t.Errorf("of the texts %d are to be read, %v; what became an option is none any more", len(texts), err)
		}
	})
}

func unzipped(t *testing.T, b []byte) map[string][]byte {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	must(t, err)
	files := map[string][]byte{}
	for _, f := range zr.File {
		body, err := f.Open()
		must(t, err)
		files[f.Name], err = io.ReadAll(body)
		must(t, err)
	}
	return files
}

// column counts the cells of a column.
func column(t *testing.T, data []byte, name string) map[string]int {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	must(t, err)
	counts := map[string]int{}
	for i, head := range rows[0] {
		for _, row := range rows[1:] {
			if head == name {
				counts[row[i]]++
			}
		}
	}
	return counts
}

func TestTheHashCoversTheSheet(t *testing.T) {
	line := [][]byte{[]byte(`{"q":"employer/2"}`)}
	entry := func(change func(*SheetEntry)) []SheetEntry {
		e := SheetEntry{ProposedBy: anna, DecidedBy: beat, Correction: questionnaires.Correction{Variable: "v", From: "0", To: "-92", Reason: "r"}}
		if change != nil {
			change(&e)
		}
		return []SheetEntry{e}
	}
	seen := map[string]string{}
	for name, sheet := range map[string][]SheetEntry{
		"none": nil, "one": entry(nil), "another value": entry(func(e *SheetEntry) { e.From = "1" }), "another correction": entry(func(e *SheetEntry) { e.To = "7" }),
		"another reason": entry(func(e *SheetEntry) { e.Reason = "s" }), "another second person": entry(func(e *SheetEntry) { e.DecidedBy = "c" }),
		"one office": entry(func(e *SheetEntry) { e.Office = "BE" }), "twice": append(entry(nil), entry(func(e *SheetEntry) { e.Variable = "w" })...),
	} {
		hash, err := snapshotHash(line, sheet)
		must(t, err)
		if other := seen[hash]; other != "" {
			t.Errorf("%s and %s have the same hash", name, other)
		}
		seen[hash] = name
	}
	both := seen
	two := append(entry(func(e *SheetEntry) { e.Variable = "w" }), entry(nil)...)
	if hash, _ := snapshotHash(line, two); both[hash] != "twice" {
		t.Error("the order in which entries are read changes the hash")
	}
}

func TestWhatWaitsForASecondPersonKeepsTheAnswersFromBeingFrozen(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx, s := t.Context(), answered(t, store, "the boss", "x")
		s.propose(t, "the boss", "management")
		_, err := s.Freeze(ctx, "2026", "employer")
		isErr(t, "freeze", err, ErrWaiting)
		isErr(t, "confirm own", s.Decide(ctx, "2026", "employer", s.entry(t, "the boss").ID, true, anna), storage.ErrOwn)
		_, err = s.Freeze(ctx, "2026", "employer")
		isErr(t, "freeze after an own confirmation", err, ErrWaiting)
		s.confirm(t, "the boss")
		_, err = s.Freeze(ctx, "2026", "employer")
		isErr(t, "freeze", err, nil)

		values, c := coding("x", "hr")
		_, err = s.Propose(ctx, "2026", "employer", values, c, anna)
		isErr(t, "propose after the freeze", err, ErrSheetClosed)
		isErr(t, "take off after the freeze", s.Decide(ctx, "2026", "employer", s.entry(t, "the boss").ID, false, beat), ErrSheetClosed)
		_, err = s.ValuesOf(ctx, "2026", "employer", "e_role", "")
		isErr(t, "look at values after the freeze", err, ErrSheetClosed)
	})
}

func TestAWrongProposalIsRefusedBesideItsField(t *testing.T) {
	store := storagetest.Open(t, "sqlite")
	ctx, s := t.Context(), answered(t, store, "the boss", "")
	for _, tc := range []struct {
		variable, from, to, office, reason, field, rule string
	}{
		{"e_role_other", "the boss", "nobody", "", "r", "to", "not_offered"},
		{"e_role_other", "the boss", "other", "", "r", "to", "not_offered"},
		{"e_role_other", "the bosses", "hr", "", "r", "from", "not_there"},
		{"e_role_other", "-91", "hr", "", "r", "from", "not_there"},
		{"e_role_other", "the boss", "hr", "", " ", "reason", "why"},
		{"e_role_other", "the boss", "hr", "", strings.Repeat("r", 501), "reason", "why"},
		{"e_role_other", "the boss", "hr", "ZH", "r", "office", "unknown"},
		{"e_role", "hr", "hr", "", "r", "to", "same"},
		{"e_role", "hr", "", "", "r", "to", "not_offered"},
	} {
		problems, err := s.Propose(ctx, "2026", "employer", []string{tc.from}, questionnaires.Correction{Variable: tc.variable, Office: tc.office, To: tc.to, Reason: tc.reason}, anna)
		if err != nil || len(problems) == 0 || problems[0].Field != tc.field || problems[0].Rule != tc.rule {
			t.Errorf("%+v: %v, %v", tc, problems, err)
		}
	}
	_, err := s.Propose(ctx, "2026", "employer", []string{"x"}, questionnaires.Correction{Variable: "e_comment", To: "y", Reason: "r"}, anna)
	isErr(t, "correct a free text", err, storage.ErrNotFound)
	if list, err := s.Sheet(ctx, "2026", "employer"); err != nil || len(list) > 0 {
		t.Errorf("%v stands on the sheet, %v", list, err)
	}
	s.propose(t, "the boss", "hr")
	values, c := coding("the boss", "management")
	_, err = s.Propose(ctx, "2026", "employer", values, c, beat)
	isErr(t, "correct a value twice", err, ErrCorrected)
}

func TestTheSheetHoldsNoAnswerInClear(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		s := answered(t, store, "the very boss")
		s.propose(t, "the very boss", "management")
		s.confirm(t, "the very boss")
		for _, table := range storagetest.Dump(t, store) {
			for _, row := range table.Rows {
				for _, word := range []string{"the very boss", "e_role", "it is one of the options"} {
					if table.Name != "published" && strings.Contains(fmt.Sprintf("%s", row), word) {
						t.Errorf("%s holds %q: %s", table.Name, word, row)
					}
				}
			}
		}
	})
}
