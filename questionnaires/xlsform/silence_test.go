package xlsform

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"rondo/questionnaires/workbook"
)

// formOf gives the sheets of a case without the detour by a file.
func formOf(a *txtar.Archive) *workbook.Book {
	book := &workbook.Book{}
	for _, f := range a.Files {
		name, ok := strings.CutSuffix(f.Name, " sheet")
		if !ok {
			continue
		}
		s := &workbook.Sheet{Name: name}
		for i, text := range strings.Split(strings.TrimRight(string(f.Data), "\n"), "\n") {
			l := workbook.Line{Row: i + 1}
			for _, c := range strings.Split(text, "|") {
				l.Cells = append(l.Cells, tidy(c))
			}
			s.Lines = append(s.Lines, l)
		}
		book.Sheets = append(book.Sheets, s)
	}
	return book
}

// TestNothingIsDroppedInSilence writes a word that means nothing into some cell of
// a form, in a column that XLSForm knows, that is ours, or that nobody knows. It
// must be found again in the questionnaire, or in a note on that row and column.
func TestNothingIsDroppedInSilence(t *testing.T) {
	files, err := filepath.Glob("testdata/forms/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no forms", err)
	}
	more := []string{"guidance_hint::English (en)", "required_message::Deutsch (de)", "repeat_count", "trigger", "media::audio::Français (fr)", "label::Rumantsch (rm)", "bind::foo"}
	silent := []string{"style", "allow_choice_duplicates", "disabled"} // known to mean nothing, see doc.go
	const word = "zzword"
	rapid.Check(t, func(t *rapid.T) {
		archive, err := txtar.ParseFile(rapid.SampledFrom(files).Draw(t, "form"))
		if err != nil {
			t.Fatal(err)
		}
		book := formOf(archive)
		s := rapid.SampledFrom(book.Sheets).Draw(t, "sheet")
		header := rapid.SampledFrom(slices.Concat(columns[s.Name], more, s.Lines[0].Cells)).Draw(t, "column")
		if slices.Contains(silent, header) || header == "" {
			return
		}
		if slices.Contains(translated, header) {
			header += "::English (en)"
		}
		at := slices.Index(s.Lines[0].Cells, header)
		if at < 0 {
			at = len(s.Lines[0].Cells)
			s.Lines[0].Cells = append(s.Lines[0].Cells, header)
		}
		l := &s.Lines[rapid.IntRange(1, len(s.Lines)-1).Draw(t, "row")]
		if strings.HasPrefix(l.Cells[0], "end") && header == "name" {
			return
		}
		for len(l.Cells) <= at {
			l.Cells = append(l.Cells, "")
		}
		l.Cells[at] = word
		result, err := read(book, "k", 1)
		if err != nil {
			return // refused, so not in silence
		}
		for _, data := range result.Files {
			if bytes.Contains(bytes.ToLower(data), []byte(word)) {
				return
			}
		}
		for _, n := range result.Notes {
			if n.Rule == "repeat" && l.Row >= n.Row && l.Row <= n.Row+2 {
				return // one note for the group and all in it
			}
			if n.Sheet == s.Name && (n.Row == l.Row || n.Row == 1 || n.Row == 0) && (n.Column == header || n.Column == "" || strings.HasPrefix(header, n.Column+"::")) || strings.Contains(n.Sentence, word) {
				return
			}
		}
		t.Fatalf("%s row %d %s is dropped in silence; the notes are\n%v", s.Name, l.Row, header, result.Notes)
	})
}
