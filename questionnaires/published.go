package questionnaires

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
)

// PublishedFile lists the hashes of all published definition files, in the
// form of sha256sum.
const PublishedFile = "published.sum"

// Published checks the files of published versions against their hashes. A
// published version is closed: a finding says which file is no longer the one
// that was published. Its words can be changed in a new version only.
func Published(dir fs.FS) ([]Finding, error) {
	list, err := fs.ReadFile(dir, PublishedFile)
	if err != nil {
		return nil, fmt.Errorf("read the published hashes: %w", err)
	}
	var found findings
	listed := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(list)), "\n") {
		hash, name, ok := strings.Cut(line, "  ")
		if !ok {
			found.add(PublishedFile, RuleBadLine, "%q is not a hash, two spaces and a file", line)
			continue
		}
		listed[name] = true
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			found.add(name, RulePublishedMissing, "this published file is gone")
			continue
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != hash {
			found.add(name, RulePublishedChanged, "this published file was changed; make a new version instead")
		}
	}
	names, err := fs.Glob(dir, "*/*/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the definitions: %w", err)
	}
	for _, name := range names {
		if !listed[name] {
			found.add(name, RuleNotPublished, "this file has no hash in %s", PublishedFile)
		}
	}
	return found, nil
}
