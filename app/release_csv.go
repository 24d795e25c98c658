package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"rondo/app/wave"
	"rondo/exports"
)

// errNoBundle says that what leaves the house is a whole bundle.
var errNoBundle = errors.New("only the profile internal comes as one CSV file; any other is a bundle: name the file .zip")

// plain says whether the data are wanted as one CSV file instead of a bundle.
func (e ExportCommand) plain() bool { return strings.EqualFold(filepath.Ext(e.Out), ".csv") }

// csv writes the data file of the internal bundle alone: however many answers there are, in little
// memory. The lines wait for their order in a file without a name beside the one that is written.
func (e ExportCommand) csv(ctx context.Context, h *House, s Streams) error {
	if e.Profile != exports.Internal {
		return errNoBundle
	}
	w, err := h.Waves.ByLabel(ctx, e.Wave)
	if err != nil {
		return err
	}
	debug.SetGCPercent(200) // records pass by quickly; little is kept
	spool, err := os.CreateTemp(filepath.Dir(e.Out), ".rondo-*")
	if err != nil {
		return err
	}
	defer spool.Close()
	if err := os.Remove(spool.Name()); err != nil {
		return err
	}
	key, sum, records := h.Store.Secret.Derive("row order"), sha256.New(), 0
	err = writeFile(e.Out, func(out io.Writer) error {
		if records, err = exports.CSV(ctx, &wave.Source{Service: h.Waves}, e.Wave, e.Population, key[:], spool, io.MultiWriter(out, sum)); err != nil {
			return err
		}
		name := strings.TrimSuffix(fileName(w, e.Population, e.Profile), ".zip") + ".csv"
		return h.journal(ctx, "release.download", name, hex.EncodeToString(sum.Sum(nil)))
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "%s: %d records, profile %s, SHA-256 %x\n", e.Out, records, e.Profile, sum.Sum(nil))
	return nil
}
