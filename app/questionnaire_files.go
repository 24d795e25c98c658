package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"rondo/questionnaires"
	"rondo/questionnaires/xlsform"
)

// QuestionnaireImport makes a folder of a workbook.
type QuestionnaireImport struct {
	File    string `arg:"" type:"existingfile" help:"An XLSForm workbook (.xlsx)."`
	Key     string `required:"" help:"Key of the questionnaire, such as employer."`
	Version int    `default:"1" help:"Its version."`
	Out     string `required:"" help:"Folder to write; it must be empty or not there yet."`
}

// Run is the command. It prints what became of the workbook line by line: what
// is carried in another form, and what is not carried.
func (i QuestionnaireImport) Run(_ context.Context, _ *Config, s Streams) error {
	if entries, err := os.ReadDir(i.Out); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s is not empty; name a new folder", i.Out)
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	raw, err := readWorkbook(i.File)
	if err != nil {
		return err
	}
	result, err := xlsform.Read(raw, i.Key, i.Version)
	if err != nil {
		return fmt.Errorf("%s: %w", i.File, err)
	}
	if err := os.MkdirAll(i.Out, 0o755); err != nil {
		return err
	}
	for _, name := range questionnaires.Files() {
		if err := os.WriteFile(filepath.Join(i.Out, name), result.Files[name], 0o644); err != nil {
			return err
		}
	}
	lost := 0
	for _, n := range result.Notes {
		fmt.Fprintln(s.Out, n)
		if n.Lost {
			lost++
		}
	}
	q := result.Questionnaire
	fmt.Fprintf(s.Out, "%s is in %s: %d questions on %d pages; %d places of the workbook are not carried; %d findings, see rondo questionnaire lint %s\n",
		q.Ref(), i.Out, len(q.Questions()), len(q.Pages), lost, len(result.Findings), i.Out)
	return nil
}

// readWorkbook reads a file as far as any workbook may reach; a larger one is
// refused for its size without being read.
func readWorkbook(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, xlsform.LargestFile+1))
}

// exportXLSForm writes a questionnaire as a workbook.
func exportXLSForm(q *questionnaires.Questionnaire, s Streams) error {
	raw, err := xlsform.Write(q)
	if err == nil {
		_, err = s.Out.Write(raw)
	}
	return err
}
