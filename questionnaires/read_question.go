package questionnaires

import (
	"fmt"
	"slices"

	"github.com/goccy/go-yaml"
)

// kinds are the kinds of question a definition may name.
var kinds = []Kind{Single, Multi, Matrix, Integer, Decimal, LongText, Ranking, YesNo, Date, Numbers, Texts}

// Default limits where a definition names none.
const (
	defaultTextLength = 2000
	otherLength       = 200
	topAll            = "all" // top: of a ranking of all its options
)

func (r *reader) question(f *fields, at int, page string) *Question {
	qu := &Question{Code: f.word("code"), Kind: Kind(f.word("kind"))}
	if codeForm.MatchString(qu.Code) {
		f.path = fmt.Sprintf("%s.questions[%s]", page, qu.Code)
	} else {
		r.found.add(f.at("code"), RuleBadCode, "a question needs a code of lower-case letters and digits, parted by single _")
	}
	if !slices.Contains(kinds, qu.Kind) {
		r.found.add(f.at("kind"), RuleUnknownKind, "the kind %q is none of %v", qu.Kind, kinds)
	}
	qu.Required, qu.Prefill, qu.Default = f.flag("required"), f.flag("prefill"), f.flag("default")
	qu.Shuffle, qu.NotFuture = f.flag("shuffle"), f.flag("not_future")
	qu.Role = Role(f.word("role"))
	qu.Label, qu.Unit = r.words.text("questions", qu.Code, "label"), r.words.text("questions", qu.Code, "unit")
	qu.Notes = r.notes(f)
	r.condition(f, "if", at, &qu.If)
	switch limit := f.word("limit"); limit {
	case "", "offices":
		qu.Offices = limit == "offices"
	default:
		r.found.add(f.at("limit"), RuleBadValue, "the only limit is: offices")
	}
	r.limits(f, qu)
	r.options(f, qu, at)
	r.rows(f, qu, at)
	qu.Initial = f.wordOrWords("initial")
	f.done()
	r.shape(f, qu)
	r.initial(f, qu)
	return qu
}

func (r *reader) limits(f *fields, qu *Question) {
	qu.Min, qu.Max = f.number("min"), f.number("max")
	qu.SumEquals, qu.SumMin = f.number("sum_equals"), f.number("sum_min")
	qu.Decimals, qu.MaxLength = f.whole("decimals"), f.whole("max_length")
	qu.Least, qu.Most = f.whole("least"), f.whole("most")
	if s, ok := scalar(f.values["top"]); !ok || s != topAll {
		qu.Top = f.whole("top")
	}
	if qu.MaxLength == 0 && (qu.Kind == LongText || qu.Kind == Texts) {
		qu.MaxLength = defaultTextLength
	}
	if qu.MaxLength > maxTextLength {
		r.found.add(f.at("max_length"), RuleTooLong, "a text may have at most %d characters", maxTextLength)
	}
	if qu.Min != nil && qu.Max != nil && *qu.Min > *qu.Max {
		r.found.add(f.at("min"), RuleBadRange, "min is above max")
	}
}

// options reads the options of a question: its own, those of a scale, and the
// named answers outside the scale.
func (r *reader) options(f *fields, qu *Question, at int) {
	type rule struct {
		of     *fields
		option int
	}
	var rules []rule // kept until the options no longer move
	for i, v := range f.list("options") {
		path := fmt.Sprintf("%s.options[%d]", f.path, i+1)
		if code, ok := scalar(v); ok {
			qu.Options = append(qu.Options, r.option(path, code, "questions", qu.Code, "options", code))
			continue
		}
		of := mapping(path, v, &r.found)
		code := of.word("code")
		o := r.option(path, code, "questions", qu.Code, "options", code)
		o.Exclusive, o.Other = of.flag("exclusive"), of.flag("other")
		rules = append(rules, rule{of, len(qu.Options)})
		qu.Options = append(qu.Options, o)
	}
	if name := f.word("scale"); name != "" {
		scale, ok := r.scales[name]
		if !ok {
			r.found.add(f.at("scale"), RuleUnknownScale, "there is no scale %q", name)
		}
		r.used["scales."+name] = true
		without := f.words("without")
		for _, code := range without {
			if ok && !slices.ContainsFunc(scale, func(o Option) bool { return o.Code == code }) {
				r.found.add(f.at("without"), RuleUnknownAnswer, "the scale %s has no point %q", name, code)
			}
		}
		for _, o := range scale {
			if !slices.Contains(without, o.Code) {
				qu.Options = append(qu.Options, o)
			}
		}
	}
	for _, name := range f.words("also") {
		r.used["also."+name] = true
		o, ok := r.also[name]
		if !ok {
			r.found.add(f.at("also"), RuleUnknownAnswer, "there is no answer outside the scales named %q", name)
			continue
		}
		qu.Options = append(qu.Options, o)
	}
	for i := range qu.Options {
		if qu.Kind == Multi && qu.Options[i].Missing != 0 {
			qu.Options[i].Exclusive = true
		}
	}
	for _, x := range rules {
		r.condition(x.of, "if", at, &qu.Options[x.option].If)
		x.of.done()
	}
	if s, ok := scalar(f.values["top"]); ok && s == topAll {
		f.take("top")
		qu.Top = len(qu.Options)
	}
}

