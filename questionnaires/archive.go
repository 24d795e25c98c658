package questionnaires

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
)

// ErrArchive says that an archive does not hold the files of one version.
var ErrArchive = errors.New("this is no zip archive with the folder of one questionnaire")

// maxEntries bounds how many entries of an archive are looked at.
const maxEntries = 200

// Unzip reads the files of one version from a zip archive of its folder. Other
// files beside them are left alone; two of the same name are two versions, which
// is ErrArchive, as is what claims or turns out to be larger than a definition may be.
func Unzip(data []byte) (map[string][]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrArchive, err)
	}
	if len(archive.File) > maxEntries {
		return nil, fmt.Errorf("%w: %d entries", ErrArchive, len(archive.File))
	}
	files := map[string][]byte{}
	wanted := append(Files(), ChangesFile)
	for _, f := range archive.File {
		name := path.Base(f.Name)
		if !slices.Contains(wanted, name) || f.FileInfo().IsDir() {
			continue
		}
		if _, twice := files[name]; twice {
			return nil, fmt.Errorf("%w: %s stands in it twice", ErrArchive, name)
		}
		if files[name], err = unzipFile(f); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrArchive, name, err)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%w: no %s in it", ErrArchive, StructureFile)
	}
	return files, nil
}

func unzipFile(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxFileSize+1))
	if err == nil && len(data) > maxFileSize {
		err = fmt.Errorf("larger than %d KB", maxFileSize>>10)
	}
	return data, err
}

// Zip writes the files of a version as an archive of its folder, called
// key-version; the same files give the same bytes.
func Zip(q *Questionnaire, files map[string][]byte) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range append(Files(), ChangesFile) {
		data, ok := files[name]
		if !ok {
			continue
		}
		f, err := w.Create(fmt.Sprintf("%s-%d/%s", q.Key, q.Version, name))
		if err == nil {
			_, err = f.Write(data)
		}
		if err != nil {
			return nil, fmt.Errorf("write archive: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("write archive: %w", err)
	}
	return b.Bytes(), nil
}
