package exports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"

	"rondo/exports/formats"
	"rondo/questionnaires"
)

// report says what protection did, without any count that would itself give
// somebody away.
type report struct {
	Wave          string                `json:"wave"`
	Population    string                `json:"population"`
	Profile       string                `json:"profile"`
	Label         questionnaires.Text   `json:"label"`
	Questionnaire string                `json:"questionnaire"`
	Synthetic     bool                  `json:"synthetic"`
	Anonymised    bool                  `json:"anonymised"`
	Records       int                   `json:"records"`
	Target        int                   `json:"k_target,omitempty"`
	Capacity      int                   `json:"capacity,omitempty"` // most combinations that many records can carry at k
	Keys          []string              `json:"keys,omitempty"`
	Node          map[string]int        `json:"node,omitempty"`
	Hierarchies   map[string]string     `json:"hierarchies,omitempty"`
	Weights       map[string]float64    `json:"weights,omitempty"` // of the keys in the ncp, where not 1
	Nodes         int                   `json:"nodes_searched,omitempty"`
	Reachable     int                   `json:"nodes_reaching_k,omitempty"`
	NCP           *float64              `json:"ncp,omitempty"`
	Classes       int                   `json:"classes,omitempty"`
	MinClass      int                   `json:"min_class,omitempty"`
	Candidates    int                   `json:"candidates_min,omitempty"`
	K             int                   `json:"k,omitempty"`
	MaxRisk       *float64              `json:"max_risk,omitempty"`
	Expected      *float64              `json:"expected_reidentifications,omitempty"`
	Before        *float64              `json:"expected_reidentifications_before,omitempty"`
	Losses        map[string]float64    `json:"ncp_by_key,omitempty"` // without weights
	LeftOut       string                `json:"suppressed_records,omitempty"`
	Earlier       []string              `json:"earlier_releases,omitempty"` // profiles under which these answers were released before
	Reason        string                `json:"reason,omitempty"`           // why once more, as staff wrote it
	Rules         map[string]float64    `json:"rules,omitempty"`
	Columns       []columnReport        `json:"columns"`
	Limits        []questionnaires.Text `json:"limits"`
	NotUsed       *questionnaires.Text  `json:"methods_not_used,omitempty"`
	Cite          *questionnaires.Text  `json:"cite,omitempty"`

	Corrected bool `json:"-"` // anything was
}

type columnReport struct {
	Variable  string `json:"variable"`
	Role      string `json:"role"`
	Treatment string `json:"treatment"`
	Why       string `json:"why"`
	Merged    string `json:"merged_rare,omitempty"`
	Local     string `json:"suppressed_local,omitempty"`
	Routed    string `json:"suppressed_routing,omitempty"`
	Corrected string `json:"corrected,omitempty"` // answers that are other than was answered
	// What the classes tell of a sensitive_high answer, at worst: see insideDiversity.
	L        int      `json:"distinct_l,omitempty"`
	EntropyL *float64 `json:"entropy_l,omitempty"`
	T        *float64 `json:"t,omitempty"`
	// Calculated says that the variable is computed from others, so that it tells nothing beside them.
	Calculated bool `json:"calculated,omitempty"`

	Text questionnaires.Text `json:"-"`
}

var limits = map[bool][]questionnaires.Text{
	true: {{
		"de": "Schützt vor Personen, die Grösse, Branche und Kanton der Teilnehmenden kennen; nicht vor jemandem, der einzelne Antworten schon kennt.",
		"fr": "Protège contre qui connaît la taille, la branche et le canton des participantes et participants; non contre qui connaît déjà certaines réponses.",
		"it": "Protegge da chi conosce dimensione, ramo e Cantone di chi ha partecipato; non da chi conosce già singole risposte.",
		"en": "Protects against somebody who knows the size, branch and canton of those who took part; not against somebody who already knows some of the answers."}},
	false: {{
		"de": "Diese Datei ist nicht anonymisiert. Sie ist vertraulich und bleibt im Haus.",
		"fr": "Ce fichier n'est pas anonymisé. Il est confidentiel et ne quitte pas la maison.",
		"it": "Questo file non è anonimizzato. È confidenziale e resta in casa.",
		"en": "This file has not been anonymised. It is confidential and stays in the house."}},
}

