package questionnaires

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// maxWords is how many words the text of a question, and any sentence of it, may
// have before people read it twice.
const maxWords = 25

func (l *linter) notes(path string, notes []Note) {
	for _, n := range notes {
		l.text(strings.TrimPrefix(path+".notes["+n.Code+"]", "."), n.Text, true)
	}
}

var placeholderForm = regexp.MustCompile(`\{[^{}]*\}`)

// text checks one text: there in all languages, with the same placeholders.
func (l *linter) text(path string, t Text, needed bool) {
	if len(t) == 0 && !needed {
		return
	}
	var first []string
	in := map[string][]string{} // the languages by placeholder
	worded := 0
	for i, lang := range Languages {
		if strings.TrimSpace(t[lang]) == "" {
			l.say(path+"."+lang, RuleMissingTranslation, "there are no words in this language")
			continue
		}
		marks := placeholderForm.FindAllString(t[lang], -1)
		slices.Sort(marks)
		worded++
		for _, m := range slices.Compact(slices.Clone(marks)) {
			in[m] = append(in[m], lang)
		}
		if i == 0 {
			first = marks
		} else if !slices.Equal(first, marks) {
			l.say(path+"."+lang, RulePlaceholdersDiffer, "the placeholders are not those of %s", Languages[0])
		}
		if lang == "de" && strings.Contains(t[lang], "ß") {
			l.say(path+".de", RuleSwissSpelling, "Swiss German is spelled with ss")
		}
	}
	for _, m := range slices.Sorted(maps.Keys(in)) {
		l.placeholder(path, m, in[m], len(in[m]) == worded)
	}
}

// placeholder checks that there is something to put in the place of a
// placeholder: what the wave sets, or an answer that was given before. One that
// stands in every language is one mistake.
func (l *linter) placeholder(path, mark string, langs []string, everywhere bool) {
	name := strings.Trim(mark, "{}")
	if name == "ref_from" || name == "ref_to" || name == "office" {
		return
	}
	at := -1
	if s, ok := l.q.symbols[name]; ok && s.question != nil {
		at = s.question.at
	} else if ok && s.calculated.Formula != nil {
		at = s.calculated.Formula.named.last()
	} else if qu := l.q.Question(name); qu != nil {
		at = qu.at
	}
	places := []string{path}
	if !everywhere {
		places = nil
		for _, lang := range langs {
			places = append(places, path+"."+lang)
		}
	}
	for _, place := range places {
		switch {
		case at < 0:
			l.say(place, RuleUnknownPlaceholder, "%s is none of {ref_from}, {ref_to}, {office} and no question", mark)
		case at >= l.before:
			l.say(place, RuleLooksForward, "%s comes later: a text can hold earlier answers only", mark)
		}
	}
}

var sentenceEnd = regexp.MustCompile(`[.?!…:]\s+|\n+`)

// sentences warns of questions that are too long to be read once: of their
// sentences, else of the whole.
func (l *linter) sentences(path string, t Text) {
	for _, lang := range Languages {
		long := false
		for _, s := range sentenceEnd.Split(t[lang], -1) {
			if n := len(strings.Fields(s)); n > maxWords {
				long = true
				l.say(path+"."+lang, RuleLongSentence, "a sentence of %d words; people read up to %d at once", n, maxWords)
			}
		}
		if n := len(strings.Fields(t[lang])); n > maxWords && !long {
			l.say(path+"."+lang, RuleLongQuestion, "the question has %d words; people read up to %d at once", n, maxWords)
		}
	}
}
