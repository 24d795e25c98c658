package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rondo/app/loadtest/respondent"
	"rondo/app/respond"
	"rondo/questionnaires"
	"rondo/storage"
)

// sentForm is what one save of a page says: variable → values, "" for none.
type sentForm map[string]string

// killed is one employer as seen from its browser: what was sent and what was acknowledged.
type killed struct {
	number int
	link   string

	// For each page the last acknowledged form (before any: an empty one), then those sent after
	// it whose acknowledgement never came: the database must hold exactly one of them, whole.
	pages map[string][]sentForm

	saves, lost, submits, tries int
	sending                     sentForm
}

// answersOfAll are answers that keep every question on the path, so that routing drops none.
var answersOfAll = map[string]string{"e_reasons": "general", "e_initiator": "company", "e_duration": "1", "e_role": "hr"}

// visit opens the link, saves some pages and perhaps submits. Every third person never submits.
func (p *killed) visit(base string, client *http.Client, random *rand.Rand, stopping *atomic.Bool) error {
	ctx := context.Background()
	b := &respondent.Respondent{Base: base, HTTP: client, Clock: time.Now}
	b.Fill = p.fill(random)
	b.Saved = func(page string, _ url.Values, _ time.Duration) {
		p.pages[page] = []sentForm{p.sending}
		p.sending = nil
		p.saves++
	}
	b.Submitted = func() { p.submits++ }
	if err := b.Start(ctx, p.link); err != nil {
		return err
	}
	for n := random.IntN(14); n >= 0 && !stopping.Load() && !b.Done(); n-- {
		switch {
		case !b.Reviewing():
			if err := p.save(ctx, b); err != nil {
				return err
			}
		case p.number%3 == 2 || random.IntN(2) == 0:
			if err := b.Open(ctx, "/answer/e1"); err != nil { // answers everything once more
				return err
			}
		default:
			p.tries++
			return b.Submit(ctx)
		}
	}
	if b.Done() && p.submits == 0 {
		p.submits++ // told so now
	}
	return nil
}

// save saves the page shown; without an acknowledgement both outcomes are possible from now on.
func (p *killed) save(ctx context.Context, b *respondent.Respondent) error {
	page := ""
	fill := b.Fill
	b.Fill = func(code string, f respondent.Form) url.Values { page = code; return fill(code, f) }
	err := b.Save(ctx)
	b.Fill = fill
	if p.sending != nil {
		p.pages["/answer/"+page] = append(p.pages["/answer/"+page], p.sending)
		p.sending = nil
		p.lost++
	}
	return err
}

// fill answers by chance, with a comment that nobody types a second time.
func (p *killed) fill(random *rand.Rand) respondent.Answerer {
	return func(code string, f respondent.Form) url.Values {
		comment := fmt.Sprintf("mark %d.%d", p.number, p.saves+p.lost)
		values := respondent.Any(random, map[string]string{"e_comment": comment})(code, f)
		p.sending = sentForm{}
		for _, field := range f.Fields {
			if field.Type == "submit" || field.Type == "hidden" {
				continue
			}
			if value, ok := answersOfAll[field.Name]; ok {
				values[field.Name] = []string{value}
			}
			p.sending[strings.Replace(field.Name, ".", "__", 1)] = sortedWords(values[field.Name])
		}
		if page := "/answer/" + code; p.pages[page] == nil {
			empty := maps.Clone(p.sending)
			for variable := range empty {
				empty[variable] = ""
			}
			p.pages[page] = []sentForm{empty}
		}
		return values
	}
}

func sortedWords(values []string) string {
	values = slices.Sorted(slices.Values(values))
	return strings.Join(values, " ")
}

// spoken is an answer as the form sent it.
func spoken(v questionnaires.Value) string {
	switch {
	case v.Missing != 0:
		return strconv.Itoa(int(v.Missing))
	case v.Number != nil:
		return strconv.FormatFloat(*v.Number, 'f', -1, 64)
	case len(v.Codes) > 0:
		return sortedWords(v.Codes)
	}
	return v.Text
}

