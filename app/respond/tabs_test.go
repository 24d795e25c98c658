package respond_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// mostMoves is how often two tabs do something in one interleaving.
const mostMoves = 7

// TestTwoTabsOverwriteNothingThatTheyWereNotShown lets two tabs, or two devices, of one person load,
// type, save, save by themselves and go back to older forms in random order, and judges by a model
// of its own what each of them has seen. RONDO_TEST_SEED repeats a run by the seed it has printed.
func TestTwoTabsOverwriteNothingThatTheyWereNotShown(t *testing.T) {
	seed := rand.Uint64()
	if given := os.Getenv("RONDO_TEST_SEED"); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("RONDO_TEST_SEED=%d", seed)
	each(t, func(t *testing.T, h *house) {
		tokens := h.crowd(interleavings / 2)
		var all sync.WaitGroup
		var mutex sync.Mutex
		sum := map[string]int{}
		const workers = 4
		first := 0
		if strings.HasSuffix(t.Name(), db.PostgreSQL) {
			first = len(tokens) // other interleavings than on the other database
		}
		for w := range workers {
			all.Go(func() {
				for i := w; i < len(tokens) && !t.Failed(); i += workers {
					p := &pair{t: t, r: rand.New(rand.NewPCG(seed, uint64(first+i))), caller: caller{h.app.Handler(), tokens[i]}, run: first + i, count: map[string]int{}}
					p.play([][]string{{"e10"}, {"e1"}, {"e1", "e10"}, {"o1"}}, i%4 == 3)
					mutex.Lock()
					for what, n := range p.count {
						sum[what] += n
					}
					mutex.Unlock()
				}
			})
		}
		all.Wait()
		for line := range strings.Lines(h.log.String()) {
			if strings.Contains(line, `"failure"`) {
				t.Log(line)
			}
		}
		t.Logf("%d interleavings: %v", len(tokens), sum)
		for _, what := range []string{"load", "type", "save 303", "save 409", "autosave 200", "autosave 409", "unheard 200", "again 200", "older", "unreadable"} {
			if sum[what] < len(tokens)/100 && !t.Failed() {
				t.Errorf("%q happened %d times: too seldom to prove anything", what, sum[what])
			}
		}
	})
}

// crowd adds n participants, every fourth an office, the others employers, and gives the tokens of their links.
func (h *house) crowd(n int) []string {
	h.t.Helper()
	ctx := context.Background()
	populations := map[string]identity.Population{}
	for _, name := range []string{"employer", "office"} {
		p, err := h.store.Identity.Population(ctx, h.wave.ID, name)
		h.must(err)
		populations[name] = p
	}
	var tokens []string
	var people []identity.Participant
	for i := range n {
		p := identity.Participant{
			WaveID: h.wave.ID, ID: db.NewID(), Population: "employer", Code: fmt.Sprintf("T%d", i), Name: fmt.Sprintf("Tab %d", i),
			Email: fmt.Sprintf("tab%d@example.ch", i), Language: "en", OfficeID: h.participants["office"].ID, Stratum: map[string]string{"group": "G1"},
		}
		if i%4 == 3 {
			p.Population, p.OfficeID, p.Stratum = "office", "", nil
		}
		token := h.waves.Token(populations[p.Population], p)
		p.TokenHash = keys.HashToken(token)
		tokens, people = append(tokens, token), append(people, p)
	}
	for part := range slices.Chunk(people, 500) {
		h.must(h.store.Identity.AddParticipants(ctx, part))
	}
	return tokens
}

// snapshot is a form in a tab, with what the tab was shown or has sent for each field.
type snapshot struct {
	page    string
	form    url.Values
	offers  map[string][]string
	known   map[string]string
	unheard url.Values // sent by the script without an answer: it goes first the next time
	arrived bool       // whether it had been taken all the same
}

func (s snapshot) copy() snapshot {
	s.form, s.known = maps.Clone(s.form), maps.Clone(s.known)
	return s
}

// tabModel is one tab: its form, and older ones it may go back to.
type tabModel struct {
	snapshot
	older []snapshot
}

// pair is two tabs of one participant, and the model of what is kept.
type pair struct {
	caller
	t     *testing.T
	r     *rand.Rand
	run   int
	tabs  [2]tabModel
	kept  map[string]map[string]string // page → field → what was taken last
	by    map[string]int               // page and field → the tab that said it
	moves []string
	count map[string]int
}

func (p *pair) note(move string) {
	p.moves = append(p.moves, move)
	p.count[move]++
}

