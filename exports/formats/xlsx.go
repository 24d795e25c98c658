package formats

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"rondo/questionnaires"
)

// longestCell is what a cell of a workbook holds, in UTF-16 units; longer text
// is in the CSV.
const longestCell = 32_767

// XLSX writes data as a workbook with three sheets: the data, numbers as numbers
// and everything else as text, never a formula; the words of each value; the
// words of each variable. Both of these in all languages.
func XLSX(w io.Writer, about About, variables []Variable, rows [][]string) error {
	mark := ""
	if about.Synthetic {
		mark = " (synthetic)"
	}
	file := excelize.NewFile()
	defer file.Close()
	if err := file.SetSheetName("Sheet1", about.Population+mark); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	head, numeric := make([]string, len(variables)), make([]bool, len(variables))
	for j, v := range variables {
		head[j], numeric[j] = v.Name, v.Numeric()
	}
	if err := fill(file, about.Population+mark, head, numeric, rows); err != nil {
		return err
	}
	lines := codebookLines(variables)
	if err := fill(file, "labels"+mark, lines[0], nil, lines[1:]); err != nil {
		return err
	}
	lines = variableLines(about, variables)
	if err := fill(file, "codebook"+mark, lines[0], nil, lines[1:]); err != nil {
		return err
	}
	var raw bytes.Buffer
	if err := file.Write(&raw); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	// The library leaves the order of parts and their times to chance.
	return repack(w, raw.Bytes())
}

// fill writes a sheet; cells of numeric columns that are numbers become numbers.
func fill(file *excelize.File, sheet string, head []string, numeric []bool, rows [][]string) error {
	if _, err := file.NewSheet(sheet); err != nil { // nothing where it is there
		return fmt.Errorf("write workbook: %w", err)
	}
	sw, err := file.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	line := make([]any, len(head))
	for r := range len(rows) + 1 {
		row, isHead := head, r == 0
		if !isHead {
			row = rows[r-1]
		}
		for j, cell := range row {
			line[j] = typed(cell, !isHead && numeric != nil && numeric[j])
		}
		if err := sw.SetRow("A"+strconv.Itoa(r+1), line); err != nil {
			return fmt.Errorf("write workbook: %w", err)
		}
	}
	if err := sw.Flush(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// variableLines are one line for each variable, below one of headings.
func variableLines(about About, variables []Variable) [][]string {
	head := []string{"variable", "type", "role", "treatment", "filter", "formula", "valid_n"}
	for _, lang := range questionnaires.Languages {
		head = append(head, "page_"+lang, "label_"+lang, "why_"+lang)
	}
	lines := [][]string{append(head, "questionnaire", "title")}
	for _, v := range variables {
		line := []string{v.Name, v.Type, v.Role, v.Treatment, v.Filter, v.Formula, v.Valid}
		for _, lang := range questionnaires.Languages {
			line = append(line, v.Page.In(lang), v.Label(lang), v.Why.In(lang))
		}
		lines = append(lines, append(line, about.Questionnaire, about.Heading("en")))
	}
	return lines
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
