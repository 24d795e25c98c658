package exports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"

	"rondo/exports/formats"
	"rondo/questionnaires"
)

// corrections is the correction sheet as the bundle that stays in the house lists it. It holds answers.
type corrections struct {
	Wave        string              `json:"wave"`
	Population  string              `json:"population"`
	Label       questionnaires.Text `json:"label"`
	Synthetic   bool                `json:"synthetic"`
	Corrections []Correction        `json:"corrections"`
}

// correctionFiles lists what was corrected; none where nothing was.
func correctionFiles(s Snapshot) ([]formats.File, error) {
	if len(s.Corrections) == 0 {
		return nil, nil
	}
	list := corrections{Wave: s.Wave, Population: s.Population, Label: labels[Internal], Synthetic: s.MadeUp(), Corrections: s.Corrections}
	var j, h bytes.Buffer
	enc := json.NewEncoder(&j)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(list); err != nil {
		return nil, fmt.Errorf("list corrections: %w", err)
	}
	page := struct {
		corrections
		Langs []string
		T     map[string]questionnaires.Text
		Mark  questionnaires.Text
	}{list, questionnaires.Languages, correctionWords, formats.Mark}
	if err := correctionPage.Execute(&h, page); err != nil {
		return nil, fmt.Errorf("list corrections: %w", err)
	}
	return []formats.File{{Name: "report/corrections.json", Body: j.Bytes()}, {Name: "report/corrections.html", Body: h.Bytes()}}, nil
}

var correctionWords = map[string]questionnaires.Text{
	"title":     {"de": "Korrekturen vor dem Einfrieren", "fr": "Corrections avant le gel", "it": "Correzioni prima del congelamento", "en": "Corrections before freezing"},
	"intro":     {"de": "Die Daten enthalten die korrigierten Werte; was geantwortet wurde, bleibt im eingefrorenen Bestand.", "fr": "Les données contiennent les valeurs corrigées; les réponses d'origine restent dans l'état gelé.", "it": "I dati contengono i valori corretti; le risposte originali restano nello stato congelato.", "en": "The data hold the corrected values; what was answered stays in the frozen snapshot."},
	"variable":  {"de": "Variable", "fr": "Variable", "it": "Variabile", "en": "Variable"},
	"office":    {"de": "IV-Stelle", "fr": "Office AI", "it": "Ufficio AI", "en": "IV office"},
	"from":      {"de": "Von", "fr": "De", "it": "Da", "en": "From"},
	"to":        {"de": "Zu", "fr": "À", "it": "A", "en": "To"},
	"reason":    {"de": "Grund", "fr": "Motif", "it": "Motivo", "en": "Reason"},
	"responses": {"de": "Antworten", "fr": "Réponses", "it": "Risposte", "en": "Responses"},
}

var correctionPage = template.Must(template.New("corrections").Funcs(template.FuncMap{
	"in": func(t questionnaires.Text, lang string) string { return t.In(lang) },
}).Parse(`<!doctype html>
<html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Wave}} {{.Population}} corrections{{if .Synthetic}} (synthetic){{end}}</title>
<style>body{font-family:sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;line-height:1.5}table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid #888;padding:.3rem .6rem;text-align:left;vertical-align:top}.wide{overflow-x:auto}section{margin-bottom:3rem}</style></head><body><main>
{{range $lang := .Langs}}<section lang="{{$lang}}"><h1>{{in $.T.title $lang}}: {{$.Wave}}, {{$.Population}}{{if $.Synthetic}} – {{in $.Mark $lang}}{{end}}</h1>
<p><strong>{{in $.Label $lang}}</strong></p><p>{{in $.T.intro $lang}}</p>
<div class="wide" tabindex="0"><table><thead><tr><th scope="col">{{in $.T.variable $lang}}</th><th scope="col">{{in $.T.office $lang}}</th><th scope="col">{{in $.T.from $lang}}</th><th scope="col">{{in $.T.to $lang}}</th><th scope="col">{{in $.T.reason $lang}}</th><th scope="col">{{in $.T.responses $lang}}</th></tr></thead><tbody>
{{range $.Corrections}}<tr><td>{{.Variable}}</td><td>{{.Office}}</td><td>{{.From}}</td><td>{{.To}}</td><td>{{.Reason}}</td><td>{{.Responses}}</td></tr>
{{end}}</tbody></table></div></section>
{{end}}</main></body></html>
`))
