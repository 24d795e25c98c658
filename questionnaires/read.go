package questionnaires

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
)

// StructureFile is the file of a version that says what is asked; the words
// stand in one text file per language.
const StructureFile = "questionnaire.yaml"

// TextFile names the file of the words of one language.
func TextFile(lang string) string { return "text." + lang + ".yaml" }

// Files lists the files whose bytes make the hash of a version, in order.
func Files() []string {
	names := []string{StructureFile}
	for _, lang := range Languages {
		names = append(names, TextFile(lang))
	}
	return names
}

// ReadDir reads one version from its folder. The error says that a file is
// missing or is no YAML; findings say what is wrong inside. A questionnaire
// with findings is complete enough to be shown and linted, but must not be
// asked.
func ReadDir(dir fs.FS) (*Questionnaire, []Finding, error) {
	files := map[string][]byte{}
	for _, name := range Files() {
		data, err := readFile(dir, name)
		if err != nil {
			return nil, nil, err
		}
		files[name] = data
	}
	return ReadFiles(files)
}

// ReadFiles is ReadDir for files that do not rest in a folder; they are given
// by the names in Files.
func ReadFiles(files map[string][]byte) (*Questionnaire, []Finding, error) {
	trees, left := map[string]any{}, mostMarksInAll
	hash := sha256.New()
	for _, name := range Files() {
		data, ok := files[name]
		if !ok {
			return nil, nil, fmt.Errorf("read %s: %w", name, fs.ErrNotExist)
		}
		tree, err := parseWithin(data, &left)
		if err != nil {
			return nil, nil, fmt.Errorf("read %s: %w", name, err)
		}
		trees[name] = tree
		fmt.Fprintf(hash, "%x  %s\n", sha256.Sum256(data), name)
	}
	r := &reader{words: &wording{texts: map[string]Text{}}}
	for _, lang := range Languages {
		r.words.read(lang, trees[TextFile(lang)])
	}
	q := r.questionnaire(mapping(StructureFile+":", trees[StructureFile], &r.found))
	q.Hash = hex.EncodeToString(hash.Sum(nil))
	q.words, q.unused = r.words.texts, r.unused()
	r.words.leftovers(&r.found)
	return q, r.found, nil
}

// reader turns the trees of a version into a questionnaire.
type reader struct {
	words  *wording
	found  findings
	scales map[string][]Option
	also   map[string]Option
	used   map[string]bool // scales and answers outside them: scales.FREQ4, also.NA
	later  []pending
}

// pending is a condition whose variables are not all known yet.
type pending struct {
	path   string
	source string
	before int
	into   **Condition
}

var (
	codeForm   = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	optionForm = regexp.MustCompile(`^[A-Za-z0-9+-]+(_[A-Za-z0-9+-]+)*$`)
	nameForm   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
)

func (r *reader) questionnaire(f *fields) *Questionnaire {
	q := &Questionnaire{Key: f.word("key"), Version: f.whole("version"), Minutes: f.whole("minutes")}
	if !codeForm.MatchString(q.Key) || q.Version < 1 {
		r.found.add(f.at("key"), RuleBadReference, "key must be a lower-case word and version a number from 1")
	}
	q.Title, q.Intro, q.Header = r.words.text("title"), r.words.text("intro"), r.words.text("header")
	q.Notes = r.notes(f)
	r.readScales(f)
	for i, v := range f.list("pages") {
		p := r.page(mapping(fmt.Sprintf("%s pages[%d]", f.path, i+1), v, &r.found), len(q.questions))
		q.Pages = append(q.Pages, p)
		for _, qu := range p.Questions {
			qu.at = len(q.questions)
			q.questions = append(q.questions, qu)
		}
	}
	checks := f.list("checks")
	q.Checks = make([]Check, len(checks))
	for i, v := range checks {
		r.check(mapping(fmt.Sprintf("%s checks[%d]", f.path, i+1), v, &r.found), q, &q.Checks[i])
	}
	formulas := r.calculated(f, q)
	f.done()
	q.index()
	known := r.symbols(q)
	r.formulas(q, formulas, known)
	r.compile(known)
	q.symbols = known
	q.place()
	return q
}

