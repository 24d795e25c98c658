package xlsform

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"
)

// formOf gives the sheets of a case without the detour by a file.
func formOf(a *txtar.Archive) *workbook {
	book := &workbook{}
	for _, f := range a.Files {
		name, ok := strings.CutSuffix(f.Name, " sheet")
		if !ok {
			continue
		}
		s := &sheet{name: name}
		for i, text := range strings.Split(strings.TrimRight(string(f.Data), "\n"), "\n") {
			l := line{row: i + 1}
			for _, c := range strings.Split(text, "|") {
				l.cells = append(l.cells, tidy(c))
			}
			s.lines = append(s.lines, l)
		}
		book.sheets = append(book.sheets, s)
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
		s := rapid.SampledFrom(book.sheets).Draw(t, "sheet")
		header := rapid.SampledFrom(slices.Concat(columns[s.name], more, s.lines[0].cells)).Draw(t, "column")
		if slices.Contains(silent, header) || header == "" {
			return
		}
		if slices.Contains(translated, header) {
			header += "::English (en)"
		}
		at := slices.Index(s.lines[0].cells, header)
		if at < 0 {
			at = len(s.lines[0].cells)
			s.lines[0].cells = append(s.lines[0].cells, header)
		}
		l := &s.lines[rapid.IntRange(1, len(s.lines)-1).Draw(t, "row")]
		if strings.HasPrefix(l.cells[0], "end") && header == "name" {
			return
		}
		for len(l.cells) <= at {
			l.cells = append(l.cells, "")
		}
		l.cells[at] = word
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
			if n.Rule == "repeat" && l.row >= n.Row && l.row <= n.Row+2 {
				return // one note for the group and all in it
			}
			if n.Sheet == s.name && (n.Row == l.row || n.Row == 1 || n.Row == 0) && (n.Column == header || n.Column == "" || strings.HasPrefix(header, n.Column+"::")) || strings.Contains(n.Sentence, word) {
				return
			}
		}
		t.Fatalf("%s row %d %s is dropped in silence; the notes are\n%v", s.name, l.row, header, result.Notes)
	})
}
