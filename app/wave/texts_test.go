package wave

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"rondo/exports/freetext"
	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/staff"
	"rondo/storage/storagetest"
)

// typed is what employers wrote, by language.
type typed struct{ lang, text string }

// comments gives n numbered texts of a language.
func comments(lang string, n int) []typed {
	var all []typed
	for i := range n {
		all = append(all, typed{lang, fmt.Sprintf("%s comment %03d of ours", lang, i)})
	}
	return all
}

const lea, rea = "lea@bsv.example", "rea@bsv.example"

// reading is a wave whose employers have typed texts, closed.
type reading struct {
	t *testing.T
	*Service
	w identity.Wave
}

func newReading(t *testing.T, store *storage.Store, texts []typed) *reading {
	t.Helper()
	ctx := t.Context()
	r := &reading{t, &Service{Store: store}, identity.Wave{}}
	r.w = field(t, r.Service, max(len(texts), 3))
	p, err := store.Identity.Population(ctx, r.w.ID, texting)
	must(t, err)
	all, err := store.Identity.Participants(ctx, r.w.ID, texting)
	must(t, err)
	sealer, err := r.sealer(ctx, r.w.ID)
	must(t, err)
	for i, one := range all {
		record := questionnaires.Record{Questionnaire: p.Questionnaire, Hash: p.Hash, Language: "de", Answers: questionnaires.Answers{}}
		if i < len(texts) {
			record.Language = texts[i].lang
			record.Answers["e_comment"] = questionnaires.Value{Text: texts[i].text}
		}
		plain, err := json.Marshal(record)
		must(t, err)
		id := db.NewID()
		must(t, store.Answers.Submit(ctx, answers.Submission{WaveID: r.w.ID, Population: texting, ID: id, Key: r.DraftKey(p, one), Body: sealer.SealResponse(plain, []byte(id))}))
	}
	must(t, r.Close(ctx, "2026", texting))
	return r
}

// begin freezes and takes the texts out.
func (r *reading) begin() *reading {
	r.t.Helper()
	_, err := r.Freeze(r.t.Context(), "2026", texting)
	must(r.t, err)
	must(r.t, r.BeginTexts(r.t.Context(), "2026"))
	return r
}

func (r *reading) texts() []FreeText {
	r.t.Helper()
	all, err := r.FreeTexts(r.t.Context(), "2026", "e_comment")
	must(r.t, err)
	return all
}

// do takes a step with a text as it stands.
func (r *reading) do(t FreeText, step TextStep) error {
	r.t.Helper()
	_, err := r.StepText(r.t.Context(), "2026", "e_comment", t.ID, t.Revision, step)
	return err
}

// letGo brings all texts to their release, each with its words.
func (r *reading) letGo() *reading {
	r.t.Helper()
	for _, t := range r.texts() {
		must(r.t, r.do(t, TextStep{Do: "redact", By: lea, Text: t.Typed, Language: t.TypedIn, Sure: true}))
	}
	for _, t := range r.texts() {
		must(r.t, r.do(t, TextStep{Do: "release", By: rea}))
	}
	return r
}

func (r *reading) propose() (staff.Release, error) {
	r.t.Helper()
	return r.ProposeTexts(r.t.Context(), "2026", "e_comment", lea, "texts.csv")
}

// file is the file of a release.
func (r *reading) file(id string) string {
	r.t.Helper()
	var file bytes.Buffer
	must(r.t, r.Store.Staff.ReleaseParts(r.t.Context(), id, func(part []byte) error { file.Write(part); return nil }))
	return file.String()
}

