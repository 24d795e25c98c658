package views

import (
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
		body, err := fs.ReadFile(files, "assets/"+entry.Name())
		if err != nil {
			return all, err
		}
		sum := sha256.Sum256(body)
		ext := path.Ext(entry.Name())
		at := "/assets/" + strings.TrimSuffix(entry.Name(), ext) + "-" + hex.EncodeToString(sum[:6]) + ext
		all.paths[entry.Name()] = at
		all.files[at] = File{Type: mime.TypeByExtension(ext), Body: body}
	}
	return all, nil
})

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
