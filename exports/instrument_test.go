package exports

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"rondo/questionnaires"
)

// codebook is what the test reads of a codebook.
type codebook struct {
	Version struct {
		Version string   `xml:"version"`
		Notes   []string `xml:"notes"`
	} `xml:"stdyDscr>citation>verStmt"`
	Abstracts []langText  `xml:"stdyDscr>stdyInfo>abstract"`
	Groups    []readGroup `xml:"dataDscr>varGrp"`
	Variables []struct {
		ID   string     `xml:"ID,attr"`
		Name string     `xml:"name,attr"`
		Labl []langText `xml:"labl"`
		Qstn *struct {
			Domain   string     `xml:"responseDomainType,attr"`
			Literal  []langText `xml:"qstnLit"`
			Before   []langText `xml:"preQTxt"`
			Backward *struct {
				Questions string `xml:"qstn,attr"`
				Text      string `xml:",chardata"`
			} `xml:"backward"`
		} `xml:"qstn"`
		Range *struct {
			Min string `xml:"min,attr"`
			Max string `xml:"max,attr"`
		} `xml:"valrng>range"`
		Universe   []langText `xml:"universe"`
		Derivation *struct {
			Variables string `xml:"var,attr"`
		} `xml:"derivation"`
		Categories []struct {
			Missing string     `xml:"missing,attr"`
			Value   string     `xml:"catValu"`
			Labels  []langText `xml:"labl"`
		} `xml:"catgry"`
	} `xml:"dataDscr>var"`
	Checks []langText `xml:"dataDscr>notes"`
}

type langText struct {
	Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	Text string `xml:",chardata"`
}

type readGroup struct {
	Type      string `xml:"type,attr"`
	Name      string `xml:"name,attr"`
	Variables string `xml:"var,attr"`
}

// TestTheDDIOfEveryBuiltInQuestionnaireHoldsToTheSchema validates what `questionnaire export
// --format ddi` writes.
func TestTheDDIOfEveryBuiltInQuestionnaireHoldsToTheSchema(t *testing.T) {
	lint, schema := ddiSchema(t)
	for _, q := range questionnaires.Builtins() {
		body, err := QuestionnaireDDI(q)
		if err != nil {
			t.Fatal(err)
		}
		holds(t, lint, schema, q.Ref(), body)
	}
}

func TestTheDDIOfAQuestionnaireSaysAllThatItSays(t *testing.T) {
	for _, q := range questionnaires.Builtins() {
		body, err := QuestionnaireDDI(q)
		if err != nil {
			t.Fatal(err)
		}
		var c codebook
		if err := xml.Unmarshal(body, &c); err != nil {
			t.Fatal(err)
		}
		if c.Version.Version == "" || !slices.Contains(c.Version.Notes, q.Hash) || len(c.Variables) != len(q.Columns()) || len(c.Checks) != 4*len(q.Checks) ||
			(q.Intro != nil) != (len(c.Abstracts) == 4) {
			t.Errorf("%s: version %+v, %d variables, %d checks, %d abstracts", q.Ref(), c.Version, len(c.Variables), len(c.Checks), len(c.Abstracts))
		}
		for i, column := range q.Columns() {
			v := c.Variables[i]
			if v.Name != column.Name || len(v.Labl) != 4 {
				t.Fatalf("%s: %s stands where %s belongs", q.Ref(), v.Name, column.Name)
			}
			if column.Calculated != nil {
				if v.Qstn != nil || v.Derivation == nil || v.Derivation.Variables == "" {
					t.Errorf("%s: %s does not say what it is computed from", q.Ref(), v.Name)
				}
				continue
			}
			describes(t, q, column, c, i)
		}
		for _, p := range q.Pages {
			if !slices.ContainsFunc(c.Groups, func(g readGroup) bool { return g.Name == p.Code && g.Type == "section" && g.Variables != "" }) {
				t.Errorf("%s: the page %s is no group", q.Ref(), p.Code)
			}
		}
	}
}

// describes compares one variable of a codebook with its column.
func describes(t *testing.T, q *questionnaires.Questionnaire, column questionnaires.Column, c codebook, i int) {
	t.Helper()
	v, qu := c.Variables[i], column.Question
	for k, lang := range questionnaires.Languages {
		if v.Qstn.Literal[k].Lang != lang || v.Qstn.Literal[k].Text != qu.Label.In(lang) {
			t.Errorf("%s: the words of %s in %s", q.Ref(), v.Name, lang)
		}
	}
	if v.Qstn.Domain == "" || len(v.Qstn.Before) != 4*len(qu.Notes) {
		t.Errorf("%s: %s of domain %q with %d notes", q.Ref(), v.Name, v.Qstn.Domain, len(v.Qstn.Before))
	}
	routed := column.Page.If != nil || qu.If != nil
	if routed != (v.Qstn.Backward != nil) || routed != (len(v.Universe) == 4) || routed && v.Qstn.Backward.Questions == "" {
		t.Errorf("%s: the routing of %s", q.Ref(), v.Name)
	}
	if column.Type == questionnaires.NumberColumn && (v.Range == nil || v.Range.Min != questionnaires.FormatNumber(*qu.Min) || v.Range.Max != questionnaires.FormatNumber(*qu.Max)) {
		t.Errorf("%s: the limits of %s", q.Ref(), v.Name)
	}
	offered := map[string]bool{}
	for _, o := range qu.Options {
		if o.Missing != 0 && !column.Other {
			offered[o.Missing.Cell()] = true
		}
	}
	for _, cat := range v.Categories {
		if cat.Missing != "Y" {
			continue
		}
		known := cat.Value == questionnaires.CellNoAnswer || cat.Value == questionnaires.CellNotAsked && (routed || column.Other) || offered[cat.Value]
		if !known || len(cat.Labels) != 4 || strings.TrimSpace(cat.Labels[1].Text) == "" {
			t.Errorf("%s: %s cannot have the missing code %s", q.Ref(), v.Name, cat.Value)
		}
		delete(offered, cat.Value)
	}
	if len(offered) > 0 {
		t.Errorf("%s: %s lacks the missing codes %v", q.Ref(), v.Name, offered)
	}
}
