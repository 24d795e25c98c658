package exports

import "rondo/questionnaires"

// insideWords are the words of the page.
var insideWords = map[string]questionnaires.Text{
	"individual": {"de": "Individuelles Risiko, zum Vergleich (Summe)", "fr": "Risque individuel, pour comparaison (somme)", "it": "Rischio individuale, per confronto (somma)", "en": "Individual risk, for comparison (sum)"},
	"variation":  {"de": "Abstand der Verteilung (0 bis 1)", "fr": "Distance de la distribution (0 à 1)", "it": "Distanza della distribuzione (da 0 a 1)", "en": "Distance of the distribution (0 to 1)"},
	"pairs":      {"de": "Stärkste Zusammenhänge (Cramérs V)", "fr": "Liens les plus forts (V de Cramér)", "it": "Relazioni più forti (V di Cramér)", "en": "Strongest associations (Cramér's V)"},
	"method":     {"de": "Verfahren", "fr": "Méthode", "it": "Metodo", "en": "Method"},
	"was":        {"de": "Vorher", "fr": "Avant", "it": "Prima", "en": "Before"},
	"is":         {"de": "Nachher", "fr": "Après", "it": "Dopo", "en": "After"},
	"sensitive":  {"de": "Heikle Fragen: verschiedene Antworten je Gruppe", "fr": "Questions sensibles: réponses différentes par groupe", "it": "Domande sensibili: risposte diverse per gruppo", "en": "Sensitive questions: different answers per group"},
	"fewest":     {"de": "Wenigste (l)", "fr": "Le moins (l)", "it": "Il minimo (l)", "en": "Fewest (l)"},
	"entropy":    {"de": "Entropie-l", "fr": "l d'entropie", "it": "l di entropia", "en": "Entropy l"},
	"t":          {"de": "Grösster Abstand zu allen (t)", "fr": "Plus grande distance à l'ensemble (t)", "it": "Massima distanza dal totale (t)", "en": "Largest distance from all (t)"},
	"routes":     {"de": "Filter, die nicht mehr entschieden sind", "fr": "Filtres qui ne sont plus décidés", "it": "Filtri non più decisi", "en": "Routing that is no longer decided"},
	"condition":  {"de": "Bedingung", "fr": "Condition", "it": "Condizione", "en": "Condition"},
	"decides":    {"de": "Entscheidet über", "fr": "Décide de", "it": "Decide su", "en": "Decides over"},
	"rows":       {"de": "Zeilen", "fr": "Lignes", "it": "Righe", "en": "Rows"},
	"title":      {"de": "Interner Bericht zum Schutz der Daten", "fr": "Rapport interne sur la protection des données", "it": "Rapporto interno sulla protezione dei dati", "en": "Internal report on data protection"},
	"before":     {"de": "Vor dem Schutz: je Kombination von Merkmalen", "fr": "Avant la protection: par combinaison de caractéristiques", "it": "Prima della protezione: per combinazione di caratteristiche", "en": "Before protection: by combination of features"},
	"standing":   {"de": "Was einen einzigen Datensatz heraushebt", "fr": "Ce qui distingue un seul enregistrement", "it": "Che cosa distingue un solo record", "en": "What singles one record out"},
	"keys":       {"de": "Merkmale", "fr": "Caractéristiques", "it": "Caratteristiche", "en": "Features"},
	"classes":    {"de": "Gruppen", "fr": "Groupes", "it": "Gruppi", "en": "Groups"},
	"smallest":   {"de": "Kleinste Gruppe", "fr": "Plus petit groupe", "it": "Gruppo più piccolo", "en": "Smallest group"},
	"uniques":    {"de": "Einzelne", "fr": "Uniques", "it": "Unici", "en": "Uniques"},
	"below":      {"de": "Datensätze in Gruppen unter k", "fr": "Enregistrements dans des groupes inférieurs à k", "it": "Record in gruppi inferiori a k", "en": "Records in groups below k"},
	"values":     {"de": "Werte", "fr": "Valeurs", "it": "Valori", "en": "Values"},
	"records":    {"de": "Datensätze", "fr": "Enregistrements", "it": "Record", "en": "Records"},
	"variable":   {"de": "Variable", "fr": "Variable", "it": "Variabile", "en": "Variable"},
	"profile":    {"de": "Profil", "fr": "Profil", "it": "Profilo", "en": "Profile"},
	"refused":    {"de": "Nicht möglich", "fr": "Impossible", "it": "Non possibile", "en": "Not possible"},
	"left":       {"de": "Weggelassene Datensätze", "fr": "Enregistrements supprimés", "it": "Record tralasciati", "en": "Records left out"},
	"hidden":     {"de": "Zusammengefasst · einzeln · mit dem Filter unterdrückt", "fr": "Regroupé · supprimé localement · supprimé avec le filtre", "it": "Raggruppato · soppresso localmente · soppresso con il filtro", "en": "Merged · suppressed locally · suppressed with routing"},
	"compared":   {"de": "Neben der Joker-Zählung (sdcMicro): eine unterdrückte Zelle passt dort zu allem", "fr": "À côté du comptage joker (sdcMicro): une cellule supprimée y correspond à tout", "it": "Accanto al conteggio jolly (sdcMicro): lì una cella soppressa corrisponde a tutto", "en": "Beside the wildcard count (sdcMicro): a suppressed cell matches anything there"},
	"finest":     {"de": "Merkmale so fein wie erlaubt", "fr": "Caractéristiques aussi fines que permis", "it": "Caratteristiche tanto fini quanto permesso", "en": "Features as finely as allowed"},
	"asleft":     {"de": "Merkmale wie veröffentlicht", "fr": "Caractéristiques comme publiées", "it": "Caratteristiche come pubblicate", "en": "Features as released"},
	"strict":     {"de": "streng (Rondo)", "fr": "strict (Rondo)", "it": "rigoroso (Rondo)", "en": "strict (Rondo)"},
	"wildcard":   {"de": "Joker", "fr": "joker", "it": "jolly", "en": "wildcard"},
	"cells":      {"de": "Unterdrückte Zellen", "fr": "Cellules supprimées", "it": "Celle soppresse", "en": "Suppressed cells"},
	"few":        {"de": "Datensätze mit weniger als k Kandidaten", "fr": "Enregistrements avec moins de k candidats", "it": "Record con meno di k candidati", "en": "Records with fewer than k candidates"},
	"candidates": {"de": "Wenigste Kandidaten", "fr": "Plus petit nombre de candidats", "it": "Numero minimo di candidati", "en": "Fewest candidates"},
}

