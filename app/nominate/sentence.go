package nominate

import (
	"errors"
	"maps"
	"strings"

	"rondo/app/i18n"
)

// Sentence says a problem in words, in lang.
func (p Problem) Sentence(lang string) string {
	args := map[string]any{"field": i18n.T(lang, "office.field."+p.Field, nil)}
	maps.Copy(args, p.Args)
	return i18n.T(lang, "office.rule."+p.Rule, args)
}

// Sentence says all problems of a line in words, in lang; "" where there are none.
func (v Verdict) Sentence(lang string) string {
	var all []string
	for _, p := range v.Problems {
		all = append(all, p.Sentence(lang))
	}
	return strings.Join(all, " ")
}

// FileSentence says in words, in lang, why a file cannot be read as a list,
// and whether err says so at all.
func FileSentence(err error, lang string) (string, bool) {
	var p *FileProblem
	if !errors.As(err, &p) {
		return "", false
	}
	args := maps.Clone(p.Args)
	if fields, ok := args["columns"].([]string); ok {
		var names []string
		for _, field := range fields {
			names = append(names, i18n.T(lang, "office.field."+field, nil))
		}
		args["columns"] = strings.Join(names, ", ")
	}
	return i18n.T(lang, "office.file."+p.Rule, args), true
}
