package formats

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"

	"rondo/questionnaires"
)

type ddiText struct {
	Lang string `xml:"xml:lang,attr,omitempty"`
	Text string `xml:",chardata"`
}

type ddiTitles struct {
	Title    ddiText   `xml:"titl"`
	Parallel []ddiText `xml:"parTitl"`
	ID       string    `xml:"IDNo,omitempty"`
}

type ddiCategory struct {
	Missing string    `xml:"missing,attr,omitempty"`
	Value   string    `xml:"catValu"`
	Labels  []ddiText `xml:"labl"`
	Count   *ddiStat  `xml:"catStat"`
}

type ddiRange struct {
	Min string `xml:"min,attr"`
	Max string `xml:"max,attr"`
}

type ddiInvalid struct {
	Range ddiRange `xml:"range"`
}

type ddiQuestion struct {
	Domain       string       `xml:"responseDomainType,attr,omitempty"`
	Number       string       `xml:"seqNo,attr,omitempty"`
	Before       []ddiText    `xml:"preQTxt"`
	Literal      []ddiText    `xml:"qstnLit"`
	Backward     *ddiBackward `xml:"backward"`
	Instructions []ddiText    `xml:"ivuInstr"`
}

type ddiBackward struct {
	Questions string `xml:"qstn,attr,omitempty"`
	Text      string `xml:",chardata"`
}

type ddiValid struct {
	Range ddiRealRange `xml:"range"`
}

type ddiRealRange struct {
	Units string `xml:"UNITS,attr"`
	Min   string `xml:"min,attr,omitempty"`
	Max   string `xml:"max,attr,omitempty"`
}

type ddiVersion struct {
	Version ddiTyped  `xml:"version"`
	Notes   []ddiNote `xml:"notes"`
}

type ddiTyped struct {
	Type string `xml:"type,attr,omitempty"`
	Text string `xml:",chardata"`
}

type ddiInfo struct {
	Abstracts []ddiText `xml:"abstract"`
}

type ddiGroup struct {
	ID        string    `xml:"ID,attr"`
	Type      string    `xml:"type,attr"`
	Variables string    `xml:"var,attr,omitempty"`
	Name      string    `xml:"name,attr"`
	Labels    []ddiText `xml:"labl"`
	Universe  []ddiText `xml:"universe"`
	Notes     []ddiNote `xml:"notes"`
}

type ddiStat struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type ddiFormat struct {
	Type string `xml:"type,attr"`
}

type ddiNote struct {
	Type string `xml:"type,attr"`
	ddiText
}

type ddiDerivation struct {
	Variables string `xml:"var,attr,omitempty"`
	Command   struct {
		Syntax string `xml:"syntax,attr"`
		Text   string `xml:",chardata"`
	} `xml:"drvcmd"`
}

type ddiVariable struct {
	ID         string         `xml:"ID,attr"`
	Name       string         `xml:"name,attr"`
	Files      string         `xml:"files,attr,omitempty"`
	Decimals   string         `xml:"dcml,attr,omitempty"`
	Interval   string         `xml:"intrvl,attr"`
	Unit       string         `xml:"measUnit,attr,omitempty"`
	Labels     []ddiText      `xml:"labl"`
	Question   *ddiQuestion   `xml:"qstn"`
	Range      *ddiValid      `xml:"valrng"`
	Invalid    *ddiInvalid    `xml:"invalrng"`
	Universe   []ddiText      `xml:"universe"`
	Valid      *ddiStat       `xml:"sumStat"`
	Categories []ddiCategory  `xml:"catgry"`
	Derivation *ddiDerivation `xml:"derivation"`
	Format     ddiFormat      `xml:"varFormat"`
	Notes      []ddiNote      `xml:"notes"`
}

type ddiFile struct {
	ID   string `xml:"ID,attr"`
	Text struct {
		Name       string `xml:"fileName"`
		Dimensions struct {
			Cases     int `xml:"caseQnty"`
			Variables int `xml:"varQnty"`
		} `xml:"dimensns"`
		Type string `xml:"fileType"`
	} `xml:"fileTxt"`
}

