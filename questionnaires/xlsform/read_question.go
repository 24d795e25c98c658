package xlsform

import (
	"slices"
	"strconv"
	"strings"

	"rondo/questionnaires"
)

// metadata are the types by which XLSForm records a person's device, place and
// time. A questionnaire does not, whatever the workbook asks for.
var metadata = []string{"start", "end", "today", "deviceid", "device_id", "subscriberid", "simserial", "sim_id", "phonenumber", "phone_number", "username", "email", "audit",
	"start-geopoint", "background-audio", "background-geopoint", "uri:deviceid", "uri:subscriberid", "uri:simserial", "uri:phonenumber", "uri:username", "uri:email"}

var simpleKinds = map[string]questionnaires.Kind{
	"integer": questionnaires.Integer, "decimal": questionnaires.Decimal, "text": questionnaires.LongText, "date": questionnaires.Date,
	"select_one": questionnaires.Single, "select_multiple": questionnaires.Multi, "rank": questionnaires.Ranking,
	"acknowledge": questionnaires.Multi, "range": questionnaires.Integer,
}

// question takes a row, or a group that is one question, and puts it on its page.
func (r *reader) question(it *item, c *context) {
	if it.kind == "group" {
		r.groupQuestion(it, c)
		return
	}
	kind, ok := simpleKinds[it.kind]
	switch {
	case slices.Contains(metadata, it.kind):
		it.skip()
		r.lost(it.here(), "metadata", "%q is not recorded: a questionnaire stores nothing but answers", it.kind)
		return
	case !ok:
		it.skip()
		r.lost(it.here(), "question_type", "questions of the type %q have no counterpart", it.kind)
		return
	case it.kind == "text" && r.otherText(it, c):
		return
	}
	qu := &questionnaires.Question{Kind: kind}
	var codes map[string]string
	if kind == questionnaires.Single || kind == questionnaires.Multi && it.kind != "acknowledge" || kind == questionnaires.Ranking {
		l := r.lists[it.list]
		if l == nil {
			it.skip()
			r.lost(it.here(), "missing_list", "there is no list of choices %q", it.list)
			return
		}
		qu.Options, codes = l.options(), l.codes
	}
	qu.Code = r.codeOf(it, "q")
	r.common(it, qu, c)
	switch it.kind {
	case "acknowledge":
		qu.Options = []questionnaires.Option{{Code: "OK", Label: questionnaires.Text{"de": "OK", "fr": "OK", "it": "OK", "en": "OK"}}}
	case "range":
		r.rangeOf(it, qu)
	}
	r.choiceKind(it, qu)
	r.add(it, qu, []string{it.name}, codes, c)
	qu.Required = r.required(it, qu)
	r.parameters(it, qu)
	r.initial(it, qu, codes)
	r.filter(it, qu)
	r.constraint(it, qu, r.scope.byRef[it.name])
}

// add puts a question on the page and its variables into the scope.
func (r *reader) add(it *item, qu *questionnaires.Question, refs []string, codes map[string]string, c *context) {
	p := r.ensurePage(c)
	p.Questions = append(p.Questions, qu)
	for _, ref := range refs {
		if old := r.scope.byRef[ref]; old != nil {
			r.changed(it.place("name"), "duplicate_name", "the name %q is there twice; ${%s} means the first, %s", ref, ref, old.name)
		}
	}
	r.scope.addQuestion(qu, refs, codes, r.count)
	if r.anchor == nil && !qu.Prefill {
		r.anchor = r.scope.byName[qu.Variables()[0]]
	}
	before, conditions := r.count, append(c.onAnswer[:len(c.onAnswer):len(c.onAnswer)], r.expression(it, "relevant", "rondo_if")...)
	r.later = append(r.later, func() { qu.If = r.condition(conditions, before, nil) })
	r.count++
}

// common reads what every question has.
func (r *reader) common(it *item, qu *questionnaires.Question, c *context) {
	qu.Label = r.say(it.record, "label")
	qu.Role = questionnaires.Role(it.get("rondo_role"))
	qu.Unit = r.say(it.record, "rondo_unit")
	qu.Shuffle = r.flagIn(it.record, "rondo_shuffle")
	qu.Prefill = r.flagIn(it.record, "rondo_prefill")
	qu.Default = r.flagIn(it.record, "rondo_default")
	qu.Offices = r.wordIn(it.record, "rondo_limit", "offices")
	qu.Decimals = int(r.numberIn(it.record, "rondo_decimals"))
	qu.Top = int(r.numberIn(it.record, "rondo_top"))
	if qu.Kind == questionnaires.Ranking && qu.Top == 0 {
		qu.Top = len(qu.Options)
	}
	if qu.Kind == questionnaires.Decimal && it.peek("rondo_decimals") == "" && it.kind == "decimal" {
		qu.Decimals = 2
		r.changed(it.place("type"), "decimals", "XLSForm says nothing of digits after the point; two are accepted")
	}
	if qu.Prefill {
		it.get("read_only")
	} else if yes(it.peek("read_only")) {
		it.get("read_only")
		r.lost(it.place("read_only"), "read_only", "the answer could not be changed; here it can")
	}
	r.appearance(it)
	r.hints(it, qu)
}

