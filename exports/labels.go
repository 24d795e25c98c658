package exports

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"rondo/exports/anonymise"
	"rondo/exports/formats"
	"rondo/questionnaires"
)

func same(s string) questionnaires.Text {
	return questionnaires.Text{"de": s, "fr": s, "it": s, "en": s}
}

// coarseLabels are the words for values that only coarsening makes, by kind of
// hierarchy.
var coarseLabels = map[string]map[string]questionnaires.Text{
	"size": {
		"<50": {"de": "1 bis 49", "fr": "1 à 49", "it": "da 1 a 49", "en": "1 to 49"},
		"50+": {"de": "50 und mehr", "fr": "50 et plus", "it": "50 e più", "en": "50 and more"},
	},
	"branch": {
		"I":   {"de": "Sektor I: Land- und Forstwirtschaft", "fr": "Secteur I: agriculture et sylviculture", "it": "Settore I: agricoltura e selvicoltura", "en": "Sector I: agriculture and forestry"},
		"II":  {"de": "Sektor II: Industrie und Bau", "fr": "Secteur II: industrie et construction", "it": "Settore II: industria e costruzioni", "en": "Sector II: industry and construction"},
		"III": {"de": "Sektor III: Dienstleistungen", "fr": "Secteur III: services", "it": "Settore III: servizi", "en": "Sector III: services"},
		"A-F": {"de": "Sektoren I und II (NOGA A-F)", "fr": "Secteurs I et II (NOGA A-F)", "it": "Settori I e II (NOGA A-F)", "en": "Sectors I and II (NOGA A-F)"},
		"G-U": {"de": "Dienstleistungen (NOGA G-U)", "fr": "Services (NOGA G-U)", "it": "Servizi (NOGA G-U)", "en": "Services (NOGA G-U)"},
	},
	"canton": {
		"CH01":   {"de": "Genferseeregion", "fr": "Région lémanique", "it": "Regione del Lemano", "en": "Lake Geneva region"},
		"CH02":   {"de": "Espace Mittelland", "fr": "Espace Mittelland", "it": "Espace Mittelland", "en": "Espace Mittelland"},
		"CH03":   {"de": "Nordwestschweiz", "fr": "Suisse du Nord-Ouest", "it": "Svizzera nordoccidentale", "en": "Northwestern Switzerland"},
		"CH04":   {"de": "Zürich", "fr": "Zurich", "it": "Zurigo", "en": "Zurich"},
		"CH05":   {"de": "Ostschweiz", "fr": "Suisse orientale", "it": "Svizzera orientale", "en": "Eastern Switzerland"},
		"CH06":   {"de": "Zentralschweiz", "fr": "Suisse centrale", "it": "Svizzera centrale", "en": "Central Switzerland"},
		"CH07":   {"de": "Tessin", "fr": "Tessin", "it": "Ticino", "en": "Ticino"},
		"west":   {"de": "Genferseeregion und Espace Mittelland", "fr": "Région lémanique et Espace Mittelland", "it": "Regione del Lemano ed Espace Mittelland", "en": "Lake Geneva region and Espace Mittelland"},
		"north":  {"de": "Nordwestschweiz und Zürich", "fr": "Suisse du Nord-Ouest et Zurich", "it": "Svizzera nordoccidentale e Zurigo", "en": "Northwestern Switzerland and Zurich"},
		"east":   {"de": "Ostschweiz, Zentralschweiz und Tessin", "fr": "Suisse orientale, Suisse centrale et Tessin", "it": "Svizzera orientale, Svizzera centrale e Ticino", "en": "Eastern and Central Switzerland and Ticino"},
		"latin":  {"de": "Kantone mit französischer oder italienischer Mehrheit", "fr": "Cantons à majorité francophone ou italophone", "it": "Cantoni a maggioranza francofona o italofona", "en": "cantons with a French- or Italian-speaking majority"},
		"german": {"de": "Kantone mit deutscher Mehrheit", "fr": "Cantons à majorité germanophone", "it": "Cantoni a maggioranza germanofona", "en": "cantons with a German-speaking majority"},
	},
}

var everything = questionnaires.Text{"de": "nicht ausgewiesen", "fr": "non indiqué", "it": "non indicato", "en": "not shown"}

var yesNo = []formats.Category{
	{Code: "0", Label: questionnaires.Text{"de": "nicht gewählt", "fr": "non choisi", "it": "non scelto", "en": "not chosen"}},
	{Code: "1", Label: questionnaires.Text{"de": "gewählt", "fr": "choisi", "it": "scelto", "en": "chosen"}},
}

var leadLabels = map[string]questionnaires.Text{
	"synthetic": {"de": "Synthetische Daten: erfunden, niemand hat so geantwortet", "fr": "Données synthétiques: inventées, personne n'a répondu ainsi", "it": "Dati sintetici: inventati, nessuno ha risposto così", "en": "Synthetic data: made up, nobody answered like this"},
	"office":    {"de": "IV-Stelle", "fr": "Office AI", "it": "Ufficio AI", "en": "IV office"},
	"language":  {"de": "Sprache des ausgefüllten Fragebogens", "fr": "Langue du questionnaire rempli", "it": "Lingua del questionario compilato", "en": "Language the questionnaire was answered in"},
	"shuffle":   {"de": "Nummer der Reihenfolge gemischter Fragen (0-7)", "fr": "Numéro de l'ordre des questions mélangées (0-7)", "it": "Numero dell'ordine delle domande mescolate (0-7)", "en": "Number of the order of shuffled questions (0-7)"},
}

