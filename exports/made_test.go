package exports

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"rondo/questionnaires"
)

// memory is a source over records held in a slice.
type memory struct {
	snapshot Snapshot
	records  []Record
}

func (m memory) Snapshot(context.Context, string, string) (Snapshot, error) { return m.snapshot, nil }

func (m memory) Records(_ context.Context, _ Snapshot, each func(Record) error) error {
	for _, r := range m.records {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

func builtin(t testing.TB, ref string) *questionnaires.Questionnaire {
	t.Helper()
	q, err := questionnaires.Builtin(ref)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// wave makes n responses to a questionnaire, each question answered by chance
// where routing asks it.
func wave(t testing.TB, ref string, n int, seed uint64) memory {
	t.Helper()
	q := builtin(t, ref)
	rng := rand.New(rand.NewPCG(seed, 1))
	m := memory{snapshot: Snapshot{
		Wave: "2026", Population: q.Key, Hash: fmt.Sprint("hash", seed), Questionnaire: q, N: n, Synthetic: true, RefFrom: 2021, RefTo: 2026,
		Strata:  []string{"group", "strategy"},
		Setting: questionnaires.Setting{RefFrom: 2021, RefTo: 2026, Office: questionnaires.Text{"de": "IV-Stelle Bern"}},
	}}
	for range n {
		r := Record{Answers: answer(q, rng), Language: pick(rng, "de", "fr", "it"), Stratum: map[string]string{"group": pick(rng, "G1", "G2")}, Shuffle: rng.IntN(8)}
		if m.snapshot.Confidential() {
			r.Office = pick(rng, "ZH", "BE", "GE")
		}
		m.records = append(m.records, r)
	}
	return m
}

func pick(rng *rand.Rand, from ...string) string { return from[rng.IntN(len(from))] }

func answer(q *questionnaires.Questionnaire, rng *rand.Rand) questionnaires.Answers {
	a := questionnaires.Answers{}
	for _, p := range q.Pages {
		for _, qu := range p.Questions {
			if p.If != nil && !p.If.Holds(a) || qu.If != nil && !qu.If.Holds(a) {
				continue
			}
			fillIn(qu, a, rng)
		}
	}
	return a
}

func fillIn(qu *questionnaires.Question, a questionnaires.Answers, rng *rand.Rand) {
	one := func() questionnaires.Value {
		o := qu.Options[min(rng.IntN(len(qu.Options)), rng.IntN(len(qu.Options)))] // the first are the more frequent
		if o.Missing != 0 {
			return questionnaires.Value{Missing: o.Missing}
		}
		return questionnaires.Value{Codes: []string{o.Code}}
	}
	whole := func() questionnaires.Value {
		x := float64(rng.IntN(100))
		return questionnaires.Value{Number: &x}
	}
	switch qu.Kind {
	case questionnaires.Multi:
		var codes []string
		for _, o := range qu.Options {
			if o.Missing == 0 && !o.Exclusive && rng.IntN(3) == 0 {
				codes = append(codes, o.Code)
			}
		}
		if len(codes) > 0 {
			a[qu.Code] = questionnaires.Value{Codes: codes}
		}
	case questionnaires.Matrix:
		for _, row := range qu.Rows {
			a[qu.Code+"__"+row.Code] = one()
		}
	case questionnaires.Numbers:
		for _, row := range qu.Rows {
			a[qu.Code+"__"+row.Code] = whole()
		}
	case questionnaires.Texts:
		for _, row := range qu.Rows {
			a[qu.Code+"__"+row.Code] = questionnaires.Value{Text: "Satz " + strconv.Itoa(rng.IntN(1000))}
		}
	case questionnaires.Ranking:
		for rank, i := range rng.Perm(len(qu.Options))[:3] {
			x := float64(rank + 1)
			a[qu.Code+"__"+qu.Options[i].Code] = questionnaires.Value{Number: &x}
		}
	case questionnaires.Integer, questionnaires.Decimal:
		a[qu.Code] = whole()
	case questionnaires.LongText:
		a[qu.Code] = questionnaires.Value{Text: pick(rng, "=1+1", "Müller; \"so\"\r\nweiter", "@x", "+41", "-5", "gut")}
	case questionnaires.Date:
		a[qu.Code] = questionnaires.Value{Text: "2026-03-0" + strconv.Itoa(1+rng.IntN(9))}
	default:
		if v := one(); true {
			a[qu.Code] = v
		}
	}
}
