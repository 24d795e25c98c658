package views

import (
	"bytes"
	"html/template"
	"io"

	"rondo/questionnaires"
)

// Compared is what templates/base/compare.html shows of two versions.
type Compared struct {
	Lang     string
	Old, New string // references
	Blocks   []questionnaires.Block
	Flags    []questionnaires.Flag // of the variables whose trend does not simply go on
	Langs    []string
}

// Compare makes the comparison of two versions for a reader of lang.
func Compare(lang string, old, new *questionnaires.Questionnaire, classes questionnaires.Classification) Compared {
	c := Compared{Lang: lang, Old: old.Ref(), New: new.Ref(), Langs: questionnaires.Languages, Blocks: questionnaires.Blocks(old, new, classes)}
	for _, f := range questionnaires.Comparability(old, new, classes) {
		if f.Effect != questionnaires.Comparable {
			c.Flags = append(c.Flags, f)
		}
	}
	return c
}

// comparisonPage is templates/compare/page.html, a page that stands on its own.
type comparisonPage struct {
	Compared
	Title string
	Style template.CSS
}

// Comparison writes the comparison as a page that needs no other file and no script.
func Comparison(w io.Writer, lang string, old, new *questionnaires.Questionnaire, classes questionnaires.Classification) error {
	p := comparisonPage{Compared: Compare(lang, old, new, classes), Title: new.Title.In(lang)}
	var style bytes.Buffer
	for _, name := range []string{"rondo.css", "compare.css"} {
		body, err := files.ReadFile("assets/" + name)
		if err != nil {
			return err
		}
		style.Write(body)
	}
	p.Style = template.CSS(style.String()) // our own file, not input
	return Render(w, lang, "compare/page", p)
}
