package nominate

import (
	"errors"
	"strings"
	"testing"

	"rondo/app/i18n"
)

func TestEveryRuleHasASentenceInEveryLanguage(t *testing.T) {
	args := map[string]any{"max": 1, "office": "ZH", "line": 2, "quota": 3, "other": "x"}
	for _, rule := range strings.Fields("missing bad_email bad_language bad_size bad_branch bad_quota bad_text formula link too_long other_office " +
		"unknown_office office_present duplicate_in_list duplicate_own duplicate_in_wave over_quota similar shared_email") {
		for _, lang := range i18n.Languages {
			got := Problem{Field: "name", Rule: rule, Args: args}.Sentence(lang)
			if got == "" || strings.Contains(got, "office.rule") || strings.Contains(got, "<no value>") {
				t.Errorf("%s in %s: %q", rule, lang, got)
			}
		}
	}
}

func TestEveryRefusedFileHasASentenceInEveryLanguage(t *testing.T) {
	for _, p := range []*FileProblem{
		{Rule: "too_large", Args: map[string]any{"megabytes": 8}}, {Rule: "old_excel"}, {Rule: "not_a_list"}, {Rule: "macros"}, {Rule: "external"},
		{Rule: "sheets", Args: map[string]any{"n": 2}}, {Rule: "too_many_rows", Args: map[string]any{"max": 1}},
		{Rule: "too_many_columns", Args: map[string]any{"max": 1}}, {Rule: "empty"}, {Rule: "quotes", Args: map[string]any{"line": 2}},
		{Rule: "columns", Args: map[string]any{"columns": []string{"email", "size"}}}, {Rule: "column_twice", Args: map[string]any{"column": "x"}},
	} {
		for _, lang := range i18n.Languages {
			got, ok := FileSentence(p, lang)
			if !ok || strings.Contains(got, "office.f") || strings.Contains(got, "<no value>") {
				t.Errorf("%s in %s: %q", p.Rule, lang, got)
			}
		}
	}
	if _, ok := FileSentence(errors.New("disk"), "de"); ok {
		t.Error("another error has a sentence")
	}
}