// variables describes the columns of a sheet. Ways and levels are the node taken
// for coarse columns; they may be nil.
func (sh *sheet) variables(s Snapshot, p Profile, o outcome) []formats.Variable {
	var out []formats.Variable
	for i, name := range sh.lead {
		v := formats.Variable{Name: name, Type: formats.Words, Role: "technical", Treatment: string(Open), Wording: leadLabels[name]}
		if v.Wording == nil {
			v.Wording = same(name)
		}
		if name == "synthetic" || name == "shuffle" {
			v.Type = formats.Number
		}
		v.Valid = valid(sh.before, i, p)
		out = append(out, v)
	}
	for j, c := range sh.choices {
		v := describe(s, c)
		v.Valid = valid(sh.rows, j, p)
		if c.Treatment == Coarse {
			v.Categories = coarse(c, v.Categories, o.ways[v.Name], o.levels[v.Name])
		}
		v.Counts = sh.counts(j, v, p)
		out = append(out, v)
	}
	return out
}

func describe(s Snapshot, c Choice) formats.Variable {
	fill := func(t questionnaires.Text) questionnaires.Text {
		out := questionnaires.Text{}
		for _, lang := range questionnaires.Languages {
			out[lang] = s.Questionnaire.Fill(t, lang, s.Setting)
		}
		return out
	}
	col := c.Column
	v := formats.Variable{
		Name: col.Name, Type: col.Type, Role: string(col.Role()),
		Treatment: string(c.Treatment), Why: Reason(c.Why), Wording: fill(col.Label()),
	}
	if col.Calculated != nil {
		v.Formula, v.Decimals = col.Calculated.Rule(), col.Calculated.Decimals
		return v
	}
	v.Question, v.Page = col.Question.Code, fill(col.Page.Title)
	var filter []string
	for _, cond := range routing(col) {
		filter = append(filter, cond.Source())
	}
	v.Filter = strings.Join(filter, " and ")
	switch {
	case col.Other:
		v.Role = "freetext"
		v.Item = questionnaires.Text{"de": "anderes, Text", "fr": "autre, texte", "it": "altro, testo", "en": "other, text"}
	case col.Row != nil:
		v.Item = fill(col.Row.Label)
	case col.Option != nil:
		v.Item = fill(col.Option.Label)
	}
	switch col.Type {
	case questionnaires.FlagColumn:
		v.Categories = yesNo
	case questionnaires.NumberColumn:
		v.Decimals = col.Question.Decimals
	case questionnaires.CodeColumn:
		v.Ordered = col.Question.Kind == questionnaires.Matrix || ordinal[v.Role]
		for _, o := range col.Question.Options {
			if o.Missing == 0 {
				v.Categories = append(v.Categories, formats.Category{Code: o.Code, Label: fill(o.Label)})
			}
		}
	}
	return v
}

// ordinal are the roles whose values have an order.
var ordinal = map[string]bool{"qi(size)": true}

// routing gives the conditions that decide whether a column is asked: of the
// page, the question, and the row or option.
func routing(c questionnaires.Column) []*questionnaires.Condition {
	all := []*questionnaires.Condition{c.Page.If, c.Question.If}
	if c.Row != nil {
		all = append(all, c.Row.If)
	}
	if c.Option != nil {
		all = append(all, c.Option.If)
	}
	return slices.DeleteFunc(all, func(c *questionnaires.Condition) bool { return c == nil })
}

// coarse gives the categories of a key at a level.
func coarse(c Choice, options []formats.Category, way string, level int) []formats.Category {
	if level == 0 {
		return options
	}
	ways, err := ways(c.Column.Question)
	if err != nil {
		return nil // the search has refused such a question before
	}
	var out []formats.Category
	for _, h := range ways {
		if h.Name != way {
			continue
		}
		for _, leaf := range h.Leaves {
			code := h.Up[leaf][level]
			if code == otherMissing || slices.ContainsFunc(out, func(c formats.Category) bool { return c.Code == code }) {
				continue
			}
			label := coarseLabels[c.Hierarchy][code]
			if code == anonymise.Suppressed {
				label = everything
			}
			out = append(out, formats.Category{Code: code, Label: label})
		}
	}
	return out
}

// valid counts the cells of a column with an answer; a release masks small
// counts.
func valid(rows [][]string, j int, p Profile) string {
	n := 0
	for _, row := range rows {
		if cell := row[j]; !missing(cell) && cell != anonymise.Suppressed {
			n++
		}
	}
	return masked(n, p)
}

// counts counts the cells of a column by category and missing code, as the file
// shows them; a release masks small counts.
func (sh *sheet) counts(j int, v formats.Variable, p Profile) map[string]string {
	n := map[string]int{}
	for _, row := range sh.rows {
		n[row[j]]++
	}
	out := map[string]string{}
	for _, c := range slices.Concat(v.Categories, v.Reasons()) {
		out[c.Code] = masked(n[c.Code], p)
	}
	return out
}

// masked hides a count between 1 and k-1.
func masked(n int, p Profile) string {
	if n > 0 && n < p.K {
		return "<" + strconv.Itoa(p.K)
	}
	return strconv.Itoa(n)
}

// sorted lists the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
