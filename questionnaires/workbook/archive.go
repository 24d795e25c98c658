package workbook

import (
	"archive/zip"
	"bytes"
	"path"
	"strings"
)

// entry is one file in the archive.
type entry struct {
	name string // as the archive spells it
	file *zip.File
}

const oldExcelMagic = "\xd0\xcf\x11\xe0"

// canonical is how an entry is looked up: a program on Windows may have written it.
func canonical(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "\\", "/"))
}

// absolute gives the path of a part that is named in a folder.
func absolute(dir, target string) string {
	target = canonical(target)
	if !strings.HasPrefix(target, "/") {
		target = "/" + dir + target
	}
	return strings.TrimPrefix(path.Clean(target), "/")
}

// open looks at the archive's list of entries. It refuses one that would unpack to too much or
// holds more than tables; it unpacks nothing. The sizes are those the archive gives: an entry that
// is read and has another one is broken to the library that unpacks it.
func (r *reader) open(raw []byte) error {
	if len(raw) > r.limits.File {
		return refuse("workbook", 0, TooLarge, "the file has %d bytes; at most %d MB are read", len(raw), r.limits.File>>20)
	}
	if bytes.HasPrefix(raw, []byte(oldExcelMagic)) {
		return refuse("workbook", 0, OldFormat, "the file is in the old form .xls or has a password; save it as .xlsx without one")
	}
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return refuse("workbook", 0, NoWorkbook, "the file is not a workbook in the form .xlsx")
	}
	if len(archive.File) > mostEntries {
		return refuse("workbook", 0, TooLarge, "the archive has %d entries; at most %d are read", len(archive.File), mostEntries)
	}
	r.entries = map[string]*entry{}
	left := uint64(r.limits.Unpacked)
	for _, file := range archive.File {
		name := canonical(file.Name)
		if r.entries[name] != nil {
			return refuse(file.Name, 0, NoWorkbook, "the archive has this entry twice")
		}
		r.entries[name] = &entry{file.Name, file}
		if err := forbidden(file.Name, name); err != nil {
			return err
		}
		size := file.UncompressedSize64
		if size > left || size > smallEnough && size/max(file.CompressedSize64, 1) > mostRatio {
			return refuse(file.Name, 0, TooLarge, "the workbook unpacks to more than %d MB, or to more than %d times its size", r.limits.Unpacked>>20, mostRatio)
		}
		left -= size
	}
	return nil
}

func forbidden(shown, name string) error {
	switch {
	case strings.Contains(name, "vbaproject"), strings.Contains(name, "macrosheets/"), strings.Contains(name, "vbadata"):
		return refuse(shown, 0, Macros, "the workbook has macros; save it as .xlsx without them")
	case strings.Contains(name, "externallinks/"):
		return refuse(shown, 0, ExternalLinks, "the workbook is linked to other files; break the links and save it again")
	case strings.Contains(name, "embeddings/"), strings.Contains(name, "activex/"), strings.HasSuffix(name, ".zip"), strings.HasSuffix(name, ".xlsx"):
		return refuse(shown, 0, Embedded, "the workbook has another file inside")
	}
	return nil
}

// kind refuses a workbook that says it is of a kind that has macros.
func (r *reader) kind() error {
	types := r.entries["[content_types].xml"]
	if types == nil {
		return nil
	}
	return r.each(types, func(e *element) error {
		if strings.Contains(strings.ToLower(e.attribute("ContentType")), "macroenabled") {
			return refuse(types.name, 0, Macros, "the workbook is of a kind that has macros; save it as .xlsx")
		}
		return nil
	})
}
