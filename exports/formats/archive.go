package formats

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"sort"
	"time"
)

// File is one file of an archive.
type File struct {
	Name string
	Body []byte
}

// epoch is the time every archived file carries.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Archive writes files as a zip in the order of their names, all with the same
// time and nothing about the machine.
func Archive(w io.Writer, files []File) error {
	sorted := append([]File(nil), files...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].Name < sorted[j].Name })
	zw := zip.NewWriter(w)
	for _, f := range sorted {
		body, err := zw.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: epoch})
		if err != nil {
			return fmt.Errorf("write archive: %w", err)
		}
		if _, err := body.Write(f.Body); err != nil {
			return fmt.Errorf("write archive: %w", err)
		}
	}
	if err := zw.Close(); err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	return nil
}

// repack writes the parts of a zip again, in fixed order and with fixed times.
func repack(w io.Writer, raw []byte) error {
	zr, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return fmt.Errorf("read workbook: %w", err)
	}
	var files []File
	for _, f := range zr.File {
		part, err := f.Open()
		if err != nil {
			return fmt.Errorf("read workbook: %w", err)
		}
		body, err := io.ReadAll(part)
		part.Close()
		if err != nil {
			return fmt.Errorf("read workbook: %w", err)
		}
		files = append(files, File{f.Name, body})
	}
	return Archive(w, files)
}
