package questionnaires

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// words are the words of a version by place, in the order in which the text
// files show them.
type words struct {
	root *branch
	err  error
}

// branch is a place in the text files: it has words, or branches of its own.
type branch struct {
	name  string
	text  Text
	under []*branch
}

// sections are the parts of a text file, in order.
var sections = []string{"title", "intro", "header", "notes", "scales", "also", "pages", "questions", "calculated", "checks"}

func newWords() *words {
	w := &words{root: &branch{}}
	for _, name := range sections {
		w.root.under = append(w.root.under, &branch{name: name})
	}
	return w
}

var errTwoWordings = errors.New("two wordings for one place")

// set keeps the words of a place. The same place may be set again, to the same
// words only.
func (w *words) set(t Text, place ...string) {
	if len(t) == 0 || w.err != nil {
		return
	}
	for lang := range t {
		if !slices.Contains(Languages, lang) {
			w.fail("%s: no file holds the language %q", strings.Join(place, "/"), lang)
		}
	}
	at := w.root
	for _, name := range place {
		above := at
		if at = at.child(name); len(above.under) > maxKeys {
			w.fail("%s: one of more than %d with words; a reader accepts no more", strings.Join(place, "/"), maxKeys)
			return
		}
	}
	if at.text != nil && !at.text.equal(t) {
		w.fail("%s: %w", strings.Join(place, "/"), errTwoWordings)
	}
	at.text = t
}

func (w *words) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

func (b *branch) child(name string) *branch {
	for _, c := range b.under {
		if c.name == name {
			return c
		}
	}
	c := &branch{name: name}
	b.under = append(b.under, c)
	return c
}

var languageNames = map[string]string{"de": "German (Swiss spelling)", "fr": "French", "it": "Italian", "en": "English"}

// file gives the text file of one language.
func (w *words) file(ref, lang string) []byte {
	var l layout
	l.comment("The words of " + ref + ", " + languageNames[lang] + ".")
	any := false
	for _, b := range w.root.under {
		any = b.write(&l, 0, lang) || any
	}
	if !any {
		l.buf.WriteString("{}\n")
	}
	return l.bytes()
}

// write puts the words of a branch into a file; it says whether there were any.
func (b *branch) write(l *layout, indent int, lang string) bool {
	if s, ok := b.text[lang]; ok {
		l.pair(indent, key(b.name, indent), inQuotes(s))
		return true
	}
	if !b.has(lang) {
		return false
	}
	l.heading(indent, key(b.name, indent), len(b.under))
	for _, c := range b.under {
		c.write(l, indent+2, lang)
	}
	return true
}

func key(name string, indent int) string {
	if indent == 0 {
		return name
	}
	return asWord(name)
}

func (b *branch) has(lang string) bool {
	if _, ok := b.text[lang]; ok {
		return true
	}
	return slices.ContainsFunc(b.under, func(c *branch) bool { return c.has(lang) })
}
