package exports

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"rondo/exports/anonymise"
	"rondo/exports/formats"
	"rondo/questionnaires"
)

// insideMost is up to how many records the internal report also tries the
// profiles that leave the house.
const insideMost = 5000

// inside is the report on protection that stays in the house, beside the data
// that do: which records stand out before anything is done, and what each
// profile would do about it, with every count as it is. Only the bundle of the
// profile internal holds it.
type inside struct {
	Wave       string              `json:"wave"`
	Population string              `json:"population"`
	Label      questionnaires.Text `json:"label"`
	Synthetic  bool                `json:"synthetic"`
	Records    int                 `json:"records"`
	Keys       []string            `json:"keys"`
	Before     insideCounts        `json:"before"`
	Subsets    []insideSubset      `json:"combinations"`
	Standing   []insideUnique      `json:"minimal_uniques"` // what singles a record out, where no part of it does (SUDA2)
	Profiles   []insideProfile     `json:"profiles,omitempty"`
}

// insideCounts are counts over classes of equal keys.
type insideCounts struct {
	Classes    int            `json:"classes"`
	MinClass   int            `json:"min_class"`
	Uniques    int            `json:"uniques"`
	Expected   float64        `json:"expected_reidentifications"`
	Violations map[string]int `json:"violations"` // k → records in classes smaller than k
}

type insideSubset struct {
	Keys []string `json:"keys"`
	insideCounts
}

type insideUnique struct {
	Keys   []string `json:"keys"`
	Values []string `json:"values"`
}

type insideProfile struct {
	Profile   string                 `json:"profile"`
	Refused   string                 `json:"refused,omitempty"`
	Node      map[string]int         `json:"node,omitempty"`
	Ways      map[string]string      `json:"hierarchies,omitempty"`
	NCP       float64                `json:"ncp"`
	Nodes     int                    `json:"nodes_searched"`
	Reachable int                    `json:"nodes_reaching_k"`
	Tried     int                    `json:"nodes_tried"`
	LeftOut   int                    `json:"suppressed_records"`
	After     *insideCounts          `json:"after,omitempty"`
	Classes   []insideClass          `json:"classes,omitempty"`
	Hidden    map[string]insideCells `json:"hidden,omitempty"`
	Compared  []Compared             `json:"compared,omitempty"` // with the wildcard method
}

type insideClass struct {
	Values  []string `json:"values"`
	Records int      `json:"records"`
}

// insideCells are the cells of a column that protection took.
type insideCells struct {
	Rare    int `json:"merged_rare"`
	Local   int `json:"suppressed_local"`
	Routing int `json:"suppressed_routing"`
}

// insideKs are the k that records are counted below.
var insideKs = []int{2, 3, 5, 10}

func countsOf(cells [][]string) insideCounts {
	e := anonymise.Expose(cells, nil)
	out := insideCounts{Classes: e.Classes, MinClass: e.MinClass, Uniques: e.Uniques, Violations: map[string]int{}}
	if len(cells) > 0 {
		out.Expected = e.Expected()
	}
	for _, k := range insideKs {
		out.Violations[fmt.Sprint(k)] = e.Below(k)
	}
	return out
}

// insideFiles makes the internal report; a population without keys has none.
func insideFiles(ctx context.Context, src Source, s Snapshot, sh *sheet, rowKey []byte) ([]formats.File, error) {
	r := inside{Wave: s.Wave, Population: s.Population, Label: labels[Internal], Synthetic: s.MadeUp(), Records: len(sh.rows)}
	var at []int
	for j, c := range sh.choices {
		if _, key := kindOf(c.Column.Role()); key {
			at = append(at, j)
			r.Keys = append(r.Keys, c.Column.Name)
		}
	}
	if len(at) == 0 {
		return nil, nil
	}
	r.Before = countsOf(sh.picked(at))
	r.look(sh, at)
	if len(sh.rows) <= insideMost {
		for _, profile := range []string{Scientific, Public} {
			p, err := tried(ctx, src, s, profile, rowKey)
			if err != nil {
				return nil, err
			}
			r.Profiles = append(r.Profiles, p)
		}
	}
	return r.files()
}

// picked gives the cells of some columns.
func (sh *sheet) picked(at []int) [][]string {
	out := make([][]string, len(sh.rows))
	for r, row := range sh.rows {
		for _, j := range at {
			out[r] = append(out[r], row[j])
		}
	}
	return out
}

