package outbox

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"

	"rondo/app/i18n"
	"rondo/storage/identity"
)

// TextKinds are the kinds of messages to a population that have words of their own, in the order of
// a wave. Those about a hand-over, and about the head of an office, are caused by participants.
func TextKinds(population string) []string {
	kinds := []string{"invitation", "reminder", "last_call", identity.MessageHandOver}
	if population == "office" {
		kinds = append(kinds, identity.MessageRelease, identity.MessageGivenBack)
	}
	return append(kinds, "thanks", "results")
}

// Text is the subject and the body of a kind of message in one language. The signature and the
// footer are no part of it: nobody can leave them out.
type Text struct {
	Subject, Body string
	Own           bool // written by staff for this wave, else the usual one
}

// Longest texts, in characters.
const (
	longestSubject = 120
	longestBody    = 6000
)

// textKind is the kind of words of a message.
func textKind(kind string, number int) string {
	if kind == "reminder" && number == LastCall {
		return "last_call"
	}
	return kind
}

// leads reports whether words of a kind lead to the questionnaire.
func leads(textKind string) bool { return textKind == "last_call" || carriesLink(textKind) }

// Placeholders are what a text may hold in double braces, in alphabetical order; of those that are
// true, each must stand in the body once.
func Placeholders(population, textKind string) map[string]bool {
	allowed := map[string]bool{"name": false, "contact": false}
	if population == "employer" {
		allowed["why"] = false
	}
	if leads(textKind) {
		allowed["link"], allowed["closes"] = true, false
	}
	return allowed
}

type textKey struct{ population, kind, language string }

// texts are what staff wrote for a wave.
type texts map[textKey]identity.MessageText

// texts reads what staff wrote for a wave.
func (o *Outbox) texts(ctx context.Context, waveID string) (texts, error) {
	list, err := o.Identity.MessageTexts(ctx, waveID)
	own := make(texts, len(list))
	for _, t := range list {
		own[textKey{t.Population, t.Kind, t.Language}] = t
	}
	return own, err
}

// usual is the catalogue's text, its placeholders as people write them.
func usual(population, textKind, lang string) (Text, error) {
	marks := map[string]any{}
	for _, name := range []string{"name", "contact", "why", "link", "closes", "office", "stop", "privacy", "check"} {
		marks[name] = "{{" + name + "}}"
	}
	key := catalogueKey(textKind, population)
	subject, err := i18n.Lookup(lang, key+".subject", marks)
	if err != nil {
		return Text{}, err
	}
	body, err := i18n.Lookup(lang, key+".text", marks)
	return Text{Subject: subject, Body: strings.TrimSpace(body)}, err
}

func catalogueKey(textKind, population string) string {
	key := "mail." + textKind
	if leads(textKind) {
		key += "." + population
	}
	return key
}

// Text gives the words of a kind for a population in one language.
func (o *Outbox) Text(ctx context.Context, waveID, population, textKind, lang string) (Text, error) {
	own, err := o.texts(ctx, waveID)
	if err != nil {
		return Text{}, err
	}
	return own.of(population, textKind, lang)
}

func (own texts) of(population, textKind, lang string) (Text, error) {
	if t, found := own[textKey{population, textKind, lang}]; found {
		return Text{Subject: t.Subject, Body: t.Body, Own: true}, nil
	}
	return usual(population, textKind, lang)
}

// usable is what staff wrote for a kind, if it can go out: of what no dry run goes before, it is
// asked here, and the usual words take the place of what a restore or another program has spoilt.
func (own texts) usable(population, kind, lang string) (identity.MessageText, bool) {
	t, found := own[textKey{population, kind, lang}]
	if found && kind != "last_call" && !slices.Contains(Kinds, kind) {
		found = len(checkPlaceholders(population, kind, Text{Subject: t.Subject, Body: t.Body})) == 0
	}
	return t, found
}

// SetText keeps a text for a wave or, with problems, keeps nothing. The usual words are not kept:
// they follow the catalogue.
func (o *Outbox) SetText(ctx context.Context, waveID, population, textKind, lang string, t Text) ([]Problem, error) {
	t = t.clean()
	if problems := o.CheckText(population, textKind, lang, t); len(problems) > 0 {
		return problems, nil
	}
	as, err := usual(population, textKind, lang)
	if err != nil {
		return nil, err
	}
	if as.Subject == t.Subject && as.Body == t.Body {
		return nil, o.Identity.DropMessageText(ctx, waveID, population, textKind, lang)
	}
	return nil, o.Identity.SetMessageText(ctx, identity.MessageText{
		WaveID: waveID, Population: population, Kind: textKind, Language: lang, Subject: t.Subject, Body: t.Body,
	})
}

// DropText goes back to the usual words.
func (o *Outbox) DropText(ctx context.Context, waveID, population, textKind, lang string) error {
	return o.Identity.DropMessageText(ctx, waveID, population, textKind, lang)
}

var manyLines = regexp.MustCompile(`\n[ \t]*\n\s*`)

