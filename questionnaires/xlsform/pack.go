package xlsform

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/xuri/excelize/v2"

	"rondo/questionnaires"
)

// row is a row of a sheet by column.
type row map[string]string

func (r row) whole(column string, n int) {
	if n != 0 {
		r[column] = fmt.Sprint(n)
	}
}

func (r row) number(column string, n *float64) {
	if n != nil {
		r[column] = questionnaires.FormatNumber(*n)
	}
}

func (r row) flag(column string, set bool) {
	if set {
		r[column] = "yes"
	}
}

// out is a sheet in the making.
type out struct {
	name string
	rows []row
}

func (o *out) add(r row) { o.rows = append(o.rows, r) }

// columns are the columns a sheet may have, in order; those of words stand once
// for each language.
var columns = map[string][]string{
	"survey": {"type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "calculation",
		"choice_filter", "appearance", "parameters", "default", "read_only",
		"rondo_role", "rondo_kind", "rondo_code", "rondo_for", "rondo_notes", "rondo_if", "rondo_required_if", "rondo_unit", "rondo_decimals", "rondo_top",
		"rondo_sum_equals", "rondo_sum_min", "rondo_shuffle", "rondo_prefill", "rondo_default", "rondo_limit", "rondo_soft", "rondo_at", "rondo_order",
		"rondo_valid", "rondo_value"},
	"choices":  {"list_name", "name", "label", "rondo_when", "rondo_if"},
	"settings": {"form_title", "form_id", "version", "default_language", "style", "rondo_format", "rondo_minutes", "rondo_title"},
}

// needed are the columns that stand there even when they are empty.
var needed = []string{"type", "name", "list_name", "label", "form_title", "form_id", "version"}

// header gives the columns of a sheet that are filled, or needed.
func (o *out) header() []string {
	filled := map[string]bool{}
	for _, r := range o.rows {
		for column, s := range r {
			filled[column] = filled[column] || s != ""
		}
	}
	var header []string
	for _, column := range columns[o.name] {
		if !slices.Contains(translated, column) {
			if filled[column] || slices.Contains(needed, column) {
				header = append(header, column)
			}
			continue
		}
		for _, lang := range questionnaires.Languages {
			if c := column + "::" + languageNames[lang]; filled[c] || column == "label" {
				header = append(header, c)
			}
		}
	}
	return header
}

// pack puts sheets into a workbook. Its bytes depend on the sheets only.
func pack(sheets []*out) ([]byte, error) {
	book := excelize.NewFile()
	defer book.Close()
	for i, s := range sheets {
		if i == 0 {
			if err := book.SetSheetName("Sheet1", s.name); err != nil {
				return nil, err
			}
		} else if _, err := book.NewSheet(s.name); err != nil {
			return nil, err
		}
		if err := s.fill(book); err != nil {
			return nil, fmt.Errorf("sheet %s: %w", s.name, err)
		}
	}
	var buf bytes.Buffer
	if err := book.Write(&buf); err != nil {
		return nil, err
	}
	return repacked(buf.Bytes())
}

// escaped is a text that a spreadsheet would take for the code of a character.
var escaped = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

// fill writes the header and the rows; every cell is a text, so no program takes
// one for a formula, a date or a number.
func (o *out) fill(book *excelize.File) error {
	header := o.header()
	for at, column := range header {
		for n := -1; n < len(o.rows); n++ {
			s := column
			if n >= 0 {
				s = o.rows[n][column]
			}
			if s == "" {
				continue
			}
			cell, err := excelize.CoordinatesToCellName(at+1, n+2)
			if err != nil {
				return err
			}
			if err := book.SetCellStr(o.name, cell, escaped.ReplaceAllString(s, "_x005F_$1")); err != nil {
				return err
			}
		}
	}
	return book.SetPanes(o.name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// repacked packs an archive again: its entries by name, without times.
func repacked(raw []byte) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, err
	}
	sort.Slice(in.File, func(i, j int) bool {
		a, b := in.File[i].Name, in.File[j].Name
		first := func(s string) bool { return strings.HasPrefix(s, "[Content_Types]") }
		if first(a) != first(b) {
			return first(a)
		}
		return a < b
	})
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, entry := range in.File {
		if err := copyEntry(w, entry); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return buf.Bytes(), err
}

func copyEntry(w *zip.Writer, entry *zip.File) error {
	r, err := entry.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	to, err := w.Create(entry.Name)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, r)
	return err
}
