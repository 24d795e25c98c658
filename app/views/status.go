package views

import (
	"html/template"

	"rondo/app/i18n"
)

// scriptWords are what the script (assets/rondo) says to people, in the order they stand on the line.
var scriptWords = []string{"saved", "unsaved", "away", "waiting", "restored", "left", "over", "up", "down", "unranked"}

// statusLine is the line on which the script says whether what was typed is saved, with all its
// words. The time stands in a part of its own that is not announced: it changes with each save.
func statusLine(lang string) (template.HTML, error) {
	var m markup
	m.raw(`<p class="saved" id="saved" role="status"`)
	for _, word := range scriptWords {
		said, err := i18n.Lookup(lang, "respond.script."+word, nil)
		if err != nil {
			return "", err
		}
		m.attribute(literal("data-"+word), said)
	}
	m.raw(`><span></span> <span aria-live="off"></span></p>`)
	return m.html(), nil
}
