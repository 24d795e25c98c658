package main

import (
	"encoding/json"

	"rondo/app/wave"
	"rondo/questionnaires"
	"rondo/storage/answers"
	"rondo/storage/db"
	"rondo/storage/identity"
)

// otherRole is what somebody of an office typed beside "other".
const otherRole = "Leitung <Eingliederung>"

// closedWave is the wave 2032, whose three offices have answered and are closed: two typed the same
// beside "other", and all say that a case took 0 days.
func (g *ground) closedWave() identity.Wave {
	g.t.Helper()
	ctx := g.t.Context()
	now, err := g.Store.DB.Now(ctx)
	g.must(err)
	w, err := g.Waves.Create(ctx, wave.Plan{Label: "2032", RefFrom: 2029, RefTo: 2032, Opens: now.AddDate(0, 0, -1), Closes: now.AddDate(0, 1, 0)})
	g.must(err)
	codes := []string{"ZH", "BE", "GE"}
	var offices []identity.Participant
	for _, code := range codes {
		offices = append(offices, identity.Participant{Code: code, Name: "IV-Stelle " + code, Language: "de", Email: code + "@office.example"})
	}
	g.must(g.Waves.AddOffices(ctx, "2032", offices))
	g.must(g.Waves.Open(ctx, "2032", "office"))
	p, err := g.Store.Identity.Population(ctx, w.ID, "office")
	g.must(err)
	window, err := g.Store.Answers.Window(ctx, w.ID, "office")
	g.must(err)
	sealer, err := g.Store.Secret.Sealer(window.AnswerSalt)
	g.must(err)
	none := 0.0
	for i, code := range codes {
		one, err := g.Store.Identity.ParticipantByCode(ctx, w.ID, "office", code)
		g.must(err)
		a := madeUp("office", uint64(i), code, nil)
		a["o_case_days"], a["o_role"] = questionnaires.Value{Number: &none}, questionnaires.Value{Codes: []string{"several"}}
		delete(a, "o_role_other")
		if i < 2 {
			a["o_role"], a["o_role_other"] = questionnaires.Value{Codes: []string{"other"}}, questionnaires.Value{Text: otherRole}
		}
		plain, err := json.Marshal(questionnaires.Record{Questionnaire: p.Questionnaire, Hash: p.Hash, Language: "de", Office: code, Answers: a})
		g.must(err)
		id := db.NewID()
		g.must(g.Store.Answers.Submit(ctx, answers.Submission{WaveID: w.ID, Population: "office", ID: id, Key: g.Waves.DraftKey(p, one), Body: sealer.SealResponse(plain, []byte(id))}))
	}
	g.must(g.Waves.Close(ctx, "2032", "office"))
	return w
}

// corrected puts a correction that waits on the sheet of the wave 2032.
func (g *ground) corrected(values map[string][]string) {
	g.t.Helper()
	g.closedWave()
	problems, err := g.Waves.Propose(g.t.Context(), "2032", "office", []string{otherRole},
		questionnaires.Correction{Variable: "o_role_other", To: "several", Reason: "it stands in the list"}, demoLead)
	g.must(err)
	if len(problems) > 0 {
		g.t.Fatalf("the correction is refused: %v", problems)
	}
	values["label"] = append(values["label"], "2032")
}

// correct puts a confirmed correction on the sheet of the employers of the wave 2026, and into the
// lore what no dump may hold of it.
func (g *ground) correct(l lore) {
	g.t.Helper()
	ctx := g.t.Context()
	values, err := g.Waves.ValuesOf(ctx, "2026", "employer", "e_size", "")
	g.must(err)
	const reason = "Canaryreason of a correction"
	_, err = g.Waves.Propose(ctx, "2026", "employer", []string{values[0].Cell}, questionnaires.Correction{Variable: "e_size", To: "-92", Reason: reason}, "anna@bsv.example")
	g.must(err)
	sheet, err := g.Waves.Sheet(ctx, "2026", "employer")
	g.must(err)
	g.must(g.Waves.Decide(ctx, "2026", "employer", sheet[0].ID, true, "beat@bsv.example"))
	l.add("why something was corrected", reason)
}