// look counts every combination of up to three keys and lists what singles a
// record out.
func (r *inside) look(sh *sheet, at []int) {
	alone := make([][]uint, len(sh.rows)) // combinations in which a record stands alone
	subsets := make([]uint, 0, 1<<len(at))
	for set := uint(1); set < 1<<len(at); set++ {
		subsets = append(subsets, set)
	}
	slices.SortStableFunc(subsets, func(a, b uint) int { return len(members(a, at)) - len(members(b, at)) })
	for _, set := range subsets {
		columns := members(set, at)
		if len(columns) > 3 {
			break
		}
		var names []string
		for _, j := range columns {
			names = append(names, sh.choices[j].Column.Name)
		}
		cells := sh.picked(columns)
		r.Subsets = append(r.Subsets, insideSubset{names, countsOf(cells)})
		for row, size := range anonymise.Expose(cells, nil).Sizes {
			part := slices.ContainsFunc(alone[row], func(smaller uint) bool { return smaller&set == smaller })
			if size == 1 && !part {
				alone[row] = append(alone[row], set)
				r.Standing = append(r.Standing, insideUnique{names, cells[row]})
			}
		}
	}
	slices.SortFunc(r.Standing, func(a, b insideUnique) int { // the order tells nothing of that of the rows
		return strings.Compare(fmt.Sprintf("%d%q%q", len(a.Keys), a.Keys, a.Values), fmt.Sprintf("%d%q%q", len(b.Keys), b.Keys, b.Values))
	})
}

func members(set uint, at []int) []int {
	var out []int
	for i, j := range at {
		if set>>i&1 == 1 {
			out = append(out, j)
		}
	}
	return out
}

// tried protects the snapshot as a profile would.
func tried(ctx context.Context, src Source, s Snapshot, profile string, rowKey []byte) (insideProfile, error) {
	out := insideProfile{Profile: profile}
	v, err := versionOf(ctx, src, s, profile, rowKey, nil)
	sh, done := v.sheet, v.done
	if errors.Is(err, ErrTooFew) || errors.Is(err, ErrUnreachable) {
		out.Refused = err.Error()
		return out, nil
	} else if err != nil {
		return out, err
	}
	out.Node, out.Ways, out.NCP, out.LeftOut = done.levels, done.ways, done.ncp, done.left
	out.Nodes, out.Reachable, out.Tried = done.nodes, done.reachable, done.tried
	if out.Compared, err = done.compare(v.plan.Profile, steps(ctx, nil)); err != nil {
		return out, err
	}
	cells := sh.picked(sh.keys())
	after := countsOf(cells)
	out.After, out.Hidden = &after, map[string]insideCells{}
	sizes := map[string]*insideClass{}
	for _, row := range cells {
		name := strings.Join(row, "\x00")
		if sizes[name] == nil {
			sizes[name] = &insideClass{Values: row}
		}
		sizes[name].Records++
	}
	for _, name := range sorted(sizes) {
		out.Classes = append(out.Classes, *sizes[name])
	}
	for j, c := range sh.choices {
		var n insideCells
		for _, row := range sh.rows {
			switch row[j] {
			case cellRare:
				n.Rare++
			case cellLocal:
				n.Local++
			case cellRoute:
				n.Routing++
			}
		}
		if n != (insideCells{}) {
			out.Hidden[c.Column.Name] = n
		}
	}
	return out, nil
}

func (r inside) files() ([]formats.File, error) {
	var j, h bytes.Buffer
	enc := json.NewEncoder(&j)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, fmt.Errorf("write internal report: %w", err)
	}
	page := struct {
		inside
		Langs, Ks []string
		T         map[string]questionnaires.Text
		Mark      questionnaires.Text
	}{r, questionnaires.Languages, nil, insideWords, formats.Mark}
	for _, k := range insideKs {
		page.Ks = append(page.Ks, fmt.Sprint(k))
	}
	if err := insidePage.Execute(&h, page); err != nil {
		return nil, fmt.Errorf("write internal report: %w", err)
	}
	return []formats.File{{Name: "report/internal.json", Body: j.Bytes()}, {Name: "report/internal.html", Body: h.Bytes()}}, nil
}

