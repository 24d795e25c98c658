package views

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"
	text "text/template"
	"time"

	"rondo/app/i18n"
)

//go:embed templates assets
var files embed.FS

// set is the templates of one area in one language.
type set struct {
	html *template.Template
	text *text.Template
}

var (
	mutex sync.Mutex
	sets  = map[string]*set{}
)

// Check parses every area in every language, for the start of the service.
func Check() error {
	areas, err := fs.ReadDir(files, "templates")
	if err != nil {
		return err
	}
	for _, area := range areas {
		for _, lang := range i18n.Languages {
			if _, err := load(area.Name(), lang); err != nil {
				return err
			}
		}
	}
	return nil
}

// pages are buffers for pages to come: those of questions are long, and a fresh buffer grows often.
var pages = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render writes the page template "<area>/<name>" with data, in lang.
func Render(w io.Writer, lang, name string, data any) error {
	s, err := load(path.Dir(name), lang)
	if err != nil {
		return err
	}
	page := pages.Get().(*bytes.Buffer)
	defer pages.Put(page)
	page.Reset()
	if err := s.html.ExecuteTemplate(page, name, data); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	_, err = page.WriteTo(w)
	return err
}

// Text gives the plain-text template "<area>/<name>" filled with data, in lang.
func Text(lang, name string, data any) (string, error) {
	s, err := load(path.Dir(name), lang)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	if err := s.text.ExecuteTemplate(&out, name, data); err != nil {
		return "", fmt.Errorf("fill %s: %w", name, err)
	}
	return out.String(), nil
}

func load(area, lang string) (*set, error) {
	if !i18n.Known(lang) {
		lang = i18n.Default
	}
	mutex.Lock()
	defer mutex.Unlock()
	if s := sets[area+"."+lang]; s != nil {
		return s, nil
	}

	around, err := questionWordsIn(lang)
	if err != nil {
		return nil, err
	}
	frame, err := frameWordsIn(lang)
	if err != nil {
		return nil, err
	}
	change, err := phrased(lang, "respond.review.change", "")
	if err != nil {
		return nil, err
	}
	bound := functions(lang)
	s := &set{text: text.New(area).Funcs(bound).Option("missingkey=error")}
	line, err := statusLine(lang)
	if err != nil {
		return nil, err
	}
	// HTML has no place in a plain text.
	bound["question"], bound["top"], bound["bottom"] = around.question, frame.top, frame.bottom
	bound["reviewed"] = func(pages []ReviewedPage) template.HTML { return reviewed(change, pages) }
	bound["status"] = func() template.HTML { return line }
	s.html = template.New(area).Funcs(bound).Option("missingkey=error")
	frame.bar = s.bar
	from := []string{"base"}
	if area != "base" {
		from = append(from, area)
	}
	for _, a := range from {
		if err := s.parse(a, lang); err != nil {
			return nil, err
		}
	}
	sets[area+"."+lang] = s
	return s, nil
}

// bar writes the strip above a page that is only looked at.
func (s *set) bar(b *Bar) (template.HTML, error) {
	var out strings.Builder
	err := s.html.ExecuteTemplate(&out, "base/bar", b)
	return template.HTML(out.String()), err // the template has escaped it
}

func (s *set) parse(area, lang string) error {
	entries, err := fs.ReadDir(files, "templates/"+area)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		raw, err := fs.ReadFile(files, "templates/"+area+"/"+entry.Name())
		if err != nil {
			return err
		}
		base, kind := strings.TrimSuffix(entry.Name(), path.Ext(entry.Name())), path.Ext(entry.Name())
		switch kind {
		case ".html":
			var said string
			if said, err = settled(string(raw), lang); err == nil {
				_, err = s.html.New(area + "/" + base).Parse(said)
			}
		case ".txt":
			_, err = s.text.New(area + "/" + base).Parse(string(raw))
		}
		if err != nil {
			return fmt.Errorf("parse %s/%s: %w", area, entry.Name(), err)
		}
	}
	return nil
}

// fixed are words and asset names that are the same on every page of a language.
var fixed = regexp.MustCompile(`\{\{(t|asset) "([^"{}]+)"\}\}`)

// settled puts fixed words into a template once instead of at every page: calling a function from
// a template costs more than anything it says.
func settled(raw, lang string) (string, error) {
	var failed error
	said := fixed.ReplaceAllStringFunc(raw, func(call string) string {
		part := fixed.FindStringSubmatch(call)
		text, err := Asset(part[2])
		if part[1] == "t" {
			text, err = words(lang, part[2], nil)
		}
		failed = errors.Join(failed, err)
		return template.HTMLEscapeString(text)
	})
	return said, failed
}

// functions are what a template may call besides its data, bound to lang.
func functions(lang string) map[string]any {
	return map[string]any{
		"t":        func(key string, pairs ...any) (string, error) { return words(lang, key, pairs) },
		"n":        func(key string, n int, pairs ...any) (string, error) { return counted(lang, key, n, pairs) },
		"date":     func(at time.Time) string { return i18n.Date(lang, at) },
		"datetime": func(at time.Time) string { return i18n.DateTime(lang, at) },
		"number":   func(x any) (string, error) { return number(lang, x) },
		"asset":    Asset,
		"part":     part,
	}
}

func words(lang, key string, pairs []any) (string, error) {
	args, err := part(pairs...)
	if err != nil {
		return "", err
	}
	return i18n.Lookup(lang, key, args)
}

func counted(lang, key string, n int, pairs []any) (string, error) {
	args, err := part(pairs...)
	if err != nil {
		return "", err
	}
	return i18n.LookupN(lang, key, n, args)
}

// part puts name, value, name, value, … together for a part of a template or
// for the placeholders of a text.
func part(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("%d names and values do not pair up", len(pairs))
	}
	args := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("%v is no name", pairs[i])
		}
		args[name] = pairs[i+1]
	}
	return args, nil
}

func number(lang string, x any) (string, error) {
	switch v := x.(type) {
	case int:
		return i18n.Number(lang, float64(v)), nil
	case int64:
		return i18n.Number(lang, float64(v)), nil
	case float64:
		return i18n.Number(lang, v), nil
	}
	return "", fmt.Errorf("%v (%T) is no number", x, x)
}
