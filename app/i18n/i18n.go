package i18n

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Languages are the languages of the house, the default first.
var Languages = []string{"de", "fr", "it", "en"}

// Default is the language of somebody who has not chosen and asks for none of ours.
const Default = "de"

// ErrUnknownKey says that a key stands in no catalogue.
var ErrUnknownKey = errors.New("unknown catalogue key")

//go:embed catalogue/*.yaml
var files embed.FS

type words map[string]*goi18n.Localizer

var load = sync.OnceValues(func() (words, error) { return read(files) })

// read builds one localizer per language from all catalogue files.
func read(from fs.FS) (words, error) {
	bundle := goi18n.NewBundle(language.MustParse(Default))
	bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)

	paths, err := fs.Glob(from, "catalogue/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		raw, err := fs.ReadFile(from, path)
		if err != nil {
			return nil, err
		}
		if _, err := bundle.ParseMessageFileBytes(raw, path); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
	}

	all := words{}
	for _, lang := range Languages {
		all[lang] = goi18n.NewLocalizer(bundle, lang)
	}
	return all, nil
}

// Known says whether lang is one of ours.
func Known(lang string) bool {
	for _, l := range Languages {
		if l == lang {
			return true
		}
	}
	return false
}

// Lookup gives the words of key in lang with args put in, or ErrUnknownKey.
func Lookup(lang, key string, args map[string]any) (string, error) {
	p, err := cut(lang, key, args)
	if err != nil {
		return "", err
	}
	return p.fill(args), nil
}

// LookupN is Lookup for a text that depends on the count n, which the text
// itself may print as {{.n}}.
func LookupN(lang, key string, n int, args map[string]any) (string, error) {
	data := map[string]any{"n": Number(lang, float64(n))}
	for k, v := range args {
		data[k] = v
	}
	return localize(lang, &goi18n.LocalizeConfig{MessageID: key, TemplateData: data, PluralCount: n})
}

func localize(lang string, config *goi18n.LocalizeConfig) (string, error) {
	all, err := load()
	if err != nil {
		return "", err
	}
	localizer := all[lang]
	if localizer == nil {
		localizer = all[Default]
	}
	text, err := localizer.Localize(config)
	var unknown *goi18n.MessageNotFoundErr
	if errors.As(err, &unknown) {
		return "", fmt.Errorf("%w: %s (%s)", ErrUnknownKey, config.MessageID, lang)
	}
	return text, err
}

// T gives the words of key in lang with args put in. A key that is in no
// catalogue prints as itself; the tests keep that from happening.
func T(lang, key string, args map[string]any) string {
	text, err := Lookup(lang, key, args)
	if err != nil {
		return key
	}
	return text
}

// N is T for a text that depends on the count n ({{.n}} in the text).
func N(lang, key string, n int, args map[string]any) string {
	text, err := LookupN(lang, key, n, args)
	if err != nil {
		return key
	}
	return text
}

// Has says whether the default catalogue knows key.
func Has(key string) bool {
	_, err := Lookup(Default, key, nil)
	return err == nil
}

// Match gives the language of ours that an Accept-Language header asks for
// first, and false where it asks for none of them.
func Match(accept string) (string, bool) {
	if strings.TrimSpace(accept) == "" {
		return Default, false
	}
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(wanted) == 0 {
		return Default, false
	}
	_, i, confidence := matcher.Match(wanted...)
	if confidence == language.No {
		return Default, false
	}
	return Languages[i], true
}

var matcher = language.NewMatcher([]language.Tag{
	language.German, language.French, language.Italian, language.English,
})
