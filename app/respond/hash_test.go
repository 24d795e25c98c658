package respond_test

import (
	"context"
	"encoding/json"
	"testing"

	"rondo/questionnaires"
	"rondo/storage/storagetest"
)

// TestEachResponseCarriesTheHashItWasAnsweredUnder opens what was submitted as the holder of the
// secret can.
func TestEachResponseCarriesTheHashItWasAnsweredUnder(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, who := range []string{"employer", "office"} {
			b := h.start(who)
			h.toReview(b)
			b.Form(`form[action="/answer/submit"]`).Submit()
		}
		salts, bodies := map[string][]byte{}, map[string][2]any{}
		for _, table := range storagetest.Dump(t, h.store) {
			for i := range table.Rows {
				switch table.Name {
				case "windows":
					salts[table.Column("population")[i].(string)] = table.Column("answer_salt")[i].([]byte)
				case "responses":
					bodies[table.Column("population")[i].(string)] = [2]any{table.Column("id")[i], table.Column("body")[i]}
				}
			}
		}
		if len(bodies) != 2 {
			t.Fatalf("%d responses", len(bodies))
		}
		for population, kept := range bodies {
			sealer, err := h.store.Secret.Sealer(salts[population])
			h.must(err)
			plain, err := sealer.Open(kept[1].([]byte), []byte(kept[0].(string)))
			h.must(err)
			var record questionnaires.Record
			h.must(json.Unmarshal(plain, &record))
			pinned, err := h.store.Identity.Population(context.Background(), h.wave.ID, population)
			h.must(err)
			q := questionnaires.Newest(population)
			if record.Questionnaire != q.Ref() || record.Hash != q.Hash || record.Hash != pinned.Hash || len(record.Hash) != 64 {
				t.Errorf("the response of %s carries %s %q, pinned was %q", population, record.Questionnaire, record.Hash, pinned.Hash)
			}
		}
	})
}