// insideWords are the words of the page.
var insideWords = map[string]questionnaires.Text{
	"title":    {"de": "Interner Bericht zum Schutz der Daten", "fr": "Rapport interne sur la protection des données", "it": "Rapporto interno sulla protezione dei dati", "en": "Internal report on data protection"},
	"before":   {"de": "Vor dem Schutz: je Kombination von Merkmalen", "fr": "Avant la protection: par combinaison de caractéristiques", "it": "Prima della protezione: per combinazione di caratteristiche", "en": "Before protection: by combination of features"},
	"standing": {"de": "Was einen einzigen Datensatz heraushebt", "fr": "Ce qui distingue un seul enregistrement", "it": "Che cosa distingue un solo record", "en": "What singles one record out"},
	"keys":     {"de": "Merkmale", "fr": "Caractéristiques", "it": "Caratteristiche", "en": "Features"},
	"classes":  {"de": "Gruppen", "fr": "Groupes", "it": "Gruppi", "en": "Groups"},
	"smallest": {"de": "Kleinste Gruppe", "fr": "Plus petit groupe", "it": "Gruppo più piccolo", "en": "Smallest group"},
	"uniques":  {"de": "Einzelne", "fr": "Uniques", "it": "Unici", "en": "Uniques"},
	"below":    {"de": "Datensätze in Gruppen unter k", "fr": "Enregistrements dans des groupes inférieurs à k", "it": "Record in gruppi inferiori a k", "en": "Records in groups below k"},
	"values":   {"de": "Werte", "fr": "Valeurs", "it": "Valori", "en": "Values"},
	"records":  {"de": "Datensätze", "fr": "Enregistrements", "it": "Record", "en": "Records"},
	"variable": {"de": "Variable", "fr": "Variable", "it": "Variabile", "en": "Variable"},
	"profile":  {"de": "Profil", "fr": "Profil", "it": "Profilo", "en": "Profile"},
	"refused":  {"de": "Nicht möglich", "fr": "Impossible", "it": "Non possibile", "en": "Not possible"},
	"left":     {"de": "Weggelassene Datensätze", "fr": "Enregistrements supprimés", "it": "Record tralasciati", "en": "Records left out"},
	"compared": {"de": "Neben der Joker-Zählung (sdcMicro): eine unterdrückte Zelle passt dort zu allem", "fr": "À côté du comptage joker (sdcMicro): une cellule supprimée y correspond à tout", "it": "Accanto al conteggio jolly (sdcMicro): lì una cella soppressa corrisponde a tutto", "en": "Beside the wildcard count (sdcMicro): a suppressed cell matches anything there"},
	"finest":   {"de": "Merkmale so fein wie erlaubt", "fr": "Caractéristiques aussi fines que permis", "it": "Caratteristiche tanto fini quanto permesso", "en": "Features as finely as allowed"},
	"asleft":   {"de": "Merkmale wie veröffentlicht", "fr": "Caractéristiques comme publiées", "it": "Caratteristiche come pubblicate", "en": "Features as released"},
	"strict":   {"de": "streng (Rondo)", "fr": "strict (Rondo)", "it": "rigoroso (Rondo)", "en": "strict (Rondo)"},
	"wildcard": {"de": "Joker", "fr": "joker", "it": "jolly", "en": "wildcard"},
	"cells":    {"de": "Unterdrückte Zellen", "fr": "Cellules supprimées", "it": "Celle soppresse", "en": "Suppressed cells"},
	"few":      {"de": "Datensätze mit weniger als k Kandidaten", "fr": "Enregistrements avec moins de k candidats", "it": "Record con meno di k candidati", "en": "Records with fewer than k candidates"},
	"fewest":   {"de": "Wenigste Kandidaten", "fr": "Plus petit nombre de candidats", "it": "Numero minimo di candidati", "en": "Fewest candidates"},
	"hidden":   {"de": "Zusammengefasst · einzeln · mit dem Filter unterdrückt", "fr": "Regroupé · supprimé localement · supprimé avec le filtre", "it": "Raggruppato · soppresso localmente · soppresso con il filtro", "en": "Merged · suppressed locally · suppressed with routing"},
}