// wantErr fails where a refusal is another one.
func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestTextsGoOutAfterFreezingOnlyAndOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		r := newReading(t, store, comments("de", 3))
		wantErr(t, "before the freeze", r.BeginTexts(ctx, "2026"), ErrUnfrozen)
		if _, err := r.propose(); !errors.Is(err, ErrUnfrozen) {
			t.Errorf("a file before the freeze: %v", err)
		}
		r.begin()
		wantErr(t, "again", r.BeginTexts(ctx, "2026"), storage.ErrDuplicate)
		all, frozen, begun, err := r.AllTexts(ctx, "2026")
		must(t, err)
		if !frozen || !begun || len(all) < 2 {
			t.Errorf("frozen %v, begun %v, %d questions", frozen, begun, len(all))
		}
		for _, q := range all {
			if want := map[bool]int{true: 3}[q.Column.Name == "e_comment"]; q.Counts["flagged"] != want {
				t.Errorf("%s: %v", q.Column.Name, q.Counts)
			}
		}
		_, err = r.FreeTexts(ctx, "2026", "e_size")
		wantErr(t, "a question that takes no text", err, storage.ErrNotFound)
	})
}

func TestWhoRedactedATextIsNotItsSecondReader(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		r := newReading(t, store, comments("de", 3)).begin()
		text := r.texts()[0]
		wantErr(t, "a release that nobody redacted", r.do(text, TextStep{Do: "release", By: rea}), storage.ErrState)
		must(t, r.do(text, TextStep{Do: "redact", By: lea, Text: " Paraphrased.\r\n", Language: "fr"}))
		wantErr(t, "a step with what it was before", r.do(text, TextStep{Do: "redact", By: rea, Text: "x", Language: "de"}), storage.ErrConflict)
		text = r.texts()[0]
		if text.Redacted != "Paraphrased." || text.Language != "fr" || text.TypedIn != "de" || text.State != "redacted" {
			t.Errorf("%+v", text)
		}
		wantErr(t, "by the same person", r.do(text, TextStep{Do: "release", By: lea}), staff.ErrOwn)
		wantErr(t, "given back by the same person", r.do(text, TextStep{Do: "return", By: lea}), staff.ErrOwn)
		must(t, r.do(text, TextStep{Do: "return", By: rea, Reason: "Too long."}))
		text = r.texts()[0]
		if text.State != "flagged" || text.Reason != "Too long." || text.Redacted != "Paraphrased." {
			t.Errorf("given back: %+v", text)
		}
		must(t, r.do(text, TextStep{Do: "redact", By: rea, Text: "Short.", Language: "de"}))
		must(t, r.do(r.texts()[0], TextStep{Do: "release", By: lea}))
		text = r.texts()[0]
		if text.State != "released" || text.ReadBy != lea || text.RedactedBy != rea {
			t.Errorf("released: %+v", text)
		}
		wantErr(t, "rejecting what is released", r.do(text, TextStep{Do: "reject", By: lea, Reason: "fits one firm"}), storage.ErrState)
		must(t, r.do(r.texts()[1], TextStep{Do: "reject", By: lea, Reason: "fits one firm"}))
		if text = r.texts()[1]; text.State != "rejected" || text.Reason != "fits one firm" {
			t.Errorf("rejected: %+v", text)
		}
		wantErr(t, "anything else", r.do(text, TextStep{Do: "publish", By: rea}), storage.ErrState)
	})
}

func TestEveryIdentityOfTheFrameIsMarkedInATextAndInItsRedaction(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		r := newReading(t, store, []typed{{"de", "Bei Muster AG hilft uns Frau Keller, 044 123 45 67, a@example.ch."}}).begin()
		text := r.texts()[0]
		var kinds []string
		for _, m := range text.Marks {
			kinds = append(kinds, string(m.Kind)+" "+text.Typed[m.From:m.To])
		}
		if got, want := strings.Join(kinds, "; "), "name Muster AG; person Frau Keller; phone 044 123 45 67; email a@example.ch"; got != want {
			t.Errorf("marked: %s, want %s", got, want)
		}
		words := TextStep{Do: "redact", By: lea, Text: "Bei [Firma] hilft uns Frau Keller.", Language: "de"}
		wantErr(t, "a redaction of nothing", r.do(text, TextStep{Do: "redact", By: lea, Text: " \u200b\n", Language: "de"}), ErrNoText)
		wantErr(t, "a redaction with a name left", r.do(text, words), ErrMarked)
		words.Sure = true
		must(t, r.do(text, words))
		if text = r.texts()[0]; len(text.Left) != 1 || text.Left[0].Kind != freetext.Person {
			t.Errorf("left: %+v", text.Left)
		}
	})
}

