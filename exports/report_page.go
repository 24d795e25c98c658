package exports

import (
	"fmt"

	"rondo/questionnaires"
)

// notUsed names the methods that a reader may look for in vain.
var notUsed = questionnaires.Text{
	"de": "Rauschen, Vertauschen, Mikroaggregation, differentielle Privatheit: keine Antwort ist verändert. SUDA2 und Stichprobengewichte: alle Eingeladenen sind bekannt, das Risiko wird ohne Gewichte gerechnet.",
	"fr": "Bruit, permutation, micro-agrégation, confidentialité différentielle: aucune réponse n'est modifiée. SUDA2 et poids d'échantillonnage: toutes les personnes invitées sont connues, le risque est calculé sans poids.",
	"it": "Rumore, permutazione, microaggregazione, privacy differenziale: nessuna risposta è modificata. SUDA2 e pesi campionari: tutti gli invitati sono noti, il rischio è calcolato senza pesi.",
	"en": "Noise, swapping, microaggregation, differential privacy: no answer is changed. SUDA2 and sampling weights: everybody invited is known, so risk is counted without weights.",
}

// cite says how to cite a release.
func cite(s Snapshot, p Profile) *questionnaires.Text {
	out := questionnaires.Text{}
	for lang, house := range map[string]string{"de": "Bundesamt für Sozialversicherungen BSV", "fr": "Office fédéral des assurances sociales OFAS", "it": "Ufficio federale delle assicurazioni sociali UFAS", "en": "Federal Social Insurance Office FSIO"} {
		out[lang] = fmt.Sprintf("%s: %s, %s (%s). %s.", house, s.Questionnaire.Fill(s.Questionnaire.Title, lang, s.Setting), s.Wave, s.Questionnaire.Ref(), labels[p.Name].In(lang))
	}
	return &out
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
	"correct":  {"de": "Vor dem Einfrieren korrigiert", "fr": "Corrigé avant le gel", "it": "Corretto prima del congelamento", "en": "Corrected before freezing"},
	"hidden":   {"de": "Zusammengefasst · einzeln · mit dem Filter unterdrückt", "fr": "Regroupé · supprimé localement · supprimé avec le filtre", "it": "Raggruppato · soppresso localmente · soppresso con il filtro", "en": "Merged · suppressed locally · suppressed with routing"},
	"before":   {"de": "Erwartete Wiedererkennungen vor und nach dem Schutz", "fr": "Réidentifications attendues avant et après la protection", "it": "Reidentificazioni attese prima e dopo la protezione", "en": "Re-identifications to expect before and after protection"},
	"risk":     {"de": "Höchstes Risiko, erkannt zu werden", "fr": "Risque maximal d'être reconnu", "it": "Rischio massimo di essere riconosciuti", "en": "Highest risk of being recognised"},
	"telling":  {"de": "Verschiedene Antworten je Gruppe, mindestens (l) · grösster Abstand zu allen (t)", "fr": "Réponses différentes par groupe, au moins (l) · plus grande distance à l'ensemble (t)", "it": "Risposte diverse per gruppo, almeno (l) · massima distanza dal totale (t)", "en": "Different answers per group, at least (l) · largest distance from all (t)"},
	"lost":     {"de": "Verlust", "fr": "Perte", "it": "Perdita", "en": "loss"},
	"unused":   {"de": "Nicht verwendet", "fr": "Non utilisé", "it": "Non utilizzato", "en": "Not used"},
	"cite":     {"de": "Zitieren als", "fr": "À citer comme", "it": "Da citare come", "en": "Cite as"},
	"level":    {"de": "Stufe", "fr": "Niveau", "it": "Livello", "en": "Level"},
}

var reportPage = pageInAll("report", "{{.Profile}}", `{{range $.Limits}}<p>{{in . $lang}}</p>{{end}}
<div class="scroll" tabindex="0"><table><tbody><tr><th scope="row">{{in $.T.records $lang}}</th><td>{{$.Records}}</td></tr>
{{if $.Anonymised}}<tr><th scope="row">{{in $.T.target $lang}}</th><td>{{$.Target}}</td></tr>
<tr><th scope="row">{{in $.T.reached $lang}}</th><td>{{$.MinClass}}</td></tr>
<tr><th scope="row">{{in $.T.classes $lang}}</th><td>{{$.Classes}}</td></tr>
<tr><th scope="row">{{in $.T.capacity $lang}}</th><td>{{$.Capacity}}</td></tr>
<tr><th scope="row">{{in $.T.ncp $lang}}</th><td>{{printf "%.3f" (value $.NCP)}}</td></tr>
<tr><th scope="row">{{in $.T.left $lang}}</th><td>{{$.LeftOut}}</td></tr>
<tr><th scope="row">{{in $.T.risk $lang}}</th><td>{{printf "%.3f" (value $.MaxRisk)}}</td></tr>
<tr><th scope="row">{{in $.T.before $lang}}</th><td>{{printf "%.1f" (value $.Before)}} → {{printf "%.1f" (value $.Expected)}}</td></tr>
{{if $.Earlier}}<tr><th scope="row">{{in $.T.earlier $lang}}</th><td>{{join $.Earlier ", "}}</td></tr>
<tr><th scope="row">{{in $.T.reason $lang}}</th><td>{{$.Reason}}</td></tr>
{{end}}{{range $key, $level := $.Node}}<tr><th scope="row">{{$key}}</th><td>{{in $.T.level $lang}} {{$level}} · {{in $.T.lost $lang}} {{printf "%.3f" (index $.Losses $key)}}</td></tr>{{end}}
<tr><th scope="row">{{in $.T.unused $lang}}</th><td>{{in $.NotUsed $lang}}</td></tr>
<tr><th scope="row">{{in $.T.cite $lang}}</th><td>{{in $.Cite $lang}}</td></tr>{{end}}</tbody></table></div>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">{{in $.T.variable $lang}}</th><th scope="col">{{in $.T.why $lang}}</th>{{if $.Anonymised}}<th scope="col">{{in $.T.hidden $lang}}</th><th scope="col">{{in $.T.telling $lang}}</th>{{end}}{{if $.Corrected}}<th scope="col">{{in $.T.correct $lang}}</th>{{end}}</tr></thead><tbody>
{{range $.Columns}}<tr><td>{{.Variable}}</td><td>{{in .Text $lang}}</td>{{if $.Anonymised}}<td>{{or .Merged "0"}} · {{or .Local "0"}} · {{or .Routed "0"}}</td><td>{{if .T}}{{.L}} · {{printf "%.2f" (value .T)}}{{end}}</td>{{end}}{{if $.Corrected}}<td>{{or .Corrected "0"}}</td>{{end}}</tr>
{{end}}</tbody></table></div>`)