func reportOf(s Snapshot, plan Plan, sh *sheet, o outcome) report {
	p := plan.Profile
	r := report{
		Wave: s.Wave, Population: s.Population, Profile: p.Name, Label: labels[p.Name], Questionnaire: s.Questionnaire.Ref(),
		Synthetic: s.MadeUp(), Anonymised: p.Release(), Records: len(sh.rows), Limits: limits[p.Release()],
	}
	for _, c := range plan.Choices {
		column := sh.columnReport(c, p)
		if n := s.Corrected[c.Column.Name]; n > 0 {
			column.Corrected, r.Corrected = masked(n, p), true
		}
		r.Columns = append(r.Columns, column)
	}
	if !p.Release() {
		return r
	}
	r.Columns = append(r.Columns,
		columnReport{Variable: "language", Role: "technical", Treatment: string(Dropped), Why: Reason("language").In("en"), Text: Reason("language")},
		columnReport{Variable: "stratum", Role: "technical", Treatment: string(Dropped), Why: Reason("stratum").In("en"), Text: Reason("stratum")})
	r.Target, r.Capacity = p.K, len(sh.rows)/p.K
	r.Node, r.Hierarchies, r.Nodes, r.Reachable = o.levels, o.ways, o.nodes, o.reachable
	r.Keys, r.Weights = sorted(o.levels), sh.weights(p)
	risk, expected, ncp := 1/float64(max(1, o.released.MinClass)), o.released.Expected(), o.ncp
	before := o.raw.Expected()
	r.NCP, r.MaxRisk, r.Expected, r.Before = &ncp, &risk, &expected, &before
	r.Losses, r.NotUsed, r.Cite = sh.lossesOf(o), &notUsed, cite(s, p)
	r.Classes, r.MinClass, r.K, r.Candidates = o.released.Classes, o.released.MinClass, o.released.MinClass, o.candidate
	r.LeftOut = masked(o.left, p)
	r.Rules = map[string]float64{"distinct_l": float64(p.L), "agree_share": p.Agree, "rare_minimum": float64(p.RareMin), "hidden_answers_max": p.AnswerMax, "suppressed_cells_max": p.CellMax, "left_out_max": p.DropMax}
	return r
}

// weights are those of the keys that have one.
func (sh *sheet) weights(p Profile) map[string]float64 {
	out := map[string]float64{}
	for _, j := range sh.keys() {
		if w := p.Weight[sh.choices[j].Hierarchy]; w != 0 {
			out[sh.choices[j].Column.Name] = w
		}
	}
	return out
}

func (sh *sheet) columnReport(c Choice, p Profile) columnReport {
	out := columnReport{Variable: c.Column.Name, Role: string(c.Column.Role()), Treatment: string(c.Treatment), Why: Reason(c.Why).In("en"),
		Calculated: c.Column.Calculated != nil, Text: Reason(c.Why)}
	if c.Column.Other {
		out.Role = "freetext"
	}
	if !p.Release() || c.Treatment == Dropped {
		return out
	}
	for j, kept := range sh.choices {
		if kept.Column.Name != c.Column.Name {
			continue
		}
		counts := map[string]int{}
		for _, row := range sh.rows {
			counts[row[j]]++
		}
		say := func(code string) string {
			if counts[code] == 0 {
				return ""
			}
			return masked(counts[code], p)
		}
		out.Merged, out.Local, out.Routed = say(cellRare), say(cellLocal), say(cellRoute)
		if d, ok := sh.diversity(j); ok && out.Role == "sensitive_high" {
			out.L, out.EntropyL, out.T = d.L, &d.EntropyL, &d.T
		}
	}
	return out
}

func (r report) files() ([]formats.File, error) {
	page := struct {
		report
		inAll
	}{r, inAllLanguages(reportWords)}
	return reportFiles("anonymisation", r, reportPage, page)
}

// reportFiles prints a report for programs and, as a page, for people.
func reportFiles(name string, report any, page *template.Template, view any) ([]formats.File, error) {
	var j, h bytes.Buffer
	enc := json.NewEncoder(&j)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := errors.Join(enc.Encode(report), page.Execute(&h, view)); err != nil {
		return nil, fmt.Errorf("write report %s: %w", name, err)
	}
	return []formats.File{{Name: "report/" + name + ".json", Body: j.Bytes()}, {Name: "report/" + name + ".html", Body: h.Bytes()}}, nil
}
