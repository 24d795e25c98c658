package views

import (
	"html/template"
	"io"
)

// BeginLetters writes the head of a page of letters that stands on its own; sheets follow as
// letter/sheet, and letter/end.
func BeginLetters(w io.Writer, lang, title string) error {
	style, err := files.ReadFile("assets/letter.css")
	if err != nil {
		return err
	}
	return Render(w, lang, "letter/start", struct {
		Title string
		Style template.CSS
	}{title, template.CSS(style)}) // our own file, not input
}