func (r *reader) notes(f *fields) []Note {
	var notes []Note
	for _, code := range f.words("notes") {
		notes = append(notes, Note{code, r.words.text("notes", code)})
	}
	return notes
}

func (r *reader) readScales(f *fields) {
	r.scales, r.also, r.used = map[string][]Option{}, map[string]Option{}, map[string]bool{}
	if v, ok := f.take("scales"); ok {
		scales := mapping(f.at("scales"), v, &r.found)
		for _, name := range slices.Sorted(maps.Keys(scales.values)) {
			for _, code := range scales.words(name) {
				r.scales[name] = append(r.scales[name], r.option(scales.at(name), code, "scales", name, code))
			}
		}
	}
	if v, ok := f.take("also"); ok {
		also := mapping(f.at("also"), v, &r.found)
		for _, name := range slices.Sorted(maps.Keys(also.values)) {
			code := also.word(name)
			o := r.option(also.at(name), code, "also", name)
			if o.Missing == 0 {
				r.found.add(also.at(name), RuleNotOutside, "answers outside the scales have the code 90, 94 or 98")
			}
			r.also[name] = o
		}
	}
}

// option makes an option from its code and the place of its words.
func (r *reader) option(path, code string, words ...string) Option {
	if !optionForm.MatchString(code) {
		r.found.add(path, RuleBadCode, "the code %q may hold letters, digits, +, - and single _", code)
	}
	o := Option{Code: code, Label: r.words.text(words...)}
	switch code {
	case "90":
		o.Missing = NotApplicable
	case "94":
		o.Missing = PreferNotToSay
	case "98":
		o.Missing = DontKnow
	}
	return o
}

func (r *reader) page(f *fields, first int) *Page {
	p := &Page{Code: f.word("code")}
	if codeForm.MatchString(p.Code) {
		f.path = fmt.Sprintf("%s: pages[%s]", StructureFile, p.Code)
	} else {
		r.found.add(f.at("code"), RuleBadCode, "a page needs a code of lower-case letters and digits")
	}
	p.Title = r.words.text("pages", p.Code)
	p.Notes = r.notes(f)
	r.condition(f, "if", first, &p.If)
	for i, v := range f.list("questions") {
		qf := mapping(fmt.Sprintf("%s.questions[%d]", f.path, i+1), v, &r.found)
		p.Questions = append(p.Questions, r.question(qf, first+i, f.path))
	}
	f.done()
	return p
}

// condition keeps a condition to be compiled when all variables are known.
func (r *reader) condition(f *fields, key string, before int, into **Condition) {
	if source := f.word(key); source != "" {
		r.later = append(r.later, pending{f.at(key), source, before, into})
	}
}

// symbols lists the variables of all questions.
func (r *reader) symbols(q *Questionnaire) symbols {
	r.codes(q)
	known := symbols{}
	for _, qu := range q.questions {
		known.add(qu)
	}
	return known
}

func (r *reader) compile(known symbols) {
	for _, p := range r.later {
		c, err := compile(p.source, known, p.before)
		if err != nil {
			r.found.add(p.path, ruleOf(err, RuleBadCondition), "%s", err)
			continue
		}
		*p.into = c
	}
}

func (r *reader) check(f *fields, q *Questionnaire, c *Check) {
	c.Code, c.Question = f.word("code"), f.word("question")
	c.Soft = f.flag("soft")
	c.Text = r.words.text("checks", c.Code)
	at := -1
	for _, qu := range q.questions {
		if qu.Code == c.Question {
			at = qu.at
		}
	}
	if at < 0 {
		r.found.add(f.at("question"), RuleUnknownQuestion, "there is no question %q", c.Question)
	}
	switch when := f.word("at"); when {
	case "", "release":
		c.Release = when == "release"
	default:
		r.found.add(f.at("at"), RuleBadValue, "a check is applied while answering (leave `at` out) or at: release")
	}
	if _, ok := f.values["fails"]; !ok {
		r.found.add(f.at("fails"), RuleMissingKey, "a check says under fails: when it fails")
	}
	if at >= 0 {
		r.condition(f, "fails", at+1, &c.Fails)
	}
	f.take("fails")
	f.done()
}

// ErrUnknown is given for a questionnaire or version that is not built in.
var ErrUnknown = errors.New("no such questionnaire")