// check holds what is kept of a person against what their browser was told.
func (p *killed) check(t *testing.T, k survivor) {
	t.Helper()
	switch {
	case p.submits > 1:
		t.Errorf("person %d: %d submits were acknowledged", p.number, p.submits)
	case p.submits == 1 && !k.spent:
		t.Errorf("person %d: the submit was acknowledged and is lost", p.number)
	case k.spent && p.tries == 0:
		t.Errorf("person %d never submitted but counts as done", p.number)
	case k.spent != (len(k.responses) == 1) || len(k.responses) > 1:
		t.Errorf("person %d: done is %v, and there are %d responses", p.number, k.spent, len(k.responses))
	case k.spent && k.draft != nil:
		t.Errorf("person %d is done and has a draft", p.number)
	}
	answers := k.draft
	if len(k.responses) == 1 {
		answers = k.responses[0]
	}
	for _, page := range slices.Sorted(maps.Keys(p.pages)) {
		if !slices.ContainsFunc(p.pages[page], func(f sentForm) bool { return differs(f, answers) == "" }) {
			t.Errorf("person %d, %s: what was acknowledged is not kept: %s", p.number, page, differs(p.pages[page][0], answers))
		}
	}
}

// differs names a variable that is not kept as the form says, or "".
func differs(f sentForm, answers questionnaires.Answers) string {
	for _, variable := range slices.Sorted(maps.Keys(f)) {
		if got := spoken(answers[variable]); got != f[variable] {
			return fmt.Sprintf("%s is %q, not %q", variable, got, f[variable])
		}
	}
	return ""
}

// killTally is what all people did together.
type killTally struct{ saves, lost, submits, perhaps int }

func (s *killTally) add(p *killed) {
	s.saves, s.lost, s.submits = s.saves+p.saves, s.lost+p.lost, s.submits+p.submits
	if p.submits == 0 && p.tries > 0 {
		s.perhaps++
	}
}

func (s killTally) String() string {
	return fmt.Sprintf("%d page saves acknowledged, %d without answer; %d submits acknowledged, %d without answer", s.saves, s.lost, s.submits, s.perhaps)
}

// survivors is what the database holds of everybody.
type survivors struct {
	responses, spent int
	bodies           map[int][]questionnaires.Answers // responses by the number typed into them
	people           map[int]survivor
}

// survivor is what it holds of one person.
type survivor struct {
	draft     questionnaires.Answers
	spent     bool
	responses []questionnaires.Answers
}

func (k survivors) of(p *killed) survivor {
	one := k.people[p.number]
	one.responses = k.bodies[p.number]
	return one
}

// readSurvivors reads drafts, markers and responses with the keys of the service.
func readSurvivors(t *testing.T, store *storage.Store) survivors {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	wave, err := store.Identity.WaveByLabel(ctx, "kill")
	must(err)
	population, err := store.Identity.Population(ctx, wave.ID, "employer")
	must(err)
	people, err := store.Identity.Participants(ctx, wave.ID, "employer")
	must(err)
	window, err := store.Answers.Window(ctx, wave.ID, "employer")
	must(err)
	sealer, err := store.Secret.Sealer(window.AnswerSalt)
	must(err)
	open := func(body, name []byte) []byte {
		plain, err := sealer.Open(body, name)
		must(err)
		return plain
	}
	k := survivors{people: map[int]survivor{}, bodies: map[int][]questionnaires.Answers{}}
	for _, one := range people {
		key := store.Secret.DraftKey(population.LinkSalt, one.ID)
		sitting, err := store.Answers.Find(ctx, wave.ID, "employer", key)
		must(err)
		of := survivor{spent: sitting.Spent}
		if sitting.Draft != nil {
			draft, err := respond.ReadDraft(open(sitting.Draft.Body, key.ID()))
			must(err)
			of.draft = draft.Answers
		}
		number, err := strconv.Atoi(strings.TrimPrefix(one.Name, "Firma "))
		must(err)
		k.people[number] = of
	}
	must(store.Answers.Responses(ctx, wave.ID, "employer", func(id string, body []byte) error {
		var record questionnaires.Record
		must(json.Unmarshal(open(body, []byte(id)), &record))
		var number, n int
		if _, err := fmt.Sscanf(record.Answers["e_comment"].Text, "mark %d.%d", &number, &n); err != nil {
			return err
		}
		k.bodies[number] = append(k.bodies[number], record.Answers)
		return nil
	}))
	k.responses, k.spent, err = store.Answers.Count(ctx, wave.ID, "employer")
	must(err)
	return k
}