var insidePage = pageInAll("inside", "internal", `<p>{{in $.T.records $lang}}: {{$.Records}} · {{in $.T.individual $lang}}: {{printf "%.2f" $.Before.Individual}}</p>
<h2>{{in $.T.before $lang}}</h2>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">{{in $.T.keys $lang}}</th><th scope="col">{{in $.T.classes $lang}}</th><th scope="col">{{in $.T.smallest $lang}}</th><th scope="col">{{in $.T.uniques $lang}}</th>{{range $.Ks}}<th scope="col">{{in $.T.below $lang}} = {{.}}</th>{{end}}</tr></thead><tbody>
{{range $s := $.Subsets}}<tr><td>{{join .Keys ", "}}</td><td>{{.Classes}}</td><td>{{.MinClass}}</td><td>{{.Uniques}}</td>{{range $.Ks}}<td>{{index $s.Violations .}}</td>{{end}}</tr>
{{end}}</tbody></table></div>
<h2>{{in $.T.standing $lang}}</h2>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">{{in $.T.keys $lang}}</th><th scope="col">{{in $.T.values $lang}}</th></tr></thead><tbody>
{{range $.Standing}}<tr><td>{{join .Keys ", "}}</td><td>{{join .Values ", "}}</td></tr>
{{end}}</tbody></table></div>
{{range $.Profiles}}<h2>{{in $.T.profile $lang}}: {{.Profile}}</h2>
{{if .Refused}}<p>{{in $.T.refused $lang}}: <span lang="en">{{.Refused}}</span></p>{{else}}<p>NCP {{printf "%.3f" .NCP}} · {{in $.T.left $lang}}: {{.LeftOut}}{{range $key, $level := .Node}} · {{$key}}: {{$level}}{{end}}</p>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">{{in $.T.values $lang}}</th><th scope="col">{{in $.T.records $lang}}</th></tr></thead><tbody>
{{range .Classes}}<tr><td>{{join .Values ", "}}</td><td>{{.Records}}</td></tr>
{{end}}</tbody></table></div>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">{{in $.T.variable $lang}}</th><th scope="col">{{in $.T.hidden $lang}}</th></tr></thead><tbody>
{{range $name, $n := .Hidden}}<tr><td>{{$name}}</td><td>{{$n.Rare}} · {{$n.Local}} · {{$n.Routing}}</td></tr>
{{end}}</tbody></table></div>
<div class="scroll" tabindex="0"><table><caption>{{in $.T.routes $lang}}</caption><thead><tr><th scope="col">{{in $.T.condition $lang}}</th><th scope="col">{{in $.T.decides $lang}}</th><th scope="col">{{in $.T.rows $lang}}</th></tr></thead><tbody>
{{range .Routes}}<tr><td><code>{{.Condition}}</code></td><td>{{join .Decides ", "}}</td><td>{{.Rows}}</td></tr>
{{end}}</tbody></table></div>
<div class="scroll" tabindex="0"><table><caption>{{in $.T.sensitive $lang}}</caption><thead><tr><th scope="col">{{in $.T.variable $lang}}</th><th scope="col">{{in $.T.fewest $lang}}</th><th scope="col">{{in $.T.entropy $lang}}</th><th scope="col">{{in $.T.t $lang}}</th></tr></thead><tbody>
{{range $name, $d := .Sensitive}}<tr><td>{{$name}}</td><td>{{$d.L}}</td><td>{{printf "%.2f" $d.EntropyL}}</td><td>{{printf "%.2f" $d.T}}</td></tr>
{{end}}</tbody></table></div>
<div class="scroll" tabindex="0"><table><caption>{{in $.T.pairs $lang}}</caption><thead><tr><th scope="col">{{in $.T.variable $lang}}</th><th scope="col">{{in $.T.was $lang}}</th><th scope="col">{{in $.T.is $lang}}</th></tr></thead><tbody>
{{range .Pairs}}<tr><td>{{.A}} × {{.B}}</td><td>{{printf "%.2f" .Before}}</td><td>{{printf "%.2f" .After}}</td></tr>
{{end}}</tbody></table></div>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">{{in $.T.variable $lang}}</th><th scope="col">{{in $.T.variation $lang}}</th></tr></thead><tbody>
{{range $name, $x := .Variation}}<tr><td>{{$name}}</td><td>{{printf "%.3f" $x}}</td></tr>
{{end}}</tbody></table></div>
{{if .Compared}}<h3>{{in $.T.compared $lang}}</h3>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">{{in $.T.keys $lang}}</th><th scope="col">{{in $.T.method $lang}}</th><th scope="col">NCP</th><th scope="col">{{in $.T.cells $lang}}</th><th scope="col">{{in $.T.few $lang}}</th><th scope="col">{{in $.T.candidates $lang}}</th></tr></thead><tbody>
{{range .Compared}}{{$where := "asleft"}}{{if .Finest}}{{$where = "finest"}}{{end}}{{range $name, $m := .Methods}}<tr><td>{{in (index $.T $where) $lang}}</td><td>{{in (index $.T $name) $lang}}</td><td>{{printf "%.3f" $m.NCP}}</td><td>{{$m.Cells}}</td><td>{{$m.Below}}</td><td>{{$m.Fewest}}</td></tr>
{{end}}{{end}}</tbody></table></div>{{end}}{{end}}{{end}}`)
