package exports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"

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
	Nodes         int                   `json:"nodes_searched,omitempty"`
	Reachable     int                   `json:"nodes_reaching_k,omitempty"`
	NCP           *float64              `json:"ncp,omitempty"`
	Classes       int                   `json:"classes,omitempty"`
	MinClass      int                   `json:"min_class,omitempty"`
	Candidates    int                   `json:"candidates_min,omitempty"`
	K             int                   `json:"k,omitempty"`
	MaxRisk       *float64              `json:"max_risk,omitempty"`
	Expected      *float64              `json:"expected_reidentifications,omitempty"`
	LeftOut       string                `json:"suppressed_records,omitempty"`
	Earlier       []string              `json:"earlier_releases,omitempty"` // profiles under which these answers were released before
	Reason        string                `json:"reason,omitempty"`           // why once more, as staff wrote it
	Rules         map[string]float64    `json:"rules,omitempty"`
	Columns       []columnReport        `json:"columns"`
	Limits        []questionnaires.Text `json:"limits"`
}

type columnReport struct {
	Variable  string `json:"variable"`
	Role      string `json:"role"`
	Treatment string `json:"treatment"`
	Why       string `json:"why"`
	Merged    string `json:"merged_rare,omitempty"`
	Local     string `json:"suppressed_local,omitempty"`
	Routed    string `json:"suppressed_routing,omitempty"`

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
		r.Columns = append(r.Columns, sh.columnReport(c, p))
	}
	if !p.Release() {
		return r
	}
	r.Columns = append(r.Columns,
		columnReport{Variable: "language", Role: "technical", Treatment: string(Dropped), Why: Reason("language").In("en"), Text: Reason("language")},
		columnReport{Variable: "stratum", Role: "technical", Treatment: string(Dropped), Why: Reason("stratum").In("en"), Text: Reason("stratum")})
	r.Target, r.Capacity = p.K, len(sh.rows)/p.K
	r.Node, r.Hierarchies, r.Nodes, r.Reachable = o.levels, o.ways, o.nodes, o.reachable
	r.Keys = sorted(o.levels)
	risk, expected, ncp := 1/float64(max(1, o.released.MinClass)), o.released.Expected(), o.ncp
	r.NCP, r.MaxRisk, r.Expected = &ncp, &risk, &expected
	r.Classes, r.MinClass, r.K, r.Candidates = o.released.Classes, o.released.MinClass, o.released.MinClass, o.candidate
	r.LeftOut = masked(o.left, p)
	r.Rules = map[string]float64{"distinct_l": float64(p.L), "agree_share": p.Agree, "rare_minimum": float64(p.RareMin), "hidden_answers_max": p.AnswerMax, "suppressed_cells_max": p.CellMax, "left_out_max": p.DropMax}
	return r
}

func (sh *sheet) columnReport(c Choice, p Profile) columnReport {
	out := columnReport{Variable: c.Column.Name, Role: string(c.Column.Role()), Treatment: string(c.Treatment), Why: Reason(c.Why).In("en"), Text: Reason(c.Why)}
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
	}
	return out
}

func (r report) files() ([]formats.File, error) {
	var j bytes.Buffer
	enc := json.NewEncoder(&j)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, fmt.Errorf("write report: %w", err)
	}
	var h bytes.Buffer
	page := struct {
		report
		Langs []string
		T     map[string]questionnaires.Text
		Mark  questionnaires.Text
	}{r, questionnaires.Languages, reportWords, formats.Mark}
	if err := reportPage.Execute(&h, page); err != nil {
		return nil, fmt.Errorf("write report: %w", err)
	}
	return []formats.File{{Name: "report/anonymisation.json", Body: j.Bytes()}, {Name: "report/anonymisation.html", Body: h.Bytes()}}, nil
}

