package formats

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html/template"
	"slices"

	"rondo/questionnaires"
)

// CodebookCSV lists every value of every variable, one line each, with the words
// in all languages, and the name and number by which SPSS and Stata know them; a
// variable without categories or missing codes has one line.
func CodebookCSV(variables []Variable) ([]byte, error) {
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(codebookLines(variables)); err != nil {
		return nil, fmt.Errorf("write codebook: %w", err)
	}
	return b.Bytes(), nil
}

func codebookLines(variables []Variable) [][]string {
	head := []string{"variable", "type", "role", "treatment", "filter", "valid_n", "code"}
	for _, lang := range questionnaires.Languages {
		head = append(head, "label_"+lang, "value_"+lang)
	}
	head = append(head, "spss_name", "spss_code", "n")
	lines := [][]string{head}
	spss := SPSSNames(variables)
	for j, v := range variables {
		categories, rule := v.Categories, v.Filter
		if v.Formula != "" {
			rule = "computed: " + v.Formula
		}
		if len(categories) == 0 {
			categories = []Category{{}}
		}
		categories = append(slices.Clone(categories), v.Reasons()...)
		for i, c := range categories {
			line := []string{v.Name, v.Type, v.Role, v.Treatment, Harmless(rule), v.Valid, c.Code}
			for _, lang := range questionnaires.Languages {
				line = append(line, Harmless(v.Label(lang)), Harmless(c.Label.In(lang)))
			}
			number := c.Code
			if i < len(v.Categories) {
				number = stand(v, i)
			}
			lines = append(lines, append(line, spss[j], number, v.Counts[c.Code]))
		}
	}
	return lines
}

// CodebookHTML is the codebook as one page in a language, readable without
// anything else.
func CodebookHTML(about About, variables []Variable, lang string) ([]byte, error) {
	type value struct{ Code, Label, N string }
	type line struct {
		Variable
		Text, Why string
		Values    []value
	}
	page := struct {
		Lang, Heading, Profile string
		About                  About
		T                      map[string]string
		Lines                  []line
		Missing                []Category
	}{Lang: lang, Heading: about.Heading(lang), Profile: about.Label.In(lang), About: about, Missing: Missing, T: map[string]string{}}
	for key, text := range headings {
		page.T[key] = text.In(lang)
	}
	for _, v := range variables {
		l := line{Variable: v, Text: v.Label(lang), Why: v.Why.In(lang)}
		for _, c := range v.Categories {
			l.Values = append(l.Values, value{c.Code, c.Label.In(lang), v.Counts[c.Code]})
		}
		for _, c := range v.Reasons() {
			if n := v.Counts[c.Code]; n != "" && n != "0" { // all stand above; here only those that occur
				l.Values = append(l.Values, value{c.Code, c.Label.In(lang), n})
			}
		}
		page.Lines = append(page.Lines, l)
	}
	var b bytes.Buffer
	if err := codebookPage.Execute(&b, page); err != nil {
		return nil, fmt.Errorf("write codebook: %w", err)
	}
	return b.Bytes(), nil
}

var headings = map[string]questionnaires.Text{
	"codebook": {"de": "Codebuch", "fr": "Dictionnaire des variables", "it": "Dizionario delle variabili", "en": "Codebook"},
	"variable": {"de": "Variable", "fr": "Variable", "it": "Variabile", "en": "Variable"},
	"wording":  {"de": "Wortlaut", "fr": "Libellé", "it": "Testo", "en": "Wording"},
	"values":   {"de": "Werte", "fr": "Valeurs", "it": "Valori", "en": "Values"},
	"type":     {"de": "Art", "fr": "Type", "it": "Tipo", "en": "Type"},
	"role":     {"de": "Rolle im Datenschutz", "fr": "Rôle pour la protection des données", "it": "Ruolo per la protezione dei dati", "en": "Disclosure role"},
	"filter":   {"de": "Gefragt, wenn", "fr": "Posée si", "it": "Posta se", "en": "Asked if"},
	"formula":  {"de": "Berechnet", "fr": "Calculé", "it": "Calcolato", "en": "Calculated"},
	"valid":    {"de": "Gültige Antworten", "fr": "Réponses valables", "it": "Risposte valide", "en": "Valid answers"},
	"missing":  {"de": "Codes für fehlende Angaben", "fr": "Codes des données manquantes", "it": "Codici dei dati mancanti", "en": "Missing codes"},
	"records":  {"de": "Datensätze", "fr": "Enregistrements", "it": "Record", "en": "Records"},
}

var codebookPage = Page("codebook", `{{.T.codebook}}: {{.Heading}}`, `<h1>{{.T.codebook}}: {{.Heading}}</h1>
<p>{{.About.Questionnaire}} · {{.Profile}} · {{.T.records}}: {{.About.Records}}</p>
<h2>{{.T.missing}}</h2><ul class="codes">{{range .Missing}}<li><code>{{.Code}}</code> {{in .Label $.Lang}}</li>{{end}}</ul>
<h2>{{.T.codebook}}</h2>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">{{.T.variable}}</th><th scope="col">{{.T.wording}}</th><th scope="col">{{.T.values}}</th><th scope="col">{{.T.type}}</th><th scope="col">{{.T.role}}</th><th scope="col">{{.T.valid}}</th></tr></thead>
<tbody>{{range .Lines}}<tr id="{{.Name}}"><td><code>{{.Name}}</code></td><td>{{.Text}}{{with .Filter}}<br>{{$.T.filter}}: <code>{{.}}</code>{{end}}{{with .Formula}}<br>{{$.T.formula}}: <code>{{.}}</code>{{end}}</td>
<td><ul>{{range .Values}}<li><code>{{.Code}}</code> {{.Label}}{{with .N}} ({{.}}){{end}}</li>{{end}}</ul></td><td>{{.Type}}</td><td>{{.Role}}{{with .Why}}<br>{{.}}{{end}}</td><td>{{.Valid}}</td></tr>
{{end}}</tbody></table></div>
`, template.FuncMap{
	"in": func(t questionnaires.Text, lang string) string { return t.In(lang) },
})