// clean gives a text as it is kept: lines end as ours do, one empty line parts two paragraphs, and
// nothing stands in it that nobody sees.
func (t Text) clean() Text {
	lines := strings.Split(strings.ReplaceAll(visible(t.Body), "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRightFunc(line, unicode.IsSpace)
	}
	t.Body = strings.TrimSpace(manyLines.ReplaceAllString(strings.Join(lines, "\n"), "\n\n"))
	t.Subject = strings.TrimSpace(visible(t.Subject))
	return t
}

// visible leaves out what word processors hide in a text, such as soft hyphens, marks of the byte
// order or of the direction: a word or a link that has one in it would not be found. Their tabs look
// like spaces.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
}

// braced finds what stands in double braces, with or without the dot of the catalogue.
var braced = regexp.MustCompile(`\{\{\s*\.?([^{}]*?)\s*\}\}`)

// fillIn puts values in the places of their names. Values are put in once: one that looks like a
// placeholder stays as it is.
func fillIn(text string, args map[string]any) string {
	return braced.ReplaceAllStringFunc(text, func(found string) string {
		if value, ok := args[braced.FindStringSubmatch(found)[1]].(string); ok {
			return value
		}
		return found
	})
}

// CheckText says what is wrong with a text before it is kept.
func (o *Outbox) CheckText(population, textKind, lang string, t Text) []Problem {
	t = t.clean()
	var problems []Problem
	wrong := func(field, key string, args map[string]any) {
		problems = append(problems, Problem{Field: field, Key: key, Args: args})
	}
	for field, text := range map[string]string{"subject": t.Subject, "body": t.Body} {
		limit := map[string]int{"subject": longestSubject, "body": longestBody}[field]
		switch {
		case text == "":
			wrong(field, "required", nil)
		case len([]rune(text)) > limit:
			wrong(field, "text_long", map[string]any{"n": limit})
		case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && (field == "subject" || r != '\n') }):
			wrong(field, "text_control", nil)
		}
		for _, word := range o.foreign(text) {
			wrong(field, "text_foreign", map[string]any{"word": word})
		}
	}
	problems = append(problems, checkPlaceholders(population, textKind, t)...)
	if found, is := foreignLanguage(lang, t.Body); is {
		wrong("body", "text_language", map[string]any{"language": found})
	}
	if text := strings.ToLower(t.Subject + t.Body); population != "employer" && (strings.Contains(text, "anonym") || strings.Contains(text, "anonim")) {
		wrong("body", "text_anonymous", nil) // its answers carry the office's code: that is confidential, not anonymous
	}
	sort.SliceStable(problems, func(i, j int) bool { return problems[i].Field > problems[j].Field })
	return problems
}

// foreign are the addresses in a text that are none of ours.
func (o *Outbox) foreign(text string) (words []string) {
	for word := range strings.FieldsSeq(text) {
		word = strings.Trim(word, around)
		if likeLink.MatchString(word) && !o.inContact(word) || o.stranger(word) {
			words = append(words, word)
		}
	}
	return words
}

func checkPlaceholders(population, textKind string, t Text) (problems []Problem) {
	wrong := func(field, key, name, near string) {
		problems = append(problems, Problem{Field: field, Key: key, Args: map[string]any{"name": "{{" + name + "}}", "near": "{{" + near + "}}"}})
	}
	allowed, count := Placeholders(population, textKind), map[string]int{}
	for field, text := range map[string]string{"subject": t.Subject, "body": t.Body} {
		for _, found := range braced.FindAllStringSubmatch(text, -1) {
			name := found[1]
			_, known := allowed[name]
			switch {
			case !known:
				wrong(field, "text_unknown", name, i18n.Nearest(name, slices.Collect(maps.Keys(allowed))))
			case field == "subject" && name != "name":
				wrong(field, "text_subject", name, "")
			}
			if field == "body" {
				count[name]++
			}
		}
		if rest := braced.ReplaceAllString(text, ""); strings.ContainsAny(rest, "{}") {
			problems = append(problems, Problem{Field: field, Key: "text_braces"})
		}
	}
	for name, must := range allowed {
		switch {
		case must && count[name] == 0:
			wrong("body", "text_missing", name, "")
		case must && count[name] > 1:
			wrong("body", "text_twice", name, "")
		case must && !slices.ContainsFunc(strings.Split(t.Body, "\n\n"), func(p string) bool {
			p = strings.TrimSpace(p)
			return braced.FindString(p) == p && strings.Contains(p, name)
		}):
			wrong("body", "text_alone", name, "")
		}
	}
	return problems
}

// faults are what is wrong with the words of a plan before any name stands in them: they concern
// everybody who reads that language.
func (own texts) faults(population, kind string, number int, languages map[string]int) (faults []Fault) {
	for _, lang := range i18n.Languages {
		t, err := own.of(population, textKind(kind, number), lang)
		if languages[lang] == 0 || err != nil || !t.Own {
			continue
		}
		if _, is := foreignLanguage(lang, t.Body); is {
			faults = append(faults, Fault{Rule: "language"})
		}
		for _, p := range checkPlaceholders(population, textKind(kind, number), t) {
			faults = append(faults, Fault{Rule: map[bool]string{true: "link", false: "placeholder"}[p.Key == "text_alone" || p.Key == "text_twice"]})
		}
	}
	return faults
}