var reportWords = map[string]questionnaires.Text{
	"title":    {"de": "Bericht zum Schutz der Daten", "fr": "Rapport sur la protection des données", "it": "Rapporto sulla protezione dei dati", "en": "Report on data protection"},
	"records":  {"de": "Datensätze", "fr": "Enregistrements", "it": "Record", "en": "Records"},
	"target":   {"de": "Mindestens so viele gleiche Datensätze verlangt (k)", "fr": "Nombre minimal d'enregistrements identiques exigé (k)", "it": "Numero minimo richiesto di record uguali (k)", "en": "Fewest equal records asked for (k)"},
	"reached":  {"de": "Kleinste Gruppe erreicht", "fr": "Plus petit groupe atteint", "it": "Gruppo più piccolo raggiunto", "en": "Smallest group reached"},
	"classes":  {"de": "Gruppen", "fr": "Groupes", "it": "Gruppi", "en": "Groups"},
	"capacity": {"de": "Höchstens mögliche Gruppen", "fr": "Nombre maximal de groupes possible", "it": "Numero massimo possibile di gruppi", "en": "Most groups possible"},
	"ncp":      {"de": "Informationsverlust der Schlüsselmerkmale (0 bis 1)", "fr": "Perte d'information des caractéristiques clés (0 à 1)", "it": "Perdita d'informazione delle caratteristiche chiave (da 0 a 1)", "en": "Information lost in the key features (0 to 1)"},
	"left":     {"de": "Weggelassene Datensätze", "fr": "Enregistrements supprimés", "it": "Record tralasciati", "en": "Records left out"},
	"earlier":  {"de": "Dieselben Antworten wurden bereits veröffentlicht als", "fr": "Les mêmes réponses ont déjà été publiées comme", "it": "Le stesse risposte sono già state pubblicate come", "en": "The same answers were released before as"},
	"reason":   {"de": "Begründung der weiteren Veröffentlichung", "fr": "Motif de cette nouvelle publication", "it": "Motivo di questa ulteriore pubblicazione", "en": "Reason for this further release"},
	"variable": {"de": "Variable", "fr": "Variable", "it": "Variabile", "en": "Variable"},
	"why":      {"de": "Behandlung", "fr": "Traitement", "it": "Trattamento", "en": "Treatment"},
	"hidden":   {"de": "Zusammengefasst · einzeln · mit dem Filter unterdrückt", "fr": "Regroupé · supprimé localement · supprimé avec le filtre", "it": "Raggruppato · soppresso localmente · soppresso con il filtro", "en": "Merged · suppressed locally · suppressed with routing"},
	"level":    {"de": "Stufe", "fr": "Niveau", "it": "Livello", "en": "Level"},
}

var reportPage = template.Must(template.New("report").Funcs(template.FuncMap{
	"in":    func(t questionnaires.Text, lang string) string { return t.In(lang) },
	"value": func(x *float64) float64 { return *x }, "join": strings.Join,
}).Parse(`<!doctype html>
<html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Wave}} {{.Population}} {{.Profile}}{{if .Synthetic}} (synthetic){{end}}</title>
<style>body{font-family:sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;line-height:1.5}table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid #888;padding:.3rem .6rem;text-align:left;vertical-align:top}section{margin-bottom:3rem}</style></head><body><main>
{{range $lang := .Langs}}<section lang="{{$lang}}"><h1>{{in $.T.title $lang}}: {{$.Wave}}, {{$.Population}}{{if $.Synthetic}} – {{in $.Mark $lang}}{{end}}</h1>
<p><strong>{{in $.Label $lang}}</strong></p>{{range $.Limits}}<p>{{in . $lang}}</p>{{end}}
<table><tbody><tr><th scope="row">{{in $.T.records $lang}}</th><td>{{$.Records}}</td></tr>
{{if $.Anonymised}}<tr><th scope="row">{{in $.T.target $lang}}</th><td>{{$.Target}}</td></tr>
<tr><th scope="row">{{in $.T.reached $lang}}</th><td>{{$.MinClass}}</td></tr>
<tr><th scope="row">{{in $.T.classes $lang}}</th><td>{{$.Classes}}</td></tr>
<tr><th scope="row">{{in $.T.capacity $lang}}</th><td>{{$.Capacity}}</td></tr>
<tr><th scope="row">{{in $.T.ncp $lang}}</th><td>{{printf "%.3f" (value $.NCP)}}</td></tr>
<tr><th scope="row">{{in $.T.left $lang}}</th><td>{{$.LeftOut}}</td></tr>
{{if $.Earlier}}<tr><th scope="row">{{in $.T.earlier $lang}}</th><td>{{join $.Earlier ", "}}</td></tr>
<tr><th scope="row">{{in $.T.reason $lang}}</th><td>{{$.Reason}}</td></tr>
{{end}}{{range $key, $level := $.Node}}<tr><th scope="row">{{$key}}</th><td>{{in $.T.level $lang}} {{$level}}</td></tr>{{end}}{{end}}</tbody></table>
<table><thead><tr><th scope="col">{{in $.T.variable $lang}}</th><th scope="col">{{in $.T.why $lang}}</th>{{if $.Anonymised}}<th scope="col">{{in $.T.hidden $lang}}</th>{{end}}</tr></thead><tbody>
{{range $.Columns}}<tr><td>{{.Variable}}</td><td>{{in .Text $lang}}</td>{{if $.Anonymised}}<td>{{or .Merged "0"}} · {{or .Local "0"}} · {{or .Routed "0"}}</td>{{end}}</tr>
{{end}}</tbody></table></section>
{{end}}</main></body></html>
`))