func (p *pair) wrong(format string, args ...any) {
	p.t.Helper()
	p.t.Errorf("run %d: %s\nmoves: %s", p.run, fmt.Sprintf(format, args...), strings.Join(p.moves, ", "))
}

// play plays one interleaving and looks at its end whether all is there.
func (p *pair) play(choices [][]string, office bool) {
	pages := choices[p.r.IntN(3)]
	if office {
		pages = choices[3]
	}
	p.kept, p.by = map[string]map[string]string{}, map[string]int{}
	for _, page := range pages {
		p.kept[page] = map[string]string{}
	}
	p.load(0, pages[0])
	if second := pages[p.r.IntN(len(pages))]; second != pages[0] {
		p.load(1, second)
	} else {
		p.tabs[1].snapshot = p.tabs[0].copy() // nothing has happened in between: the same page
	}
	for range mostMoves - p.r.IntN(4) {
		if p.t.Failed() {
			return
		}
		p.move(p.r.IntN(2), pages)
	}
	for _, page := range pages {
		shown := p.do("GET", "/answer/"+page, "", nil).read()
		for _, field := range slices.Compact(slices.Sorted(slices.Values(append(fieldsOf(shown.form), slices.Collect(maps.Keys(p.kept[page]))...)))) {
			if got, want := said(shown.form, field), p.kept[page][field]; got != want {
				p.wrong("%s of %s is %q at the end, want %q", field, page, got, want)
			}
		}
	}
}

func (p *pair) move(at int, pages []string) {
	tab := &p.tabs[at]
	switch n := p.r.IntN(20); {
	case n < 3:
		p.load(at, pages[p.r.IntN(len(pages))])
	case n < 4 && len(tab.older) > 0:
		p.note("older")
		tab.snapshot = tab.older[p.r.IntN(len(tab.older))].copy()
	case n < 9:
		p.typing(tab)
		p.save(at)
	case n < 15:
		p.typing(tab)
		p.autosave(at, true)
	case n < 17:
		p.typing(tab)
		p.autosave(at, false)
	default:
		p.typing(tab)
	}
}

// load opens a page in a tab.
func (p *pair) load(at int, page string) {
	p.note("load")
	p.tabs[at].arrive(page, p.do("GET", "/answer/"+page, "", nil).read())
	for field := range p.kept[page] {
		p.tabs[at].known[field] = p.kept[page][field]
		if got := said(p.tabs[at].form, field); got != p.kept[page][field] {
			p.wrong("%s is shown as %q, kept is %q", field, got, p.kept[page][field])
		}
	}
}

// arrive puts a page into the tab; the form before stays behind the back button.
func (tab *tabModel) arrive(page string, shown shownPage) {
	if tab.form != nil {
		behind := tab.copy()
		behind.unheard = nil // the script lets nobody go before it has been heard
		tab.older = append(tab.older, behind)
	}
	tab.snapshot = snapshot{page: page, form: shown.form, offers: shown.offers, known: map[string]string{}}
}

// typing changes one field.
func (p *pair) typing(tab *tabModel) {
	p.note("type")
	fields := map[string][]string{"e1": {"e_contact", "e_since", "e_cases", "e_reasons"}, "e10": {"e_comment"}, "o1": {"o_role", "o_org_form", "o_fte_total", "o_fte_employer", "o_changes"}}[tab.page]
	field := fields[p.r.IntN(len(fields))]
	value := fmt.Sprintf("words %d", p.r.IntN(1000))
	switch offered := tab.offers[field]; {
	case len(offered) > 0:
		value = offered[p.r.IntN(len(offered))]
		if field == "o_changes" || field == "e_reasons" { // boxes: tick or untick one that excludes nothing
			if value == "none" {
				value = "structure"
			}
			if i := slices.Index(tab.form[field], value); i >= 0 {
				tab.form[field] = slices.Delete(slices.Clone(tab.form[field]), i, i+1)
				return
			}
			tab.form[field] = append(slices.Clone(tab.form[field]), value)
			return
		}
	case strings.HasPrefix(field, "o_fte"):
		if value = strconv.Itoa(p.r.IntN(400)); p.r.IntN(3) == 0 {
			p.note("unreadable")
			value = "about " + value
		}
	}
	if p.r.IntN(8) == 0 && len(tab.offers[field]) == 0 {
		value = ""
	}
	tab.form[field] = []string{value}
}

