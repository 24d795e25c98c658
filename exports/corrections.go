package exports

import (
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
	page := struct {
		corrections
		inAll
	}{list, inAllLanguages(correctionWords)}
	return reportFiles("corrections", list, correctionPage, page)
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

var correctionPage = pageInAll("corrections", "corrections", `<p>{{in $.T.intro $lang}}</p>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">{{in $.T.variable $lang}}</th><th scope="col">{{in $.T.office $lang}}</th><th scope="col">{{in $.T.from $lang}}</th><th scope="col">{{in $.T.to $lang}}</th><th scope="col">{{in $.T.reason $lang}}</th><th scope="col">{{in $.T.responses $lang}}</th></tr></thead><tbody>
{{range $.Corrections}}<tr><td>{{.Variable}}</td><td>{{.Office}}</td><td>{{.From}}</td><td>{{.To}}</td><td>{{.Reason}}</td><td>{{.Responses}}</td></tr>
{{end}}</tbody></table></div>`)
