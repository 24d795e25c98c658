package questionnaires

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrGiven says that answers written down cannot be read; the error names the place.
var ErrGiven = errors.New("these answers cannot be read")

// ParseAnswers reads answers as authors write them down to try a questionnaire:
// one "variable = value" a line, or one JSON object. The row of a question is
// code__row or code.row; several ticked codes are parted by commas; a number is
// written as in conditions, a day as 2026-11-22. Lines that begin with # say nothing.
func (q *Questionnaire) ParseAnswers(text string) (Answers, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return q.parseJSONAnswers(text)
	}
	a := Answers{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			return nil, fmt.Errorf("%w: %q is not variable = value", ErrGiven, line)
		}
		value = strings.Trim(strings.TrimSpace(value), `"`)
		if err := q.give(a, strings.TrimSpace(name), []string{value}); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (q *Questionnaire) parseJSONAnswers(text string) (Answers, error) {
	var given map[string]any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&given); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrGiven, err)
	}
	a := Answers{}
	for name, v := range given {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		var values []string
		for _, x := range list {
			values = append(values, fmt.Sprint(x))
		}
		if err := q.give(a, name, values); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// give sets one variable.
func (q *Questionnaire) give(a Answers, name string, values []string) error {
	name = strings.Replace(name, ".", "__", 1)
	for _, qu := range q.questions {
		if !slices.Contains(qu.Variables(), name) {
			continue
		}
		v, err := qu.giveValue(name, values)
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrGiven, name, err)
		}
		a[name] = v
		return nil
	}
	return fmt.Errorf("%w: there is no variable %q", ErrGiven, name)
}

func (qu *Question) giveValue(name string, values []string) (Value, error) {
	first := strings.Join(values, ",")
	if name == qu.Code+"_other" {
		return Value{Text: clean(first)}, nil
	}
	switch qu.Kind {
	case LongText, Texts:
		return Value{Text: clean(first)}, nil
	case Date:
		if _, err := time.Parse(time.DateOnly, first); err != nil {
			return Value{}, fmt.Errorf("%q is no day such as 2026-11-22", first)
		}
		return Value{Text: first}, nil
	case Integer, Decimal, Numbers, Ranking:
		n, ok := ParseNumber(first)
		if !ok {
			return Value{}, fmt.Errorf("%q is no number", first)
		}
		return Value{Number: &n}, nil
	}
	return qu.giveCodes(first)
}

// giveCodes reads the codes of a closed question, in the order of its options.
func (qu *Question) giveCodes(list string) (Value, error) {
	var wanted []string
	for code := range strings.SplitSeq(list, ",") {
		wanted = append(wanted, strings.TrimSpace(code))
	}
	var v Value
	for _, o := range qu.Options {
		at := slices.Index(wanted, o.Code)
		if at < 0 {
			continue
		}
		wanted = slices.Delete(wanted, at, at+1)
		if o.Missing != 0 {
			v.Missing = o.Missing
			continue
		}
		v.Codes = append(v.Codes, o.Code)
	}
	switch {
	case len(wanted) > 0:
		return v, fmt.Errorf("there is no answer %q", wanted[0])
	case len(v.Codes) > 1 && qu.Kind != Multi, len(v.Codes) > 0 && v.Missing != 0:
		return v, fmt.Errorf("%q are more answers than it takes", list)
	}
	return v, nil
}
