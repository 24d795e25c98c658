package wave

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/big"
	"slices"
	"strings"

	"rondo/exports/freetext"
	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// What the way of a free text out of the house refuses.
var (
	ErrUnfrozen  = errors.New("freeze the answers of the employers first")
	ErrNoText    = errors.New("the text is empty")
	ErrMarked    = errors.New("there are marked parts left: look at each of them")
	ErrUndecided = errors.New("a second person has to read every text of this question first")
)

// texting is the population whose texts go this way: offices and discussions never leave as such.
const texting = "employer"

// Texts are the free texts of one question of a wave: where each stands. State: flagged (marked by
// the machine, to be redacted), redacted (waits for a second reader), released, rejected.
type Texts struct {
	Column questionnaires.Column
	Counts map[string]int // by state

	of *questionnaires.Questionnaire
}

// Label is what the question is called, in a language.
func (t Texts) Label(lang string, setting questionnaires.Setting) string {
	label := t.of.Fill(t.Column.Label(), lang, setting)
	if t.Column.Row != nil {
		label += ": " + t.of.Fill(t.Column.Row.Label, lang, setting)
	}
	return label
}

// FreeText is one text that an employer typed. Marks are what the machine found in Typed, Left what
// it found in Redacted.
type FreeText struct {
	ID       string `json:"-"`
	State    string `json:"-"`
	Revision int    `json:"-"`

	Typed      string          `json:"typed"`
	TypedIn    string          `json:"in"` // the language the questionnaire was answered in
	Marks      []freetext.Mark `json:"marks,omitempty"`
	Redacted   string          `json:"redacted,omitempty"`
	Language   string          `json:"language,omitempty"` // of Redacted, which may be a translation
	Left       []freetext.Mark `json:"left,omitempty"`
	RedactedBy string          `json:"by,omitempty"`
	ReadBy     string          `json:"read,omitempty"`   // who released, rejected or gave it back last
	Reason     string          `json:"reason,omitempty"` // of a rejection, or of giving it back
}

// LogValue hides what somebody typed.
func (FreeText) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// TextColumns are the columns of a questionnaire that hold what people typed.
func TextColumns(q *questionnaires.Questionnaire) []questionnaires.Column {
	return slices.DeleteFunc(q.Columns(), func(c questionnaires.Column) bool {
		return c.Calculated != nil || c.Type != questionnaires.TextColumn && !c.Other || c.Role() == "direct"
	})
}

// AllTexts says where the texts of each question stand, in the order of the questionnaire, and
// whether there is a snapshot, and texts of it.
func (s *Service) AllTexts(ctx context.Context, label string) (all []Texts, frozen, begun bool, err error) {
	w, p, err := s.population(ctx, label, texting)
	if err != nil {
		return nil, false, false, err
	}
	q, err := s.Questionnaire(p.Questionnaire, p.Hash)
	if err != nil {
		return nil, false, false, err
	}
	if _, err = s.Store.Answers.Snapshot(ctx, w.ID, texting); err != nil && !errors.Is(err, storage.ErrNotFound) {
		return nil, false, false, err
	}
	frozen = err == nil
	counts, err := s.Store.Answers.CountTexts(ctx, w.ID, texting)
	for _, c := range TextColumns(q) {
		all = append(all, Texts{c, counts[c.Name], q})
	}
	return all, frozen, len(counts) > 0, err
}