// hints takes the notes that stood above the question and its own hints.
func (r *reader) hints(it *item, qu *questionnaires.Question) {
	var keep []pendingNote
	for _, n := range r.pending {
		if n.of != "" && n.of != it.name {
			keep = append(keep, n)
			continue
		}
		qu.Notes = append(qu.Notes, n.note)
	}
	r.pending = keep
	own := it.get("rondo_notes")
	if hint := r.say(it.record, "hint"); hint != nil || own != "" {
		name := own
		if name == "" {
			name = "HINT_" + qu.Code
		}
		qu.Notes = append(qu.Notes, questionnaires.Note{Code: r.noteCode(name, hint), Text: hint})
	}
	if guidance := r.say(it.record, "guidance_hint"); guidance != nil {
		qu.Notes = append(qu.Notes, questionnaires.Note{Code: r.noteCode("GUIDANCE_"+qu.Code, guidance), Text: guidance})
	}
}

func yes(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "yes", "true", "true()", "1":
		return true
	}
	return false
}

func no(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "no", "false", "false()", "0":
		return true
	}
	return false
}

// choiceKind tells yes or no from other choices, and adds what or_other means.
func (r *reader) choiceKind(it *item, qu *questionnaires.Question) {
	own := questionnaires.Kind(it.get("rondo_kind"))
	if qu.Kind == questionnaires.Single && own != questionnaires.Single && !it.orOther && (own == questionnaires.YesNo || isYesNo(qu.Options)) {
		qu.Kind = questionnaires.YesNo
	}
	if own != "" && own != qu.Kind {
		r.lost(it.place("rondo_kind"), "bad_value", "a row of this type is no question of the kind %q", string(own))
	}
	if qu.Kind == questionnaires.Multi {
		for i := range qu.Options {
			qu.Options[i].Exclusive = qu.Options[i].Missing != 0
		}
	}
	for _, o := range qu.Options {
		if o.Missing != 0 && !r.own {
			r.changed(it.place("type"), "missing_code", "the choice %s is stored as a missing answer: %s", o.Code, missingWords[o.Code])
		}
		if o.Missing != 0 && qu.Kind == questionnaires.Ranking {
			r.lost(it.place("type"), "missing_code", "the choice %s cannot be ranked; it is left out", o.Code)
		}
	}
	if qu.Kind == questionnaires.Ranking {
		qu.Options = slices.DeleteFunc(qu.Options, func(o questionnaires.Option) bool { return o.Missing != 0 })
		qu.Top = min(qu.Top, len(qu.Options))
	}
	if !it.orOther {
		return
	}
	code := "other"
	for n := 2; qu.Option(code) != nil; n++ {
		code = "other_" + strconv.Itoa(n)
	}
	qu.Options = append(qu.Options, questionnaires.Option{Code: code, Other: true,
		Label: questionnaires.Text{"de": "Andere", "fr": "Autre", "it": "Altro", "en": "Other"}})
	r.codes[qu.Code+"_other"] = 1
	r.changed(it.place("type"), "or_other", "or_other becomes the option %s with a text beside it, in words of our own", code)
}

var missingWords = map[string]string{"90": "not applicable", "94": "prefer not to say", "98": "don't know"}

// required reads the column; an expression in it becomes a check.
func (r *reader) required(it *item, qu *questionnaires.Question) bool {
	source := it.get("required")
	switch {
	case yes(source):
		return true
	case no(source):
		return false
	}
	before := r.count - 1
	at, text := it.place("required"), r.say(it.record, "required_message")
	code := r.codes.free(qu.Code + "_required")
	r.later = append(r.later, func() {
		l, ok := r.logicOf([]formulaCell{{at, source, ""}}, before, nil)
		if !ok {
			return
		}
		u := &understanding{scope: r.scope}
		missing := all(l, u.answered(r.scope.byName[variableOf(qu)]).negated())
		r.addCheck(qu, questionnaires.Check{Code: code, Question: qu.Code, Fails: questionnaires.Uncompiled(missing.source()), Text: text}, 0)
		r.changed(at, "required", "an answer that is required on a condition becomes the check %s", code)
	})
	return false
}

// rangeOf reads start, end and step of a range.
func (r *reader) rangeOf(it *item, qu *questionnaires.Question) {
	low, high, step := 0.0, 10.0, 1.0
	var rest []string
	for _, p := range strings.Fields(strings.ReplaceAll(it.peek("parameters"), ";", " ")) {
		name, value, _ := strings.Cut(p, "=")
		f, err := strconv.ParseFloat(value, 64)
		switch {
		case err != nil:
			rest = append(rest, p)
		case name == "start":
			low = f
		case name == "end":
			high = f
		case name == "step":
			step = f
		default:
			rest = append(rest, p)
		}
	}
	it.get("parameters")
	if len(rest) > 0 {
		r.lost(it.place("parameters"), "parameters", "%s has no counterpart", strings.Join(rest, " "))
	}
	qu.Min, qu.Max = &low, &high
	if low > high {
		qu.Min, qu.Max = &high, &low
	}
	if digits := fraction(step, low, high); digits > 0 {
		qu.Kind, qu.Decimals = questionnaires.Decimal, min(digits, 6)
	}
	if step != 1 {
		r.lost(it.place("parameters"), "range_step", "numbers between the steps of %s are accepted too", questionnaires.FormatNumber(step))
	}
}

// fraction gives the digits after the point that the numbers need.
func fraction(numbers ...float64) int {
	digits := 0
	for _, f := range numbers {
		if _, after, ok := strings.Cut(questionnaires.FormatNumber(f), "."); ok {
			digits = max(digits, len(after))
		}
	}
	return digits
}

// variableOf names the first variable of a question.
func variableOf(qu *questionnaires.Question) string { return qu.Variables()[0] }
