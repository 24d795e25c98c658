package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rondo/exports/anonymise"
)

// RiskCommand reports the disclosure risk of any file.
type RiskCommand struct {
	Data      string   `required:"" type:"existingfile" help:"CSV with , or ;."`
	Keys      []string `required:"" help:"Quasi-identifiers, separated by commas."`
	Weight    string   `help:"Column of sampling weights."`
	Sensitive string   `help:"Column for l-diversity and t-closeness."`
	Records   bool     `help:"List every record."`
	Report    string   `required:"" help:"JSON file to write."`
}

// Run is the command.
func (r RiskCommand) Run(_ context.Context, _ *Config, _ Streams) error {
	began := time.Now()
	table, err := readTable(r.Data)
	if err != nil {
		return err
	}
	report, err := anonymise.Risk(table, anonymise.RiskOptions{Keys: r.Keys, Weight: r.Weight, Sensitive: r.Sensitive, Records: r.Records})
	if err != nil {
		return err
	}
	report.Seconds = time.Since(began).Seconds()
	return writeFile(r.Report, report.WriteJSON)
}

// AnonymiseCommand makes any file k-anonymous.
type AnonymiseCommand struct {
	Data        string   `required:"" type:"existingfile" help:"CSV with , or ;."`
	Keys        []string `required:"" help:"Quasi-identifiers, separated by commas."`
	Hierarchies string   `type:"existingdir" help:"Folder with a file per key: leaf;level1;…;*."`
	K           int      `required:"" help:"Smallest class."`
	Method      string   `default:"local" enum:"local,record" help:"Suppress single cells or whole records."`
	SuppressMax float64  `default:"0.05" help:"Share of the cells of each key (local) or of the records (record)."`
	Loss        string   `default:"ncp" enum:"ncp,arx-loss,precision,discernibility,aecs,entropy" help:"What is kept small, for method record."`
	Out         string   `required:"" help:"CSV file to write."`
	Report      string   `required:"" help:"JSON file to write."`
}

// Run is the command.
func (a AnonymiseCommand) Run(ctx context.Context, _ *Config, s Streams) error {
	began := time.Now()
	table, err := readTable(a.Data)
	if err != nil {
		return err
	}
	options := anonymise.Options{Keys: a.Keys, K: a.K, Method: a.Method, SuppressMax: a.SuppressMax, Loss: a.Loss}
	if a.Hierarchies != "" {
		if options.Hierarchies, err = anonymise.ReadHierarchies(os.DirFS(a.Hierarchies), a.Keys); err != nil {
			return err
		}
	}
	shown := newBar(s.Err)
	options.Watch = func(done, all int) error {
		shown.tell("search", done, all)
		return ctx.Err()
	}
	out, report, err := anonymise.Run(table, options)
	shown.end()
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; nothing was written")
	} else if err != nil {
		return err
	}
	report.Seconds = time.Since(began).Seconds()
	if err := writeFile(a.Out, out.WriteCSV); err != nil {
		return err
	}
	return writeFile(a.Report, report.WriteJSON)
}

// ProtectCommand protects a table of counts.
type ProtectCommand struct {
	Data      string   `required:"" type:"existingfile" help:"CSV of cells."`
	Dims      []string `required:"" help:"Dimensions, separated by commas."`
	Freq      string   `required:"" help:"Column of counts."`
	Threshold int      `required:"" help:"Smallest count that may be shown."`
	Out       string   `required:"" help:"CSV file to write."`
	Report    string   `required:"" help:"JSON file to write."`
}

// Run is the command.
func (p ProtectCommand) Run(_ context.Context, _ *Config, _ Streams) error {
	began := time.Now()
	table, err := readTable(p.Data)
	if err != nil {
		return err
	}
	out, report, err := anonymise.Protect(table, anonymise.ProtectOptions{Dims: p.Dims, Freq: p.Freq, Threshold: p.Threshold})
	if err != nil {
		return err
	}
	report.Seconds = time.Since(began).Seconds()
	if err := writeFile(p.Out, out.WriteCSV); err != nil {
		return err
	}
	return writeFile(p.Report, report.WriteJSON)
}

// TablesCommand is built with the tables.
type TablesCommand struct {
	Wave string `required:"" help:"Label of the wave."`
	Out  string `required:"" help:"Folder to write."`
}

// Run is the command.
func (TablesCommand) Run(context.Context, *Config, Streams) error {
	return errors.New("this version makes no protected tables yet; datasets leave by `rondo export`")
}

func readTable(name string) (*anonymise.Table, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	table, err := anonymise.ReadCSV(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return table, nil
}

// writeFile writes a file whole or not at all: beside its place first, then renamed.
func writeFile(name string, write func(io.Writer) error) error {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder: name a file", name)
	}
	err := writeWhole(name, write)
	var at *fs.PathError
	if errors.As(err, &at) && strings.HasPrefix(filepath.Base(at.Path), ".rondo-") {
		return fmt.Errorf("write %s: %w", name, at.Err) // nobody has heard of the other name
	}
	return err
}

func writeWhole(name string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".rondo-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // gone already when all went well
	if err := write(file); err != nil {
		file.Close()
		return err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Chmod(file.Name(), 0o600); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}