// BeginTexts takes the texts out of the snapshot, each for itself and in an order of chance, but for
// those that the correction sheet made one of the options, and
// lets the machine mark them: while the frame is there, since it knows the names. ErrUnfrozen,
// storage.ErrDuplicate when that has been done.
func (s *Service) BeginTexts(ctx context.Context, label string) error {
	w, p, err := s.population(ctx, label, texting)
	if err != nil {
		return err
	}
	q, err := s.Questionnaire(p.Questionnaire, p.Hash)
	if err != nil {
		return err
	}
	frozen, err := s.Store.Answers.Snapshot(ctx, w.ID, texting)
	if errors.Is(err, storage.ErrNotFound) {
		return ErrUnfrozen
	} else if err != nil {
		return err
	}
	names, err := s.names(ctx, w.ID)
	if err != nil {
		return err
	}
	sealer, err := s.sealer(ctx, w.ID)
	if err != nil {
		return err
	}
	columns := TextColumns(q)
	var texts []answers.FreeText
	err = s.correctedRecords(ctx, frozen, q, func(r questionnaires.Record) error {
		for _, c := range columns {
			typed := freetext.Clean(r.Answers[c.Name].Text)
			if typed == "" {
				continue
			}
			row, err := sealText(sealer, answers.FreeText{ID: db.NewID(), WaveID: w.ID, Population: texting, Variable: c.Name},
				FreeText{State: "flagged", Typed: typed, TypedIn: r.Language, Marks: freetext.Find(typed, names)})
			if err != nil {
				return err
			}
			texts = append(texts, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := len(texts) - 1; i > 0; i-- { // rows written one after another betray their order by their place
		j, err := rand.Int(rand.Reader, big.NewInt(int64(i+1)))
		if err != nil {
			return fmt.Errorf("shuffle texts: %w", err)
		}
		texts[i], texts[j.Int64()] = texts[j.Int64()], texts[i]
	}
	return s.Store.Answers.AddTexts(ctx, w.ID, texting, texts)
}

// names are all names that the lists of a wave hold.
func (s *Service) names(ctx context.Context, waveID string) (*freetext.Names, error) {
	n := &freetext.Names{}
	for _, o := range Offices {
		for _, lang := range slices.Sorted(maps.Keys(o.Names)) {
			n.AddName(o.Names[lang])
		}
	}
	for _, name := range Populations {
		all, err := s.Store.Identity.Participants(ctx, waveID, name)
		if err != nil {
			return nil, fmt.Errorf("names of %s: %w", name, err)
		}
		for _, one := range all {
			n.AddName(one.Name)
			for _, lang := range slices.Sorted(maps.Keys(one.Names)) {
				n.AddName(one.Names[lang])
			}
			n.AddPlace(one.Town)
			for _, address := range []string{one.Email, one.Colleague, one.Head} {
				n.AddAddress(address)
			}
		}
	}
	nominations, err := s.Store.Identity.Nominations(ctx, waveID, "")
	if err != nil {
		return nil, fmt.Errorf("names of nominations: %w", err)
	}
	for _, one := range nominations {
		n.AddName(one.Name)
		n.AddPlace(one.Town)
		n.AddAddress(one.Email)
	}
	return n, nil
}

// FreeTexts are the texts of a question, in the order of their random ids. storage.ErrNotFound where
// the questionnaire has no such question.
func (s *Service) FreeTexts(ctx context.Context, label, variable string) ([]FreeText, error) {
	w, _, err := s.textQuestion(ctx, label, variable)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.Answers.Texts(ctx, w.ID, texting, variable)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	sealer, err := s.sealer(ctx, w.ID)
	if err != nil {
		return nil, err
	}
	texts := make([]FreeText, len(rows))
	for i, row := range rows {
		if texts[i], err = openText(sealer, row); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// textQuestion finds a wave and one of its questions that take text.
func (s *Service) textQuestion(ctx context.Context, label, variable string) (identity.Wave, questionnaires.Column, error) {
	w, p, err := s.population(ctx, label, texting)
	if err != nil {
		return w, questionnaires.Column{}, err
	}
	q, err := s.Questionnaire(p.Questionnaire, p.Hash)
	if err != nil {
		return w, questionnaires.Column{}, err
	}
	for _, c := range TextColumns(q) {
		if c.Name == variable {
			return w, c, nil
		}
	}
	return w, questionnaires.Column{}, fmt.Errorf("question %s: %w", strings.ToValidUTF8(variable, "?"), storage.ErrNotFound)
}

// sealer seals and opens the texts of a wave; ErrArchived.
func (s *Service) sealer(ctx context.Context, waveID string) (*keys.Sealer, error) {
	window, err := s.Store.Answers.Window(ctx, waveID, texting)
	if err != nil {
		return nil, fmt.Errorf("window: %w", err)
	}
	if len(window.AnswerSalt) == 0 {
		return nil, ErrArchived
	}
	return s.Store.Secret.Sealer(window.AnswerSalt)
}

// bound ties what is sealed to its row.
func bound(row answers.FreeText) []byte {
	return fmt.Appendf(nil, "free text %s %s %s %s", row.WaveID, row.Population, row.Variable, row.ID)
}

func sealText(sealer *keys.Sealer, row answers.FreeText, t FreeText) (answers.FreeText, error) {
	row.State = t.State
	plain, err := json.Marshal(t)
	if err != nil {
		return row, fmt.Errorf("write a text: %w", err)
	}
	row.Body = sealer.SealResponse(plain, bound(row))
	return row, nil
}

func openText(sealer *keys.Sealer, row answers.FreeText) (FreeText, error) {
	plain, err := sealer.Open(row.Body, bound(row))
	if err != nil {
		return FreeText{}, fmt.Errorf("a text cannot be opened: %w", err)
	}
	var t FreeText
	if err := json.Unmarshal(plain, &t); err != nil {
		return FreeText{}, fmt.Errorf("a text cannot be read: %w", err)
	}
	t.ID, t.State, t.Revision = row.ID, row.State, row.Revision
	return t, nil
}
