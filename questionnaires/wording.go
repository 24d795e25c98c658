package questionnaires

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// wording holds the words of a version by place ("questions/e_contact/label")
// and language, as the text files give them.
type wording struct {
	texts map[string]Text
	used  map[string]bool
	found findings
}

// read takes in the words of one language.
func (w *wording) read(lang string, tree any) {
	w.walk(lang, "", tree)
}

func (w *wording) walk(lang, place string, tree any) {
	items, ok := tree.(yaml.MapSlice)
	if !ok {
		s, ok := scalar(tree)
		if !ok || place == "" {
			w.found.add(TextFile(lang)+": "+place, RuleNotWords, "here must stand words, in quotation marks")
			return
		}
		if w.texts[place] == nil {
			w.texts[place] = Text{}
		}
		w.texts[place][lang] = clean(s)
		return
	}
	for _, item := range items {
		key, _ := scalar(item.Key)
		w.walk(lang, strings.TrimPrefix(place+"/"+key, "/"), item.Value)
	}
}

// text gives the words at a place in every language there is; nil where there
// are none at all.
func (w *wording) text(place ...string) Text {
	if w.used == nil {
		w.used = map[string]bool{}
	}
	path := strings.Join(place, "/")
	w.used[path] = true
	return w.texts[path]
}

// leftovers reports the words that belong to nothing in the structure.
func (w *wording) leftovers(found *findings) {
	*found = append(*found, w.found...)
	var places []string
	for place := range w.texts {
		if !w.used[place] {
			places = append(places, place)
		}
	}
	slices.Sort(places)
	for _, place := range places {
		for _, lang := range Languages {
			if _, ok := w.texts[place][lang]; ok {
				found.add(TextFile(lang)+": "+place, RuleUnknownKey, "nothing in %s uses these words", StructureFile)
			}
		}
	}
}