func TestAFileOfTextsIsMadeOnceWhenAllAreDecided(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		r := newReading(t, store, slices.Concat(comments("de", 10), comments("fr", 4), comments("it", 1))).begin()
		if _, err := r.propose(); !errors.Is(err, ErrUndecided) {
			t.Errorf("before anything is decided: %v", err)
		}
		r.letGo()
		one, err := r.propose()
		must(t, err)
		file := r.file(one.ID)
		if one.State != "proposed" || one.Records != 10 || strings.Count(file, "\n") != 11 || strings.Contains(file, "fr comment") || strings.Contains(file, "it comment") {
			t.Errorf("%+v:\n%s", one, file)
		}
		again, err := r.propose()
		must(t, err)
		if again.ID != one.ID || r.file(again.ID) != file {
			t.Error("asked for again, it is another file")
		}
		wantErr(t, "a change while it waits", r.do(r.texts()[0], TextStep{Do: "reopen", By: lea}), storage.ErrState)
		wantErr(t, "approved by who proposed it", store.Staff.ApproveRelease(ctx, one.ID, lea), staff.ErrOwn)
		must(t, store.Staff.RejectRelease(ctx, one.ID, rea, "one still names a firm"))
		must(t, r.do(r.texts()[0], TextStep{Do: "reopen", By: lea}))
		if _, err := r.propose(); !errors.Is(err, ErrUndecided) {
			t.Errorf("with one reopened: %v", err)
		}
		must(t, r.do(r.texts()[0], TextStep{Do: "reject", By: lea, Reason: "names a firm"}))
		switch n := r.released("de"); { // the one that was reopened may be any
		case n < freetext.Least:
			if _, err := r.propose(); !errors.Is(err, freetext.ErrTooFew) {
				t.Errorf("with %d texts: %v", n, err)
			}
		default:
			two, err := r.propose()
			must(t, err)
			must(t, store.Staff.ApproveRelease(ctx, two.ID, rea))
			wantErr(t, "a change after the release", r.do(r.texts()[1], TextStep{Do: "reopen", By: lea}), storage.ErrState)
		}
	})
}

// released counts the released texts of a language.
func (r *reading) released(lang string) int {
	n := 0
	for _, t := range r.texts() {
		if t.State == "released" && t.Language == lang {
			n++
		}
	}
	return n
}

func TestFewerThanTenTextsDoNotLeave(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		r := newReading(t, store, slices.Concat(comments("de", 9), comments("fr", 4))).begin().letGo()
		if _, err := r.propose(); !errors.Is(err, freetext.ErrTooFew) {
			t.Errorf("nine German and four French texts: %v", err)
		}
		all, err := store.Staff.Releases(t.Context(), r.w.ID)
		must(t, err)
		if len(all) > 0 {
			t.Errorf("a refused file is in the ledger: %+v", all)
		}
	})
}

func TestATranslatedTextLeavesInTheLanguageOfItsRedaction(t *testing.T) {
	store := storagetest.Open(t, "sqlite")
	r := newReading(t, store, slices.Concat(comments("de", 9), comments("it", 1))).begin()
	for _, text := range r.texts() {
		must(t, r.do(text, TextStep{Do: "redact", By: lea, Text: "Übersetzt", Language: "de"}))
	}
	for _, text := range r.texts() {
		must(t, r.do(text, TextStep{Do: "release", By: rea}))
	}
	one, err := r.propose()
	must(t, err)
	if file := r.file(one.ID); one.Records != 10 || strings.Contains(file, "it,") {
		t.Errorf("%d texts:\n%s", one.Records, file)
	}
}

