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

// repack writes the parts of a zip again, in fixed order and without times; they
// stay compressed as they are.
func repack(w io.Writer, raw []byte) error {
	zr, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return fmt.Errorf("read workbook: %w", err)
	}
	sort.Slice(zr.File, func(i, j int) bool { return zr.File[i].Name < zr.File[j].Name })
	zw := zip.NewWriter(w)
	for _, f := range zr.File {
		part, err := f.OpenRaw()
		if err != nil {
			return fmt.Errorf("read workbook: %w", err)
		}
		head := zip.FileHeader{Name: f.Name, Method: f.Method, CRC32: f.CRC32, CompressedSize64: f.CompressedSize64, UncompressedSize64: f.UncompressedSize64}
		body, err := zw.CreateRaw(&head)
		if err != nil {
			return fmt.Errorf("write workbook: %w", err)
		}
		if _, err := io.Copy(body, part); err != nil {
			return fmt.Errorf("write workbook: %w", err)
		}
	}
	if err := zw.Close(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}
