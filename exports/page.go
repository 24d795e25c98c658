package exports

import (
	"html/template"
	"strings"

	"rondo/exports/formats"
	"rondo/questionnaires"
)

// inAll is what a page in all languages has beside the report it shows.
type inAll struct {
	Lang  string // of the document
	Langs []string
	T     map[string]questionnaires.Text // the words of the page
	Mark  questionnaires.Text            // of what was made up
}

func inAllLanguages(words map[string]questionnaires.Text) inAll {
	return inAll{questionnaires.Languages[0], questionnaires.Languages, words, formats.Mark}
}

// pageFuncs are what the pages of reports may call.
var pageFuncs = template.FuncMap{
	"in": func(t questionnaires.Text, lang string) string { return t.In(lang) }, "join": strings.Join,
	"value": func(x *float64) float64 { return *x },
	"name":  func(lang string) string { return languageNames[lang] },
}

var languageNames = map[string]string{"de": "Deutsch", "fr": "Français", "it": "Italiano", "en": "English"}

// pageInAll reads a page that says the same in each language, one below the other. body is what
// stands below the heading, with $lang for the language; the data embed inAll and have Wave,
// Population, Label and Synthetic. what names it in the title.
func pageInAll(name, what, body string) *template.Template {
	return formats.Page(name, `{{.Wave}} {{.Population}} `+what+`{{if .Synthetic}} (synthetic){{end}}`,
		`<nav aria-label="Deutsch, Français, Italiano, English"><ul>{{range .Langs}}<li><a href="#{{.}}" lang="{{.}}" hreflang="{{.}}">{{name .}}</a></li>{{end}}</ul></nav>
{{range $lang := .Langs}}<section id="{{$lang}}" lang="{{$lang}}"><h1>{{in $.T.title $lang}}: {{$.Wave}}, {{$.Population}}{{if $.Synthetic}} – {{in $.Mark $lang}}{{end}}</h1>
<p><strong>{{in $.Label $lang}}</strong></p>
`+body+`</section>
{{end}}`, pageFuncs)
}