type ddiCodebook struct {
	XMLName xml.Name `xml:"ddi:codebook:2_5 codeBook"`
	Version string   `xml:"version,attr"`
	Study   struct {
		Citation struct {
			Titles  ddiTitles   `xml:"titlStmt"`
			Version *ddiVersion `xml:"verStmt"`
		} `xml:"citation"`
		Info  *ddiInfo  `xml:"stdyInfo"`
		Notes []ddiNote `xml:"notes"`
	} `xml:"stdyDscr"`
	File *ddiFile `xml:"fileDscr"`
	Data struct {
		Groups    []ddiGroup    `xml:"varGrp"`
		Variables []ddiVariable `xml:"var"`
		Notes     []ddiNote     `xml:"notes"`
	} `xml:"dataDscr"`
}

// DDI is the codebook of a data file as DDI-Codebook 2.5, in all languages.
func DDI(about About, variables []Variable) ([]byte, error) {
	c := ddiCodebookOf(about, variables)
	c.File = &ddiFile{ID: "F1"}
	c.File.Text.Name, c.File.Text.Type = "data/"+about.Population+".csv", "text/csv; charset=utf-8"
	c.File.Text.Dimensions.Cases, c.File.Text.Dimensions.Variables = about.Records, len(variables)
	for i := range c.Data.Variables {
		c.Data.Variables[i].Files = c.File.ID
		c.Data.Variables[i].Valid = &ddiStat{"vald", variables[i].Valid}
		for j := range c.Data.Variables[i].Categories {
			category := &c.Data.Variables[i].Categories[j]
			if n, ok := variables[i].Counts[category.Value]; ok {
				category.Count = &ddiStat{"freq", n}
			}
		}
	}
	return c.encode()
}

func ddiCodebookOf(about About, variables []Variable) *ddiCodebook {
	c := &ddiCodebook{Version: "2.5"}
	titles := &c.Study.Citation.Titles
	titles.ID = about.Questionnaire
	for i, lang := range questionnaires.Languages {
		text := ddiText{lang, about.Heading(lang)}
		if i == 0 {
			titles.Title = text
			continue
		}
		titles.Parallel = append(titles.Parallel, text)
	}
	for _, lang := range questionnaires.Languages {
		if label := about.Label.In(lang); label != "" {
			c.Study.Notes = append(c.Study.Notes, ddiNote{"profile", ddiText{lang, label}})
		}
	}
	for i, v := range variables {
		c.Data.Variables = append(c.Data.Variables, ddiOf(i, v))
	}
	return c
}

func (c *ddiCodebook) encode() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", " ")
	if err := enc.Encode(c); err != nil {
		return nil, fmt.Errorf("write codebook: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

func ddiOf(i int, v Variable) ddiVariable {
	out := ddiVariable{ID: "V" + strconv.Itoa(i+1), Name: v.Name, Interval: "discrete", Format: ddiFormat{"character"}}
	if v.Numeric() {
		out.Format.Type = "numeric"
	}
	if v.Type == Number {
		out.Interval = "contin"
	}
	for _, lang := range questionnaires.Languages {
		out.Labels = append(out.Labels, ddiText{lang, v.Label(lang)})
		if why := v.Why.In(lang); why != "" {
			out.Notes = append(out.Notes, ddiNote{"disclosure control", ddiText{lang, why}})
		}
	}
	for _, c := range v.Categories {
		out.Categories = append(out.Categories, ddiCategory{Value: c.Code, Labels: ddiTexts(c.Label)})
	}
	if v.Reasons() != nil {
		out.Invalid = &ddiInvalid{ddiRange{"-99", "-90"}}
	}
	for _, m := range v.Reasons() {
		out.Categories = append(out.Categories, ddiCategory{Missing: "Y", Value: m.Code, Labels: ddiTexts(m.Label)})
	}
	if v.Question == "" && v.Formula == "" {
		return out
	}
	if v.Formula == "" {
		out.Question = &ddiQuestion{Literal: ddiTexts(v.Wording)}
	} else {
		out.Derivation = &ddiDerivation{}
		out.Derivation.Command.Syntax, out.Derivation.Command.Text = "Rondo", v.Formula
	}
	if v.Filter != "" {
		out.Universe = []ddiText{{Text: v.Filter}}
	}
	return out
}

func ddiTexts(t questionnaires.Text) []ddiText {
	var out []ddiText
	for _, lang := range questionnaires.Languages {
		out = append(out, ddiText{lang, t.In(lang)})
	}
	return out
}