func (r *reader) rows(f *fields, qu *Question, at int) {
	list := f.list("rows")
	qu.Rows = make([]Row, len(list))
	for i, v := range list {
		path := fmt.Sprintf("%s.rows[%d]", f.path, i+1)
		row := &qu.Rows[i]
		if _, ok := v.(yaml.MapSlice); ok {
			rf := mapping(path, v, &r.found)
			row.Code = rf.word("code")
			r.condition(rf, "if", at, &row.If)
			r.condition(rf, "required_if", at, &row.RequiredIf)
			rf.done()
		} else if code, ok := scalar(v); ok {
			row.Code = code
		}
		if !optionForm.MatchString(row.Code) || !nameForm.MatchString(row.Code) {
			r.found.add(path, RuleBadCode, "a row needs a code of letters, digits and single _")
		}
		row.Label = r.words.text("questions", qu.Code, "rows", row.Code)
	}
}

// shape checks that a question has what its kind needs, and nothing it cannot use.
func (r *reader) shape(f *fields, qu *Question) {
	say := func(rule, format string, args ...any) { r.found.add(f.path, rule, format, args...) }
	choice := qu.Kind == Single || qu.Kind == Multi || qu.Kind == YesNo || qu.Kind == Ranking || qu.Kind == Matrix
	rows := qu.Kind == Matrix || qu.Kind == Numbers || qu.Kind == Texts
	number := qu.Kind == Integer || qu.Kind == Decimal || qu.Kind == Numbers
	if !slices.Contains(kinds, qu.Kind) {
		return
	}
	if choice != (len(qu.Options) > 0) && !r.unknownScale(f) {
		say(RuleOptionsAndKind, "a question of kind %s has %d options", qu.Kind, len(qu.Options))
	}
	if rows != (len(qu.Rows) > 0) {
		say(RuleRowsAndKind, "a question of kind %s has %d rows", qu.Kind, len(qu.Rows))
	}
	if !number && (qu.Min != nil || qu.Max != nil || qu.Unit != nil) {
		say(RuleLimitsAndKind, "min, max and unit belong to numbers only")
	}
	if number && (qu.Min == nil || qu.Max == nil) {
		say(RuleMissingLimits, "a number needs min and max")
	}
	if qu.Decimals > 0 && qu.Kind != Decimal || qu.Decimals > 6 {
		say(RuleLimitsAndKind, "decimals (at most 6) belong to decimal only")
	}
	if qu.Kind != Numbers && (qu.SumEquals != nil || qu.SumMin != nil) {
		say(RuleLimitsAndKind, "sum_equals and sum_min belong to numbers only")
	}
	if (qu.Kind == Ranking) != (qu.Top > 0) || qu.Top > len(qu.Options) {
		say(RuleLimitsAndKind, "a ranking, and only it, says under top: how many may be ranked")
	}
	if qu.MaxLength > 0 && qu.Kind != LongText && qu.Kind != Texts {
		say(RuleLimitsAndKind, "max_length belongs to text and texts only")
	}
	if qu.NotFuture && qu.Kind != Date {
		say(RuleLimitsAndKind, "not_future belongs to date only")
	}
	if qu.Offices && qu.Kind != Single || qu.Default && qu.Kind != LongText {
		say(RuleLimitsAndKind, "limit belongs to single only, default to text only")
	}
	if qu.Prefill && !slices.Contains(prefilled, qu.Kind) {
		say(RuleLimitsAndKind, "prefill belongs to %v only", prefilled)
	}
	r.ticks(qu, say)
	r.optionShape(qu, say)
}

// unknownScale says whether a question lacks options because its scale does not
// exist, which is reported.
func (r *reader) unknownScale(f *fields) bool {
	name, ok := scalar(f.values["scale"])
	return ok && r.scales[name] == nil
}

// prefilled are the kinds of question that the service can answer.
var prefilled = []Kind{Single, YesNo, Integer, Decimal, LongText, Date}

// ticks checks how many options of a multi must and may be ticked.
func (r *reader) ticks(qu *Question, say func(rule, format string, args ...any)) {
	most := qu.offered(&view{})
	switch {
	case qu.Least == 0 && qu.Most == 0:
	case qu.Kind != Multi:
		say(RuleLimitsAndKind, "least and most belong to multi only")
	case qu.Most > 0 && qu.Least > qu.Most:
		say(RuleBadRange, "least is above most")
	case qu.Least > most || qu.Most > most:
		say(RuleBadRange, "least and most count the %d options that do not exclude the others", most)
	}
}

func (r *reader) optionShape(qu *Question, say func(rule, format string, args ...any)) {
	for _, o := range qu.Options {
		if o.Exclusive && qu.Kind != Multi {
			say(RuleLimitsAndKind, "only options of a multi can exclude the others")
		}
		if o.Other && qu.Kind != Multi && qu.Kind != Single {
			say(RuleLimitsAndKind, "only single and multi have an option with a text field")
		}
		if o.Missing != 0 && qu.Kind == Ranking {
			say(RuleLimitsAndKind, "a ranking is left empty instead of %s", o.Code)
		}
		if qu.Kind == YesNo && o.Code != "1" && o.Code != "0" && o.Code != "98" {
			say(RuleLimitsAndKind, "yesno has the codes 1, 0 and 98; it may not have %s", o.Code)
		}
	}
}
