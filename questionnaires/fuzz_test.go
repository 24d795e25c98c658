package questionnaires

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"

	"rondo/questionnaires/boundtest"
)

// FuzzReadPage posts anything to every page: no panic, and what is kept fits
// the questionnaire.
func FuzzReadPage(f *testing.F) {
	f.Add(uint8(3), uint8(0), "e_contact=1&e_reasons=hire&e_reasons=doubt&e_cases=0")
	f.Add(uint8(3), uint8(7), "e_wishes.faster=1&e_wishes.early=2&e_image=98")
	f.Add(uint8(5), uint8(0), "o_fte_total=1%27000%2C5&o_fte_employer=-3&o_org_form=other&o_org_form_other=x")
	f.Add(uint8(1), uint8(0), "g_date.day=30&g_date.month=2&g_date.year=2024&g_participants.other=31&g_language=it&g_language=rm")
	f.Add(uint8(5), uint8(8), "o_type_mix.A=100&o_type_mix.B=0&o_type_mix.C=0&_tag=x&o_type.a_new_measures=98")
	f.Add(uint8(6), uint8(0), "w_size=5&w_services=placement&w_services=none&w_place=site&w_first.day=1")
	f.Add(uint8(6), uint8(1), "w_rating.advice=3&w_best=advice&w_order.advice=1&w_order.training=1&w_share.coaching=x")
	all := append(Builtins(), questionnaireOf(f, "workshop/1"))
	for i, q := range all {
		a := q.Random(rand.New(rand.NewPCG(1, 1)), someSetting, nil)
		for _, step := range q.Path(a) {
			f.Add(uint8(i), uint8(slices.Index(q.Pages, step.Page)), url.Values(asForm(step, a)).Encode())
		}
	}
	f.Fuzz(func(t *testing.T, which, page uint8, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		q := all[int(which)%len(all)]
		p := q.Pages[int(page)%len(q.Pages)]
		var turn Turn
		boundtest.Quick(t, func() { turn, err = q.ReadPage(p.Code, form, Answers{"e_contact": code("1")}, someSetting) })
		if err != nil {
			if refused := new(FieldError); !errors.As(err, &refused) || len(turn.Set) > 0 {
				t.Fatalf("error %v, set %v", err, turn.Set)
			}
			return
		}
		for name, x := range turn.Set {
			qu := questionOf(q, name)
			if qu == nil || !fitsAnywhere(qu, name, x) {
				t.Fatalf("kept %s = %+v", name, x)
			}
		}
		q.Row(turn.Apply(nil))
		q.Client(p.Code, turn.Apply(nil), someSetting)
	})
}

func questionOf(q *Questionnaire, name string) *Question {
	for _, qu := range q.Questions() {
		for _, v := range qu.Variables() {
			if v == name {
				return qu
			}
		}
	}
	return nil
}

func fitsAnywhere(qu *Question, name string, x Value) bool {
	for i, v := range qu.Variables() {
		if v == name {
			return qu.fits(i, x, someSetting)
		}
	}
	return false
}

// FuzzCondition compiles anything: no panic, and what compiles can be judged.
func FuzzCondition(f *testing.F) {
	for _, s := range []string{`s == "a"`, `"a" in m and not (i > 3)`, `x__r1 in [1, 2] or answered(t)`, `d != -1.5`, `any(m, # == 1)`, `((((`, `i in 1..9`, `a?.b`,
		`sum(i, x__r1) / 2 <= (d > 0 ? round(d, 1) : -1)`, `count(s, y) + mean(i, d) * 3 != i`} {
		f.Add(s)
	}
	for _, q := range Builtins() {
		for _, qu := range q.Questions() {
			if qu.If != nil {
				f.Add(qu.If.Source())
			}
		}
	}
	q := define(f, kindsStructure)
	f.Fuzz(func(t *testing.T, source string) {
		var c *Condition
		var err error
		boundtest.Quick(t, func() { c, err = compileIn(q, source) })
		if err != nil {
			return
		}
		c.Holds(Answers{})
		c.Holds(Answers{"s": code("a"), "m": code("a"), "i": number(1), "x__r1": {Missing: DontKnow}})
		if q.Explain(c, "de", Setting{}) == "" {
			t.Fatalf("%q cannot be said in words", source)
		}
	})
}

// FuzzReadFiles reads any structure and any words: no panic, and what is without findings can
// be asked.
func FuzzReadFiles(f *testing.F) {
	f.Add(kindsStructure, "title: T")
	f.Add("key: k\nversion: 1\npages: [{code: p1, questions: [{code: a, kind: text}]}]", "title: T")
	f.Add("key: k\nversion: 1\npages: [{code: p, questions: [{code: a, kind: integer, min: 0, max: 9, role: plain, initial: 3}, "+
		"{code: m, kind: multi, role: plain, least: 1, options: [x, {code: y, if: c > 2}]}]}]\ncalculated: [{code: c, value: 'mean(a, 2)', valid: 1, role: plain}]", "title: T")
	f.Add("a: &x [1]\nb: *x", "title: T")
	f.Add("key: [[[[", "title: T")
	for _, q := range Builtins() {
		structure, err := fs.ReadFile(Definitions(), q.Ref()+"/"+StructureFile)
		if err != nil {
			f.Fatal(err)
		}
		words, err := fs.ReadFile(Definitions(), q.Ref()+"/"+TextFile("de"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(structure), string(words))
	}
	f.Fuzz(func(t *testing.T, structure, words string) {
		files := map[string][]byte{StructureFile: []byte(structure)}
		for _, lang := range Languages {
			files[TextFile(lang)] = []byte(words)
		}
		var q *Questionnaire
		var found []Finding
		var err error
		boundtest.Quick(t, func() {
			if q, found, err = ReadFiles(files); err == nil {
				Lint(q)
			}
		})
		if err != nil {
			return
		}
		Compare(q, q)
		LintAgainst(q, []*Questionnaire{q}, Classification{})
		if len(found) > 0 {
			return
		}
		if len(q.Row(Answers{})) != len(q.Columns()) {
			t.Fatal("a row has not one cell for each column")
		}
		q.Settle(Answers{}, Setting{})
		for _, p := range q.Pages {
			q.Client(p.Code, Answers{}, Setting{})
		}
	})
}
