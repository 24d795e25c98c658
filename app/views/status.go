package views

import (
	"html/template"

	"rondo/app/i18n"
)

// scriptWords are what the script (assets/rondo) says to people, in the order they stand on the line.
var scriptWords = []string{"saved", "unsaved", "away", "waiting", "restored", "up", "down", "unranked"}

// scriptCounts are what it says about a number of characters, which it puts in the place of {n}. It
// takes the form -one where its browser says so of the number in the language of the page; there
// are never so many that a language needs a third.
var scriptCounts = []string{"left", "over"}

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
	for _, word := range scriptCounts {
		for i, form := range []literal{"-one", ""} {
			said, err := i18n.LookupN(lang, "respond.script."+word, i+1, map[string]any{"n": "{n}"})
			if err != nil {
				return "", err
			}
			m.attribute(literal("data-"+word)+form, said)
		}
	}
	m.raw(`><span></span> <span aria-live="off"></span></p>`)
	return m.html(), nil
}
