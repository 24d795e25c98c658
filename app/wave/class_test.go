package wave

import (
	"context"
	"encoding/json"
	"testing"

	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

// strategyOf lets the only office of a wave submit its strategy, or correct it.
func strategyOf(t *testing.T, s *Service, w identity.Wave, code string) {
	t.Helper()
	ctx := context.Background()
	p, err := s.Store.Identity.Population(ctx, w.ID, "office")
	must(t, err)
	offices, err := s.Store.Identity.Participants(ctx, w.ID, "office")
	must(t, err)
	window, err := s.Store.Answers.Window(ctx, w.ID, "office")
	must(t, err)
	sealer, err := s.Store.Secret.Sealer(window.AnswerSalt)
	must(t, err)
	plain, err := json.Marshal(questionnaires.Record{Office: "ZH", Answers: questionnaires.Answers{"o_strategy": {Codes: []string{code}}}})
	must(t, err)
	key := s.DraftKey(p, offices[0])
	must(t, s.Store.Answers.Submit(ctx, answers.Submission{
		WaveID: w.ID, Population: "office", Key: key, ID: key.ResponseID(), Body: sealer.Seal(plain, []byte(key.ResponseID())), Replace: true,
	}))
}

func TestAnOfficeCannotSplitItsEmployersByALaterAnswer(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := context.Background()
		s := &Service{Store: store}
		w := field(t, s, 12) // employers are open: the class of the office is fixed as "no answer yet"
		strategyOf(t, s, w, "detailed")
		offices, err := store.Identity.Participants(ctx, w.ID, "office")
		must(t, err)
		late := make([]identity.Participant, 12)
		for i := range late {
			late[i] = identity.Participant{Name: "Später AG", Email: "b@example.ch", Language: "de", OfficeID: offices[0].ID}
		}
		must(t, s.AddEmployers(ctx, "2026", late))
		employers, err := store.Identity.Participants(ctx, w.ID, "employer")
		must(t, err)
		for _, e := range employers {
			if v, ok := e.Stratum["office_strategy"]; ok {
				t.Errorf("an employer carries office_strategy=%s, decided after its population opened", v)
			}
		}
	})
}