// save presses a button. Afterwards the tab shows the page anew, or the old form if somebody goes back.
func (p *pair) save(at int) {
	tab := &p.tabs[at]
	if tab.unheard != nil {
		p.autosave(at, true) // the script holds the button until it knows
	}
	form := maps.Clone(tab.form)
	form.Set("_go", []string{"save", "continue", "back"}[p.r.IntN(3)])
	answer := p.do("POST", "/answer/"+tab.page, "", form)
	p.note(fmt.Sprintf("save %d", answer.status))
	switch answer.status {
	case 303, 422:
		p.taken(at, form)
		if answer.status == 422 {
			known := tab.known
			tab.arrive(tab.page, answer.read())
			tab.known = known
		} else if p.r.IntN(2) == 0 {
			p.load(at, tab.page)
		}
	case 409:
		p.both(at, form, answer.read())
	default:
		p.wrong("a button is answered %d", answer.status)
	}
}

// autosave saves as the script does; where its answer is not heard, the same goes first again.
func (p *pair) autosave(at int, heard bool) {
	tab := &p.tabs[at]
	form, name := maps.Clone(tab.form), "autosave"
	if tab.unheard != nil {
		form, name = tab.unheard, "again"
	}
	form.Set("_go", "autosave")
	foreign := p.foreign(at, form)
	answer := p.do("POST", "/answer/"+tab.page, "application/json", form)
	if !heard {
		name = "unheard"
	}
	p.note(fmt.Sprintf("%s %d", name, answer.status))
	var told struct{ Revision *int }
	switch {
	case answer.status == 409 && name == "again" && tab.arrived && !foreign:
		p.wrong("what the script sends a second time clashes with itself")
	case answer.status != 200 && answer.status != 409:
		p.wrong("the script is answered %d", answer.status)
	case answer.status == 200:
		p.taken(at, form)
	}
	if !heard {
		tab.unheard, tab.arrived = form, answer.status == 200
		return
	}
	tab.unheard = nil
	if answer.status == 200 {
		if err := json.Unmarshal([]byte(answer.body), &told); err != nil || told.Revision == nil {
			p.wrong("the script is answered %s", answer.body)
			return
		}
		tab.form.Set("_revision", strconv.Itoa(*told.Revision))
	}
}

// foreign says whether the form would change what another tab has said.
func (p *pair) foreign(at int, form url.Values) bool {
	page := p.tabs[at].page
	for field, kept := range p.kept[page] {
		if said(form, field) != kept && p.by[page+field] != at {
			return true
		}
	}
	return false
}

// taken notes that a form was kept: whatever it changed must have been shown in its tab.
func (p *pair) taken(at int, form url.Values) {
	tab, kept := &p.tabs[at], p.kept[p.tabs[at].page]
	for _, field := range slices.Sorted(maps.Keys(mergeKeys(kept, form))) {
		now, before := said(form, field), kept[field]
		if now != before && before != tab.known[field] {
			p.wrong("%s was %q and is overwritten by %q; its tab was last shown %q", field, before, now, tab.known[field])
		}
		if now != before {
			kept[field], p.by[tab.page+field] = now, at
		}
		tab.known[field] = now
	}
}

func mergeKeys(kept map[string]string, form url.Values) map[string]bool {
	all := map[string]bool{}
	for field := range kept {
		all[field] = true
	}
	for _, field := range fieldsOf(form) {
		all[field] = true
	}
	return all
}

// both judges the page that answers a collision: what was typed is still there, and for each field
// that would be overwritten unseen both values are shown.
func (p *pair) both(at int, form url.Values, shown shownPage) {
	tab, kept := &p.tabs[at], p.kept[p.tabs[at].page]
	if !same(form, shown.form) {
		p.wrong("the page with both values has lost what was typed: %v instead of %v", shown.form, form)
	}
	differ := false
	for field, theirs := range kept {
		ours := said(form, field)
		if ours == theirs {
			continue
		}
		differ = true
		if theirs == tab.known[field] {
			continue
		}
		for _, value := range []string{ours, theirs} {
			for _, words := range inWords(tab.page, field, value) {
				if !strings.Contains(shown.clashes, words) {
					p.wrong("%s: %q against %q, but %q is not shown in %q", field, ours, theirs, words, shown.clashes)
				}
			}
		}
	}
	if !differ {
		p.wrong("a collision although the form says what is kept")
	}
	known := maps.Clone(kept)
	tab.arrive(tab.page, shown)
	tab.known = known
}