// TestTextsTellNoOrder follows the texts of one wave from the employers' list to the file.
func TestTextsTellNoOrder(t *testing.T) {
	store := storagetest.Open(t, "sqlite")
	r := newReading(t, store, comments("de", 109)).begin()
	rank := func(what string, texts []string) {
		squares, n := 0.0, float64(len(texts))
		for at, text := range texts {
			var before int
			_, err := fmt.Sscanf(text[strings.Index(text, "comment"):], "comment %d", &before)
			must(t, err)
			squares += float64((at - before) * (at - before))
		}
		if r := 1 - 6*squares/(n*(n*n-1)); math.Abs(r) > 0.45 {
			t.Errorf("%s: rank correlation %.2f", what, r)
		}
	}
	var shown []string
	for _, text := range r.texts() {
		shown = append(shown, text.Typed)
	}
	rank("at the desk", shown)
	one, err := r.letGo().propose()
	must(t, err)
	rank("in the file", strings.Split(strings.TrimSpace(r.file(one.ID)), "\n")[1:])
}

func TestDumpsHoldNoTextInClearAndTheArchiveErasesThem(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		const canary, reason = "Kanarienvogel-4711 am Fenster", "passt nur auf Kanarienfirma"
		texts := comments("de", 11)
		texts[0].text = canary
		r := newReading(t, store, texts).begin()
		for _, text := range r.texts() {
			if text.Typed == canary {
				must(t, r.do(text, TextStep{Do: "reject", By: lea, Reason: reason}))
				continue
			}
			must(t, r.do(text, TextStep{Do: "redact", By: lea, Text: "Redigiert-8822: " + text.Typed, Language: "de", Sure: true}))
		}
		silent := func(when string, words ...string) {
			raw := storagetest.RawBytes(t, store)
			for _, word := range words {
				if bytes.Contains(raw, []byte(word)) {
					t.Errorf("%s: %q is on disk", when, word)
				}
			}
		}
		silent("while texts are read", canary, reason, "Redigiert-8822", " of ours")
		for _, text := range r.texts() {
			if text.State == "redacted" {
				must(t, r.do(text, TextStep{Do: "release", By: rea}))
			}
		}
		one, err := r.propose()
		must(t, err)
		must(t, store.Staff.ApproveRelease(ctx, one.ID, rea))
		file := r.file(one.ID)
		silent("when they are released", canary, reason)

		must(t, r.Close(ctx, "2026", "office"))
		must(t, r.Service.Open(ctx, "2026", "discussion"))
		must(t, r.Close(ctx, "2026", "discussion"))
		must(t, r.Archive(ctx, "2026"))
		silent("after the archive", canary, reason)
		if n, err := store.DB.CountRows(ctx, "free_texts"); err != nil || n != 0 {
			t.Errorf("%d texts outlive the archive (%v)", n, err)
		}
		if r.file(one.ID) != file || !strings.Contains(file, "Redigiert-8822") {
			t.Error("what was released is not what it was")
		}
		wantErr(t, "a new beginning after the archive", r.BeginTexts(ctx, "2026"), ErrArchived)
	})
}

func TestTwoAtOnceKeepOneStep(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		r := newReading(t, store, comments("de", 3)).begin()
		text := r.texts()[0]
		errs := make(chan error, 8)
		for i := range cap(errs) {
			go func() {
				errs <- r.do(text, TextStep{Do: "redact", By: lea, Text: fmt.Sprint("Text ", i), Language: "de"})
			}()
		}
		kept := 0
		for range cap(errs) {
			switch err := <-errs; {
			case err == nil:
				kept++
			case !errors.Is(err, storage.ErrConflict):
				t.Errorf("%v", err)
			}
		}
		if kept != 1 || r.texts()[0].Revision != 2 {
			t.Errorf("%d of 8 steps were kept", kept)
		}
	})
}