var insidePage = template.Must(template.New("inside").Funcs(template.FuncMap{
	"in": func(t questionnaires.Text, lang string) string { return t.In(lang) }, "join": strings.Join,
}).Parse(`<!doctype html>
<html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Wave}} {{.Population}} internal{{if .Synthetic}} (synthetic){{end}}</title>
<style>body{font-family:sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;line-height:1.5}table{border-collapse:collapse;width:100%;margin-bottom:2rem}
th,td{border-bottom:1px solid #888;padding:.3rem .6rem;text-align:left;vertical-align:top}.wide{overflow-x:auto}section{margin-bottom:4rem}</style></head><body><main>
{{range $lang := .Langs}}<section lang="{{$lang}}"><h1>{{in $.T.title $lang}}: {{$.Wave}}, {{$.Population}}{{if $.Synthetic}} – {{in $.Mark $lang}}{{end}}</h1>
<p><strong>{{in $.Label $lang}}</strong></p><p>{{in $.T.records $lang}}: {{$.Records}}</p>
<h2>{{in $.T.before $lang}}</h2>
<div class="wide" tabindex="0"><table><thead><tr><th scope="col">{{in $.T.keys $lang}}</th><th scope="col">{{in $.T.classes $lang}}</th><th scope="col">{{in $.T.smallest $lang}}</th><th scope="col">{{in $.T.uniques $lang}}</th>{{range $.Ks}}<th scope="col">{{in $.T.below $lang}} = {{.}}</th>{{end}}</tr></thead><tbody>
{{range $s := $.Subsets}}<tr><td>{{join .Keys ", "}}</td><td>{{.Classes}}</td><td>{{.MinClass}}</td><td>{{.Uniques}}</td>{{range $.Ks}}<td>{{index $s.Violations .}}</td>{{end}}</tr>
{{end}}</tbody></table></div>
<h2>{{in $.T.standing $lang}}</h2>
<div class="wide" tabindex="0"><table><thead><tr><th scope="col">{{in $.T.keys $lang}}</th><th scope="col">{{in $.T.values $lang}}</th></tr></thead><tbody>
{{range $.Standing}}<tr><td>{{join .Keys ", "}}</td><td>{{join .Values ", "}}</td></tr>
{{end}}</tbody></table></div>
{{range $.Profiles}}<h2>{{in $.T.profile $lang}}: {{.Profile}}</h2>
{{if .Refused}}<p>{{in $.T.refused $lang}}: <span lang="en">{{.Refused}}</span></p>{{else}}<p>NCP {{printf "%.3f" .NCP}} · {{in $.T.left $lang}}: {{.LeftOut}}{{range $key, $level := .Node}} · {{$key}}: {{$level}}{{end}}</p>
<div class="wide" tabindex="0"><table><thead><tr><th scope="col">{{in $.T.values $lang}}</th><th scope="col">{{in $.T.records $lang}}</th></tr></thead><tbody>
{{range .Classes}}<tr><td>{{join .Values ", "}}</td><td>{{.Records}}</td></tr>
{{end}}</tbody></table></div>
<div class="wide" tabindex="0"><table><thead><tr><th scope="col">{{in $.T.variable $lang}}</th><th scope="col">{{in $.T.hidden $lang}}</th></tr></thead><tbody>
{{range $name, $n := .Hidden}}<tr><td>{{$name}}</td><td>{{$n.Rare}} · {{$n.Local}} · {{$n.Routing}}</td></tr>
{{end}}</tbody></table></div>
{{if .Compared}}<h3>{{in $.T.compared $lang}}</h3>
<div class="wide" tabindex="0"><table><thead><tr><th scope="col">{{in $.T.keys $lang}}</th><th scope="col"></th><th scope="col">NCP</th><th scope="col">{{in $.T.cells $lang}}</th><th scope="col">{{in $.T.few $lang}}</th><th scope="col">{{in $.T.fewest $lang}}</th></tr></thead><tbody>
{{range .Compared}}{{$where := "asleft"}}{{if .Finest}}{{$where = "finest"}}{{end}}{{range $name, $m := .Methods}}<tr><td>{{in (index $.T $where) $lang}}</td><td>{{in (index $.T $name) $lang}}</td><td>{{printf "%.3f" $m.NCP}}</td><td>{{$m.Cells}}</td><td>{{$m.Below}}</td><td>{{$m.Fewest}}</td></tr>
{{end}}{{end}}</tbody></table></div>{{end}}{{end}}{{end}}</section>
{{end}}</main></body></html>
`))
