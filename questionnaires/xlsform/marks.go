package xlsform

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"
)

// mark finds the formulas and the merged cells of each sheet. The library gives
// them one by one, each at the price of a whole sheet; here they are read once,
// from parts that inspect has measured.
func (w *workbook) mark(raw []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return refuse("workbook", 0, "", "no_workbook", "%s", errBadArchive)
	}
	parts := map[string]*zip.File{}
	for _, entry := range archive.File {
		parts[strings.ToLower(strings.ReplaceAll(entry.Name, "\\", "/"))] = entry
	}
	for name, part := range sheetParts(parts) {
		for _, s := range w.sheets {
			if s.name == tidy(name) && parts[part] != nil {
				s.scan(parts[part])
			}
		}
	}
	return nil
}

// sheetParts says in which part of the archive each sheet stands, as far as the
// archive tells.
func sheetParts(parts map[string]*zip.File) map[string]string {
	targets := map[string]string{}
	elements(parts["xl/_rels/workbook.xml.rels"], func(e xml.StartElement) {
		target := attribute(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = "xl/" + target
		}
		targets[attribute(e, "Id")] = strings.ToLower(strings.TrimPrefix(path.Clean(target), "/"))
	})
	found := map[string]string{}
	elements(parts["xl/workbook.xml"], func(e xml.StartElement) {
		if e.Name.Local == "sheet" {
			found[attribute(e, "name")] = targets[attribute(e, "id")]
		}
	})
	return found
}

// scan notes the formulas and merged cells of a sheet.
func (s *sheet) scan(part *zip.File) {
	var here place
	elements(part, func(e xml.StartElement) {
		switch e.Name.Local {
		case "c":
			here = where(attribute(e, "r"))
		case "f":
			s.formulas = append(s.formulas, here)
		case "mergeCell":
			first, _, _ := strings.Cut(attribute(e, "ref"), ":")
			s.merged = append(s.merged, where(first))
		}
	})
}

func where(ref string) place {
	column, row, err := excelize.CellNameToCoordinates(ref)
	if err != nil {
		return place{}
	}
	return place{row, column}
}

// elements calls see for each element of a part; a part that is broken further
// down has been refused by the library already.
func elements(part *zip.File, see func(xml.StartElement)) {
	if part == nil {
		return
	}
	r, err := part.Open()
	if err != nil {
		return
	}
	defer r.Close()
	for dec := xml.NewDecoder(io.LimitReader(r, mostUnpacked)); ; {
		t, err := dec.RawToken()
		if err != nil {
			return // io.EOF, or broken
		}
		if e, ok := t.(xml.StartElement); ok {
			see(e)
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
