package respondent

import (
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rondo/questionnaires"
)

// Answerer says what to send for a form.
type Answerer func(page string, f Form) url.Values

// reserved are the names every form of answers may hold (contract, form fields).
var reserved = []string{"_tag", "_revision", "_go", "_lang", "_receipt"}

// From answers with given answers.
func From(a questionnaires.Answers) Answerer {
	return func(_ string, f Form) url.Values {
		v := hidden(f)
		for _, field := range f.Fields {
			if slices.Contains(reserved, field.Name) || field.Type == "submit" || field.Type == "hidden" {
				continue
			}
			for _, s := range sent(a, field.Name) {
				v.Add(field.Name, s)
			}
		}
		return v
	}
}

// sent is what a field carries for the answers given, as form values.
func sent(a questionnaires.Answers, field string) []string {
	if code, part, ok := strings.Cut(field, "."); ok && slices.Contains([]string{"day", "month", "year"}, part) {
		if day := strings.Split(a[code].Text, "-"); len(day) == 3 {
			return []string{day[map[string]int{"year": 0, "month": 1, "day": 2}[part]]}
		}
	}
	value, ok := a[strings.Replace(field, ".", "__", 1)]
	switch {
	case !ok:
		return nil
	case value.Missing != 0:
		return []string{strconv.Itoa(int(value.Missing))}
	case len(value.Codes) > 0:
		return value.Codes
	case value.Number != nil:
		return []string{strconv.FormatFloat(*value.Number, 'f', -1, 64)}
	default:
		return []string{value.Text}
	}
}

// Any answers by chance: every closed question, no typed text but in the fields named in texts.
func Any(r *rand.Rand, texts map[string]string) Answerer {
	return func(_ string, f Form) url.Values {
		v := hidden(f)
		rank := 0
		for _, field := range f.Fields {
			switch {
			case slices.Contains(reserved, field.Name):
			case texts[field.Name] != "":
				v.Set(field.Name, texts[field.Name])
			case field.Name == "e_contact":
				v.Set(field.Name, "1") // the longest way through
			case field.Type == "radio":
				v.Set(field.Name, field.Values[r.IntN(len(field.Values))])
			case field.Type == "checkbox":
				v.Set(field.Name, field.Values[r.IntN(min(len(field.Values), 3))])
			case field.Type == "select" && strings.Contains(field.Name, "."): // one rank of a ranking
				if rank++; rank <= 3 {
					v.Set(field.Name, strconv.Itoa(rank))
				}
			case field.Type == "select":
				v.Set(field.Name, chosen(r, field.Values))
			}
		}
		return v
	}
}

// chosen is one of the values by chance, but not the empty one that says "please choose".
func chosen(r *rand.Rand, values []string) string {
	values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	if len(values) == 0 {
		return ""
	}
	return values[r.IntN(len(values))]
}

func hidden(f Form) url.Values {
	v := url.Values{}
	for _, field := range f.Fields {
		if field.Type == "hidden" {
			v.Add(field.Name, field.Value)
		}
	}
	return v
}
