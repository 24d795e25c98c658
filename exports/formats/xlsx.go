package formats

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// longestCell is what a cell of a workbook holds, in UTF-16 units; longer text
// is in the CSV.
const longestCell = 32_767

// XLSX writes data as a workbook with one sheet: numbers as numbers, everything
// else as text, never a formula.
func XLSX(w io.Writer, about About, variables []Variable, rows [][]string) error {
	file := excelize.NewFile()
	defer file.Close()
	sheet := about.Population
	if about.Synthetic {
		sheet += " (synthetic)"
	}
	if err := file.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	sw, err := file.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	line := make([]any, len(variables))
	numeric := make([]bool, len(variables))
	for j, v := range variables {
		line[j], numeric[j] = v.Name, v.Numeric()
	}
	if err := sw.SetRow("A1", line); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	for r, row := range rows {
		for j := range variables {
			line[j] = typed(row[j], numeric[j])
		}
		if err := sw.SetRow("A"+strconv.Itoa(r+2), line); err != nil {
			return fmt.Errorf("write workbook: %w", err)
		}
	}
	if err := sw.Flush(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	var raw bytes.Buffer
	if err := file.Write(&raw); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	// The library leaves the order of parts and their times to chance.
	return repack(w, raw.Bytes())
}

func typed(cell string, numeric bool) any {
	if numeric && plainNumber(cell) {
		if x, err := strconv.ParseFloat(cell, 64); err == nil {
			return x
		}
	}
	if units := utf16Length(cell); units > longestCell {
		short := []rune(cell)
		for utf16Length(string(short)) > longestCell {
			short = short[:len(short)-1]
		}
		return string(short)
	}
	return cell
}

func utf16Length(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}
