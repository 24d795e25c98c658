package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// pieces are a text cut where its placeholders stand: words and names in turn, words
// first. Putting values between them takes a small part of what a template takes.
type pieces []string

// texts keeps what was cut: "de respond.step" → pieces. There are as many as the
// catalogue has, and no more: each key has the same placeholders wherever it is used.
var texts sync.Map

const gap = "\x00" // stands in no text

// cut gives the pieces of a text whose placeholders are the names of args.
func cut(lang, key string, args map[string]any) (pieces, error) {
	name := lang + " " + key
	if known, found := texts.Load(name); found {
		return known.(pieces), nil
	}
	marks := map[string]any{}
	for placeholder := range args {
		marks[placeholder] = gap + placeholder + gap
	}
	text, err := localize(lang, &goi18n.LocalizeConfig{MessageID: key, TemplateData: marks})
	if err != nil {
		return nil, err
	}
	p := pieces(strings.Split(text, gap))
	if !strings.Contains(text, "<no value>") { // a call that forgets a value must not speak for the others
		texts.Store(name, p)
	}
	return p, nil
}

// fill puts values in the places of their names.
func (p pieces) fill(args map[string]any) string {
	if len(p) == 1 {
		return p[0]
	}
	var b strings.Builder
	for i, piece := range p {
		if i%2 == 0 {
			b.WriteString(piece)
			continue
		}
		switch value := args[piece].(type) {
		case string:
			b.WriteString(value)
		case int:
			b.WriteString(strconv.Itoa(value))
		default:
			fmt.Fprint(&b, value)
		}
	}
	return b.String()
}
