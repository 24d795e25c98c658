package questionnaires

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
)

// Finding is something an author should mend before publishing.
type Finding struct {
	Path     string // questionnaire.yaml: pages[e1].questions[e_since].if
	Rule     string // unknown_key, missing_translation, …
	Sentence string // what is wrong, in English
	Warning  bool   // worth a look, but no obstacle to publishing
}

func (f Finding) String() string { return f.Path + ": " + f.Rule + ": " + f.Sentence }

// Limits of a definition file. The largest built-in one has 30 KB; nesting
// beyond a dozen levels is an attack on the parser, not a questionnaire.
const (
	maxFileSize = 512 << 10
	maxNesting  = 12
)

// findings collects what a reader finds.
type findings []Finding

func (f *findings) add(path, rule, format string, args ...any) {
	sentence, _, _ := strings.Cut(fmt.Sprintf(format, args...), "\n") // parsers add an excerpt
	*f = append(*f, Finding{Path: path, Rule: rule, Sentence: sentence, Warning: warnings[rule]})
}

// readFile reads a file of a definition, unless it is too large to be one.
func readFile(dir fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(dir, name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if info.Size() > maxFileSize {
		return nil, fmt.Errorf("read %s: larger than %d bytes", name, maxFileSize)
	}
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

// parseTree turns YAML into ordered maps, lists and scalars. Aliases and deep
// nesting are refused before anything is built from them.
func parseTree(data []byte) (any, error) {
	left := mostMarks
	return parseWithin(data, &left)
}

// parseWithin is parseTree for one of several files, which together have so many marks left.
func parseWithin(data []byte, left *int) (any, error) {
	if len(data) > maxFileSize {
		return nil, fmt.Errorf("larger than %d bytes", maxFileSize)
	}
	if err := crowded(data, left); err != nil {
		return nil, err
	}
	tokens := lexer.Tokenize(string(data))
	if err := harmless(tokens); err != nil {
		return nil, err
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, noYAML(err)
	}
	if len(file.Docs) > 1 {
		return nil, fmt.Errorf("line %d: a file holds one document", file.Docs[1].Start.Position.Line)
	}
	var tree any
	if len(file.Docs) == 1 && file.Docs[0].Body != nil {
		if err := yaml.NodeToValue(file.Docs[0].Body, &tree, yaml.UseOrderedMap()); err != nil {
			return nil, noYAML(err)
		}
	}
	return tree, nil
}

// noYAML says where a file is no YAML. The library's own words are not used:
// it prints the lines around the place, and takes minutes for that where a line
// is long.
func noYAML(err error) error {
	if e := yaml.Error(nil); errors.As(err, &e) && e.GetToken() != nil {
		return fmt.Errorf("line %d: not readable as YAML: %s", e.GetToken().Position.Line, e.GetMessage())
	}
	return fmt.Errorf("not readable as YAML: %w", err)
}

// scalar gives a YAML scalar as its author wrote it, as far as codes need it.
func scalar(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case uint64:
		return strconv.FormatUint(v, 10), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	return "", false
}

// fields is a YAML mapping whose keys are all accounted for.
type fields struct {
	path   string
	found  *findings
	values map[string]any
	unread map[string]bool
}

// mapping takes a tree node as a mapping; what is none becomes a finding and an
// empty mapping.
func mapping(path string, value any, found *findings) *fields {
	f := &fields{path: path, found: found, values: map[string]any{}, unread: map[string]bool{}}
	items, ok := value.(yaml.MapSlice)
	if !ok {
		found.add(path, RuleNotAMapping, "here must stand keys with values")
		return f
	}
	for _, item := range items {
		key, ok := scalar(item.Key)
		if !ok {
			found.add(path, RuleNotAWord, "a key must be a word or a number")
			continue
		}
		f.values[key] = item.Value
		f.unread[key] = true
	}
	return f
}

func (f *fields) at(key string) string { return strings.TrimSuffix(f.path, ":") + sep(f.path) + key }

func sep(path string) string {
	if strings.HasSuffix(path, ":") {
		return ": "
	}
	return "."
}

func (f *fields) take(key string) (any, bool) {
	v, ok := f.values[key]
	delete(f.unread, key)
	return v, ok && v != nil
}

func (f *fields) word(key string) string {
	v, ok := f.take(key)
	if !ok {
		return ""
	}
	s, ok := scalar(v)
	if !ok {
		f.found.add(f.at(key), RuleNotAWord, "here must stand one word or number")
	}
	return s
}

func (f *fields) flag(key string) bool {
	v, ok := f.take(key)
	if !ok {
		return false
	}
	b, ok := v.(bool)
	if !ok {
		f.found.add(f.at(key), RuleNotTrueOrFalse, "here must stand true or false")
	}
	return b
}

func (f *fields) number(key string) *float64 {
	if _, ok := f.take(key); !ok {
		return nil
	}
	n, err := strconv.ParseFloat(f.word(key), 64)
	if err != nil || n < -1e12 || n > 1e12 {
		f.found.add(f.at(key), RuleNotANumber, "here must stand a number")
		return nil
	}
	return &n
}

func (f *fields) whole(key string) int {
	n := f.number(key)
	if n == nil {
		return 0
	}
	if *n != float64(int(*n)) || *n < 0 {
		f.found.add(f.at(key), RuleNotWhole, "here must stand a whole number, not below 0")
		return 0
	}
	return int(*n)
}

func (f *fields) list(key string) []any {
	v, ok := f.take(key)
	if !ok {
		return nil
	}
	l, ok := v.([]any)
	if !ok {
		f.found.add(f.at(key), RuleNotAList, "here must stand a list")
	}
	return l
}

func (f *fields) words(key string) []string {
	var out []string
	for _, v := range f.list(key) {
		s, ok := scalar(v)
		if !ok {
			f.found.add(f.at(key), RuleNotAWord, "each entry must be one word or number")
			continue
		}
		out = append(out, s)
	}
	return out
}

// wordOrWords is words where a single one may stand without the list.
func (f *fields) wordOrWords(key string) []string {
	if s, ok := scalar(f.values[key]); ok {
		f.take(key)
		return []string{s}
	}
	return f.words(key)
}

// done reports the keys nobody asked for.
func (f *fields) done() {
	for _, key := range slices.Sorted(maps.Keys(f.unread)) {
		f.found.add(f.at(key), RuleUnknownKey, "the key %q is not part of the format", key)
	}
}
