package verify

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"html"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// workbookParts are all that a workbook may hold beside its sheets.
var workbookParts = []string{"[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml", "xl/_rels/workbook.xml.rels",
	"xl/styles.xml", "xl/theme/theme1.xml", "xl/workbook.xml"}

// checkWorkbook looks for what runs, formulas, macros, links to elsewhere, and compares the sheets
// with the data and the codebook.
func (d table) checkWorkbook(body, book []byte, say func(string, ...any)) {
	zr, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		say("the workbook cannot be read")
		return
	}
	wants, sheets := d.sheets(book), 0
	for _, f := range zr.File {
		if f.UncompressedSize64 > largest {
			say("the workbook unpacks to more than 4 GB")
			return
		}
		number, isSheet := strings.CutPrefix(strings.TrimSuffix(f.Name, ".xml"), "xl/worksheets/sheet")
		if !isSheet && !slices.Contains(workbookParts, f.Name) {
			say("the workbook holds %s", f.Name)
		}
		if !isSheet {
			continue
		}
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > len(wants) {
			say("the workbook holds another sheet, %s", f.Name)
			continue
		}
		sheets++
		content, err := unpacked(f)
		if err != nil || !utf8.Valid(content) {
			say("the workbook cannot be read")
			return
		}
		if hasFormula(content) {
			say("the workbook holds a formula")
		}
		if wrong := wants[n-1].differs(content); wrong != "" {
			say("the workbook %s, sheet %d", wrong, n)
		}
	}
	if sheets != len(wants) {
		say("the workbook has another number of sheets than three")
	}
}

func unpacked(f *zip.File) ([]byte, error) {
	part, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer part.Close()
	return io.ReadAll(io.LimitReader(part, int64(f.UncompressedSize64)+1))
}

// wanted is what a sheet has to show: so many rows of so many columns, and what stands in each.
type wanted struct {
	rows, columns int
	same          func(r, c int, got string, number bool) bool
}

// sheets are the data, the words of each value, and the words of each variable.
func (d table) sheets(book []byte) []wanted {
	words, err := csv.NewReader(bytes.NewReader(book)).ReadAll()
	if err != nil || len(words) == 0 {
		return nil // said elsewhere
	}
	data := wanted{len(d.rows) + 1, len(d.names), func(r, c int, got string, number bool) bool {
		if r == 0 {
			return got == d.names[c]
		}
		return sameCell(d.rows[r-1][c], got, number)
	}}
	values := wanted{len(words), len(words[0]), func(r, c int, got string, number bool) bool {
		return sameCell(words[r][c], got, number) || sameCell(words[r][c], "'"+got, number)
	}}
	variables := wanted{len(d.names) + 1, 0, func(r, c int, got string, _ bool) bool {
		if r == 0 || c != 0 && c != 6 {
			return true
		}
		e := d.book[d.names[r-1]]
		return c == 0 && got == d.names[r-1] || c == 6 && e != nil && got == e.valid
	}}
	return []wanted{data, values, variables}
}

// differs says how a sheet differs from what is wanted; "" where it does not. What is written in a
// way that no sheet of a bundle is written cannot be read.
func (w wanted) differs(sheet []byte) string {
	const unread = "cannot be read"
	_, rest, begins := bytes.Cut(sheet, []byte("<sheetData>"))
	rest, _, ends := bytes.Cut(rest, []byte("</sheetData>"))
	if !begins || !ends {
		return unread
	}
	r := 0
	for ; len(rest) > 0; r++ {
		row, after, whole := bytes.Cut(rest, []byte("</row>"))
		_, row, opened := bytes.Cut(row, []byte(">"))
		if rest = after; !whole || !opened {
			return unread
		}
		if r >= w.rows {
			return "has another shape"
		}
		c := 0
		for ; len(row) > 0; c++ {
			cell, after, whole := bytes.Cut(row, []byte("</c>"))
			got, number, known := valueOf(cell, columnName(c)+strconv.Itoa(r+1))
			if row = after; !whole || !known {
				return unread
			}
			if w.columns > 0 && c >= w.columns || !w.same(r, c, got, number) {
				return "differs from the data or the codebook"
			}
		}
		if w.columns > 0 && c != w.columns {
			return "has another shape"
		}
	}
	if r != w.rows {
		return "has another shape"
	}
	return ""
}

// valueOf reads a cell that stands at a place, without its end.
func valueOf(cell []byte, at string) (value string, number, ok bool) {
	head, inner, opened := strings.Cut(string(cell), ">")
	if !opened || !strings.HasPrefix(head, "<c") || !strings.Contains(head, ` r="`+at+`"`) {
		return "", false, false
	}
	if inner == "" {
		return "", false, true
	}
	if x, found := strings.CutPrefix(inner, "<v>"); found && !strings.Contains(head, ` t="`) {
		x, found = strings.CutSuffix(x, "</v>")
		return x, true, found
	}
	inner, begins := strings.CutPrefix(inner, "<is><t")
	_, inner, opened = strings.Cut(inner, ">")
	inner, ends := strings.CutSuffix(inner, "</t></is>")
	return html.UnescapeString(inner), false, begins && opened && ends && !strings.Contains(inner, "<")
}

// columnName is what spreadsheets call a column, from 0.
func columnName(c int) string {
	name := ""
	for c++; c > 0; c = (c - 1) / 26 {
		name = string(rune('A'+(c-1)%26)) + name
	}
	return name
}

// sameCell says whether a cell of a workbook is one of a CSV; the longest texts end earlier there.
func sameCell(want, got string, number bool) bool {
	if want == got {
		return true
	}
	if number {
		x, err := strconv.ParseFloat(got, 64)
		y, bad := strconv.ParseFloat(want, 64)
		return err == nil && bad == nil && x == y
	}
	// A workbook writes _x0041_ as _x005F_x0041_, since it would be read as A.
	plain := func(s string) string { return strings.NewReplacer("_x005F", "", "\r", "").Replace(s) }
	want, got = plain(want), plain(got)
	return want == got || len(got) >= 32_766 && strings.HasPrefix(want, got)
}

// hasFormula looks for the element that makes a cell of a workbook a formula.
func hasFormula(sheet []byte) bool {
	for {
		i := bytes.IndexByte(sheet, '<')
		if i < 0 {
			return false
		}
		sheet = sheet[i+1:]
		name := sheet
		if end := bytes.IndexAny(name[:min(len(name), 64)], " \t\r\n/>"); end >= 0 {
			name = name[:end]
		}
		if _, local, ok := bytes.Cut(name, []byte(":")); ok {
			name = local
		}
		if string(name) == "f" {
			return true
		}
	}
}
