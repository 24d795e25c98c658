package views

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"
	"sync"
)

// File is an asset as it goes over the wire.
type File struct {
	Type string // media type
	Body []byte
	Gzip []byte // Body compressed
}

type served struct {
	paths map[string]string // file name → path with hash
	files map[string]File   // path with hash → content
}

var assets = sync.OnceValues(func() (served, error) {
	all := served{map[string]string{}, map[string]File{}}
	entries, err := fs.ReadDir(files, "assets")
	if err != nil {
		return all, err
	}
	for _, entry := range entries {
		name, body, err := asset(entry)
		if err != nil {
			return all, err
		}
		sum := sha256.Sum256(body)
		ext := path.Ext(name)
		at := "/assets/" + strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:6]) + ext
		all.paths[name] = at
		all.files[at] = File{Type: mime.TypeByExtension(ext), Body: body, Gzip: compressed(body)}
	}
	return all, nil
})

// compressed packs an asset once for all who ask for it. Pages are never packed: they hold what is
// secret beside what strangers can influence (https://breachattack.com).
func compressed(body []byte) []byte {
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is one that there is
	_, _ = w.Write(body)                                       // a buffer takes everything
	_ = w.Close()
	return packed.Bytes()
}

// asset gives the name and the content of what lies in the folder assets; a folder there is the
// parts of one script, in the order of their names: a page asks for it once.
func asset(entry fs.DirEntry) (name string, body []byte, err error) {
	name = entry.Name()
	if !entry.IsDir() {
		body, err = fs.ReadFile(files, "assets/"+name)
		return name, body, err
	}
	parts, err := fs.Glob(files, "assets/"+name+"/*.js")
	if err != nil {
		return "", nil, err
	}
	for _, part := range parts {
		more, err := fs.ReadFile(files, part)
		if err != nil {
			return "", nil, err
		}
		body = append(append(body, more...), '\n')
	}
	return name + ".js", body, nil
}

// Asset gives the path, with the hash of its content, of the file called name
// in the folder assets.
func Asset(name string) (string, error) {
	all, err := assets()
	if err != nil {
		return "", err
	}
	at, ok := all.paths[name]
	if !ok {
		return "", fmt.Errorf("no asset %q", name)
	}
	return at, nil
}

// AssetFile gives the asset behind exactly this path, and whether there is one.
func AssetFile(at string) (File, bool) {
	all, err := assets()
	if err != nil {
		return File{}, false
	}
	f, ok := all.files[at]
	return f, ok
}
