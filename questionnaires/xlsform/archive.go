package xlsform

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
)

// LargestFile is how many bytes a workbook may have.
const LargestFile = 8 << 20

// The limits of a workbook (reference/security.md SEC-11): what it unpacks to
// counts, not what it says of itself.
const (
	mostEntries   = 100
	mostUnpacked  = 32 << 20
	mostRatio     = 100
	smallEnough   = 1 << 20 // below this, however well it packs, nothing can go wrong
	mostElements  = 400_000 // of XML, in one part
	deepestXML    = 64
	mostRows      = 50_000
	mostCells     = 100_000
	mostColumns   = 200
	largestCell   = 32_767 // characters, the limit of spreadsheets
	oldExcelMagic = "\xd0\xcf\x11\xe0"
)

var errBadArchive = errors.New("the file is not a workbook in the form .xlsx")

// inspect refuses an archive that would unpack to too much, or holds more than
// tables: macros, links to other files, archives.
func inspect(raw []byte) error {
	if len(raw) > LargestFile {
		return refuse("workbook", 0, "", "too_large", "the file has %d bytes; at most %d MB are read", len(raw), LargestFile>>20)
	}
	if bytes.HasPrefix(raw, []byte(oldExcelMagic)) {
		return refuse("workbook", 0, "", "old_format", "the file is in the old form .xls or has a password; save it as .xlsx without one")
	}
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return refuse("workbook", 0, "", "no_workbook", "%s", errBadArchive)
	}
	if len(archive.File) > mostEntries {
		return refuse("workbook", 0, "", "too_large", "the archive has %d entries; at most %d are read", len(archive.File), mostEntries)
	}
	seen, left := map[string]bool{}, int64(mostUnpacked)
	for _, entry := range archive.File {
		name := strings.ToLower(strings.ReplaceAll(entry.Name, "\\", "/"))
		if seen[name] {
			return refuse(entry.Name, 0, "", "no_workbook", "the archive has this entry twice")
		}
		seen[name] = true
		if err := forbidden(entry.Name, name); err != nil {
			return err
		}
		if err := unpack(entry, name, &left); err != nil {
			return err
		}
	}
	return nil
}

func forbidden(entry, name string) error {
	switch {
	case strings.Contains(name, "vbaproject"), strings.Contains(name, "macrosheets/"), strings.Contains(name, "vbadata"):
		return refuse(entry, 0, "", "macros", "the workbook has macros; save it as .xlsx without them")
	case strings.Contains(name, "externallinks/"):
		return refuse(entry, 0, "", "external_links", "the workbook is linked to other files; break the links and save it again")
	case strings.Contains(name, "embeddings/"), strings.HasSuffix(name, ".zip"), strings.HasSuffix(name, ".xlsx"), strings.HasSuffix(name, ".bin") && !strings.Contains(name, "printersettings"):
		return refuse(entry, 0, "", "embedded", "the workbook has another file inside")
	}
	return nil
}

// unpack reads an entry to its end, counting what really comes out of it.
func unpack(entry *zip.File, name string, left *int64) error {
	r, err := entry.Open()
	if err != nil {
		return refuse(entry.Name, 0, "", "no_workbook", "the entry cannot be unpacked: %v", err)
	}
	defer r.Close()
	packed := int64(max(entry.CompressedSize64, 1))
	counted := &counter{}
	if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") {
		counted.xml = true
	}
	n, err := io.Copy(counted, io.LimitReader(r, *left+1))
	*left -= n
	switch {
	case counted.err != nil:
		return refuse(entry.Name, 0, "", counted.rule, "%v", counted.err)
	case *left < 0, n > smallEnough && n/packed > mostRatio:
		return refuse(entry.Name, 0, "", "too_large", "the workbook unpacks to more than %d MB, or to more than %d times its size", mostUnpacked>>20, mostRatio)
	case err != nil:
		return refuse(entry.Name, 0, "", "no_workbook", "the entry cannot be unpacked: %v", err)
	case strings.HasSuffix(name, "[content_types].xml") && counted.macros:
		return refuse(entry.Name, 0, "", "macros", "the workbook is of a kind that has macros; save it as .xlsx")
	}
	return nil
}
