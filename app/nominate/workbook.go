package nominate

import (
	"archive/zip"
	"bytes"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"
)

// The limits of a workbook, which is a packed archive: what it unpacks to counts.
const (
	mostEntries  = 100
	mostUnpacked = 64 << 20
	mostRatio    = 100
	smallEnough  = 1 << 20 // below this, however well it packs, nothing can go wrong
	lastSheetRow = 1 << 20 // the last row a spreadsheet has
)

// readWorkbook reads the one sheet of an XLSX file.
func readWorkbook(raw []byte) (table, error) {
	if problem := inspect(raw); problem != nil {
		return table{}, problem
	}
	book, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{
		UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: mostUnpacked, // all in memory: nothing of a list touches the disk
	})
	if err != nil {
		return table{}, &FileProblem{Rule: "not_a_list"}
	}
	defer book.Close()
	sheets := book.GetSheetList()
	if len(sheets) != 1 {
		return table{}, &FileProblem{Rule: "sheets", Args: map[string]any{"n": len(sheets)}}
	}
	rows, err := book.Rows(sheets[0])
	if err != nil {
		return table{}, &FileProblem{Rule: "not_a_list"}
	}
	defer rows.Close()
	var list table
	for line := 1; rows.Next() && line <= lastSheetRow; line++ {
		cells, err := rows.Columns()
		if err != nil {
			return table{}, &FileProblem{Rule: "not_a_list"}
		}
		for i := range cells {
			cells[i] = norm.NFC.String(cells[i])
		}
		if problem := list.add(line, cells); problem != nil {
			return table{}, problem
		}
	}
	if rows.Error() != nil {
		return table{}, &FileProblem{Rule: "not_a_list"}
	}
	return list.checked()
}

// inspect refuses an archive that would unpack to too much or holds more than a list.
func inspect(raw []byte) *FileProblem {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return &FileProblem{Rule: "not_a_list"}
	}
	if len(archive.File) > mostEntries {
		return &FileProblem{Rule: "not_a_list"}
	}
	var unpacked uint64
	for _, entry := range archive.File {
		name := strings.ToLower(strings.ReplaceAll(entry.Name, "\\", "/"))
		switch {
		case strings.Contains(name, "vbaproject"), strings.Contains(name, "macrosheets/"):
			return &FileProblem{Rule: "macros"}
		case strings.Contains(name, "externallinks/"):
			return &FileProblem{Rule: "external"}
		case strings.HasSuffix(name, ".zip"), strings.HasSuffix(name, ".xlsx"):
			return &FileProblem{Rule: "not_a_list"}
		}
		unpacked += entry.UncompressedSize64
		steep := entry.UncompressedSize64 > smallEnough && entry.UncompressedSize64/max(entry.CompressedSize64, 1) > mostRatio
		if unpacked > mostUnpacked || entry.UncompressedSize64 > mostUnpacked || steep {
			return &FileProblem{Rule: "too_large", Args: map[string]any{"megabytes": LargestFile >> 20}}
		}
	}
	return nil
}
