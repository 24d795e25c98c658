package questionnaires

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// compileSchema gives the schema as editors are given it.
func compileSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:rondo:questionnaire", document); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("urn:rondo:questionnaire")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// judge gives what the schema says of a file of a version.
func judge(t testing.TB, s *jsonschema.Schema, data []byte) error {
	t.Helper()
	j, err := yaml.YAMLToJSON(data)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(j))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(value)
}

func TestTheSchemaAcceptsEveryFileOfABuiltin(t *testing.T) {
	s := compileSchema(t)
	names, err := fs.Glob(Definitions(), "*/*/*.yaml")
	if err != nil || len(names) < 30 {
		t.Fatalf("%v: %v", names, err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(Definitions(), name)
		if err != nil {
			t.Fatal(err)
		}
		if err := judge(t, s, data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	others, err := filepath.Glob("testdata/workshop/1/*.yaml")
	if err != nil || len(others) == 0 {
		t.Fatal(err)
	}
	for _, name := range others {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := judge(t, s, data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSchemaRefusesTheSeededFaultsItCanKnow(t *testing.T) {
	s := compileSchema(t)
	for name, data := range baseFiles(t) {
		if err := judge(t, s, data); err != nil {
			t.Errorf("base/%s: %v", name, err)
		}
	}
	for _, name := range lintCases(t) {
		c := readCase(t, name)
		var refused []string
		for file, data := range c.files {
			if err := judge(t, s, data); err != nil {
				refused = append(refused, fmt.Sprintf("%s: %v", file, err))
			}
		}
		if want := c.schema == "refuses"; (len(refused) > 0) != want {
			t.Errorf("%s says schema: %s; refused: %v", name, c.schema, refused)
		}
	}
}

// places are the mappings of the files, each with a document that holds a key X
// there, and the keys that the document has besides.
var places = map[string]struct{ file, document, has string }{
	"structure":  {StructureFile, "key: k\nversion: 1\nX: 1\n", "key version"},
	"page":       {StructureFile, "key: k\nversion: 1\npages: [{code: p, X: 1}]\n", "code"},
	"question":   {StructureFile, "key: k\nversion: 1\npages: [{code: p, questions: [{code: a, scale: S, X: 1}]}]\n", "code scale"},
	"option":     {StructureFile, "key: k\nversion: 1\npages: [{code: p, questions: [{code: a, options: [{code: x, X: 1}]}]}]\n", "code"},
	"row":        {StructureFile, "key: k\nversion: 1\npages: [{code: p, questions: [{code: a, rows: [{code: x, X: 1}]}]}]\n", "code"},
	"check":      {StructureFile, "key: k\nversion: 1\nchecks: [{code: c, X: 1}]\n", "code"},
	"calculated": {StructureFile, "key: k\nversion: 1\ncalculated: [{code: c, X: 1}]\n", "code"},
	"changes":    {ChangesFile, "against: k/1\nX: 1\n", "against"},
	"change":     {ChangesFile, "changes: [{variable: a, X: 1}]\n", "variable"},
}

// TestTheSchemaHasTheKeysOfTheReaderAndNoOthers tries every key that occurs in
// either at every place.
func TestTheSchemaHasTheKeysOfTheReaderAndNoOthers(t *testing.T) {
	defs := schemaKeys(t)
	universe := map[string]bool{"X1": true}
	for _, keys := range defs {
		for key := range keys {
			universe[key] = true
		}
	}
	for key := range keysInTheSource(t) {
		universe[key] = true
	}
	for name, place := range places {
		for key := range universe {
			knows := slices.Contains(strings.Fields(place.has), key) || readerKnows(t, place.file, strings.Replace(place.document, "X: 1", key+": 1", 1), key)
			if knows != defs[name][key] {
				t.Errorf("%s: the reader knows the key %s: %v; the schema: %v", name, key, knows, defs[name][key])
			}
		}
	}
}

func readerKnows(t *testing.T, file, document, key string) bool {
	t.Helper()
	var found []Finding
	var err error
	if file == ChangesFile {
		_, found, err = ParseChanges([]byte(document))
	} else {
		_, found, err = ReadDir(folder(document))
	}
	if err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	return !slices.ContainsFunc(found, func(f Finding) bool {
		return f.Rule == RuleUnknownKey && strings.Contains(f.Sentence, `"`+key+`"`)
	})
}

// TestTheSchemaHasThePlacesOfTheWords compares the keys of the text files with
// those of the schema.
func TestTheSchemaHasThePlacesOfTheWords(t *testing.T) {
	q, _, err := ReadFiles(baseFiles(t))
	if err != nil {
		t.Fatal(err)
	}
	top, inQuestion := map[string]bool{}, map[string]bool{}
	for place := range q.words {
		parts := strings.Split(place, "/")
		top[parts[0]] = true
		if parts[0] == "questions" {
			inQuestion[parts[2]] = true
		}
	}
	defs := schemaKeys(t)
	if !maps.Equal(top, defs["text"]) || !maps.Equal(inQuestion, defs["text_question"]) {
		t.Errorf("words stand at %v and in questions at %v; the schema has %v and %v", top, inQuestion, defs["text"], defs["text_question"])
	}
}

// schemaKeys gives the keys of each mapping the schema describes.
func schemaKeys(t *testing.T) map[string]map[string]bool {
	t.Helper()
	var document struct {
		Defs map[string]struct {
			Properties map[string]any `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &document); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]bool{}
	for name, def := range document.Defs {
		out[name] = map[string]bool{}
		for key := range def.Properties {
			out[name][key] = true
		}
	}
	return out
}

// keysInTheSource gives the keys that the reader's source asks for.
func keysInTheSource(t *testing.T) map[string]bool {
	t.Helper()
	read := regexp.MustCompile(`\.(?:word|wordOrWords|flag|number|whole|words|list|take|condition)\((?:\w+, )?"(\w+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range read.FindAllStringSubmatch(string(source), -1) {
			keys[m[1]] = true
		}
	}
	return keys
}
