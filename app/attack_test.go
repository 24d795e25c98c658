package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"rondo/app/web/webtest"
	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

// Who takes part in the attack of ANON-07.
const (
	attackedOffices = 10
	attackedEach    = 30
	attacked        = attackedOffices * attackedEach
)

// battlefield is a wave in which all employers have answered, and who really gave which response.
type battlefield struct {
	*ground
	truth    pairs
	expected map[string]int
	salt     []byte // of the links, which whoever holds the secret took before it was erased
}

// battle lets 300 employers answer in random order. Whatever a person can do that the identity side
// notes is done by some, in pages: every third joins the panel right after submitting, every tenth
// has declined before and thinks better of it, every seventh hands over to a colleague who answers
// as soon as the message is there, every seventh gets a new link from staff and uses it. Half-way a reminder goes out, and upkeep runs for the first time.
func battle(t *testing.T, s *storage.Store) *battlefield {
	t.Helper()
	b := &battlefield{ground: fieldOn(t, s, attackedOffices, attackedEach), expected: map[string]int{}}
	b.salt = b.population("employer").LinkSalt
	r := rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	marks := map[string]string{}
	turns := r.Perm(attacked)
	for _, i := range r.Perm(attacked) {
		if changesMind(i) {
			b.browser(b.people[i], "refused")
		}
	}
	for n, i := range turns {
		one := b.people[i]
		mark := fmt.Sprintf("mark-%s ", one.ID)
		given := b.ground.answers(r, mark)
		raw, err := json.Marshal(given)
		b.must(err)
		// Everybody's answers are of another length, and all fit into one step of the padding.
		given["e_comment"] = questionnaires.Value{Text: mark + strings.Repeat("x", max(0, 2850+3*i-len(raw)))}
		raw, err = json.Marshal(given)
		b.must(err)
		b.expected[one.ID], marks[mark] = len(raw), one.ID
		if handsOver(i) {
			one = b.handOver(i)
		}
		if losesLink(i) {
			one = b.anew(i)
		}
		token := b.Store.Secret.Link(b.salt, one.ID, one.Epoch)
		if changesMind(i) {
			_, err = b.person(given).Answer(t.Context(), b.url+"/r/"+token)
			b.must(err)
		} else {
			b.must(b.room.Deliver(t.Context(), token, one.Language, given))
		}
		if n%3 == 0 {
			b.joinPanel(one)
		}
		if n == attacked/2 {
			b.send("reminder")
			b.hide()
		}
	}
	b.truth = pairs{}
	for id, record := range b.responses(t.Context()) {
		mark := record.Answers["e_comment"].Text
		b.truth[marks[mark[:strings.IndexByte(mark, ' ')+1]]] = id
	}
	if len(b.truth) != attacked {
		t.Fatalf("%d of %d responses are there", len(b.truth), attacked)
	}
	return b
}

// changesMind says who declines at first.
func changesMind(i int) bool { return i%10 == 0 }

// handsOver says who passes the questionnaire on.
func handsOver(i int) bool { return i%7 == 3 }

// losesLink says who asks staff for another link.
func losesLink(i int) bool { return i%7 == 5 }

// anew sends somebody a new link.
func (b *battlefield) anew(i int) identity.Participant {
	b.t.Helper()
	one := &b.people[i]
	b.must(b.Outbox.Anew(b.t.Context(), b.wave().ID, one.ID))
	if !changesMind(i) {
		one.Epoch++ // who has declined keeps the link
	}
	b.must((&demo{House: b.House}).transmit(b.t.Context(), b.wave()))
	return *one
}

// handOver lets somebody pass the questionnaire on; it gives the row with the new link, which the
// colleague has got by mail.
func (b *battlefield) handOver(i int) identity.Participant {
	b.t.Helper()
	one := &b.people[i]
	at := b.browser(*one, "")
	at.Open("/answer/hand-over").Form("form#hand-over").Fill("email", fmt.Sprintf("canary.colleague%04d@firm.example", i)).Submit()
	at.Form("form#confirm").Send("sure", "yes")
	if at.Status != 303 {
		b.t.Fatalf("handing over: %d", at.Status)
	}
	one.Epoch++
	b.must((&demo{House: b.House}).transmit(b.t.Context(), b.wave()))
	return *one
}

// hide is what upkeep does each minute with the traces of hand-overs.
func (b *battlefield) hide() {
	b.t.Helper()
	if hidden, err := b.Store.HideHandOvers(b.t.Context()); err != nil || !hidden {
		b.t.Fatalf("HideHandOvers = %t, %v", hidden, err)
	}
}

// browser presses a button of somebody's landing page; "" is Start.
func (b *battlefield) browser(one identity.Participant, button string) *webtest.Browser {
	b.t.Helper()
	at := webtest.NewBrowser(b.t)
	at.Fetch("POST", b.url+"/r/"+b.Store.Secret.Link(b.salt, one.ID, one.Epoch), url.Values{"_go": {button}})
	if button != "" {
		at.Form("form#decline").Fill("sure", "yes").Send()
	}
	if at.Status >= 400 {
		b.t.Fatalf("%q on the landing page: %d", button, at.Status)
	}
	return at
}

// joinPanel says yes on the page after submitting.
func (b *battlefield) joinPanel(one identity.Participant) {
	b.t.Helper()
	at := b.browser(one, "")
	at.Open("/answer/done").Form("form#panel").Send()
	if at.Status != 303 {
		b.t.Fatalf("joining the panel: %d", at.Status)
	}
}

// stages are the dumps an attacker may come by, each with what it must not tell.
func (b *battlefield) stages() map[string][]finding {
	ctx, found := b.t.Context(), map[string][]finding{}
	found[unhidden] = plunder(b.t, b.Store, b.expected).attack(b.truth)
	b.hide()
	field := plunder(b.t, b.Store, b.expected)
	found["in the field"] = field.attack(b.truth)
	found["never mixed, with the secret"] = field.withSecret(b.Store.Secret, b.salt).attack(b.truth)

	if mixed, err := b.Store.Answers.Mix(ctx, false); err != nil || !mixed {
		b.t.Fatalf("Mix = %v, %v", mixed, err)
	}
	field = plunder(b.t, b.Store, b.expected)
	found["after mixing"] = field.attack(b.truth)
	found["after mixing, with the secret"] = field.withSecret(b.Store.Secret, b.salt).attack(b.truth)

	b.must(b.Waves.Close(ctx, "2026", "employer"))
	field = plunder(b.t, b.Store, b.expected)
	found["after close"] = field.attack(b.truth)
	found["after close, with the secret"] = field.withSecret(b.Store.Secret, b.salt).attack(b.truth)
	return found
}

// unhidden is before upkeep has hidden who handed over when.
const unhidden = "in the minute before upkeep"

// unmixed is the one stage at which whoever also has the secret may know (design §3.12).
const unmixed = "never mixed, with the secret"

func TestADumpDoesNotTellWhoGaveWhichResponse(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			b := battle(t, storagetest.Open(t, dialect))
			found := b.stages()
			for stage, list := range found {
				t.Logf("%s: %d strategies, best %s", stage, len(list), best(list))
			}
			// Without mixing the markers lead to the responses: the attack has teeth.
			if b.Store.DB.Postgres() && best(found[unmixed]).right < 250 {
				t.Errorf("the attack does not see unmixed rows: best %s", best(found[unmixed]))
			}
			// Every seventh of the second half: 9 would be luck.
			if b.Store.DB.Postgres() && best(found[unhidden]).right < 15 {
				t.Errorf("the attack does not see who has just handed over: best %s", best(found[unhidden]))
			}
			delete(found, unhidden)
			b.plant(t)
			b.confirm(t, dialect, found)
		})
	}
}

// confirm fails for what does better than chance here and in a second field of its own: chance
// does not come up twice with the same strategy, a leak does.
func (b *battlefield) confirm(t *testing.T, dialect string, found map[string][]finding) {
	t.Helper()
	suspect := false
	for stage, list := range found {
		suspect = suspect || stage != unmixed && len(successes(list)) > 0
	}
	if !suspect {
		return
	}
	again := battle(t, storagetest.Open(t, dialect)).stages()
	for stage, list := range found {
		second := successes(again[stage])
		for strategy, right := range successes(list) {
			if stage != unmixed && second[strategy] > 0 {
				t.Errorf("%s: %q finds %d and %d of %d", stage, strategy, right, second[strategy], attacked)
			}
		}
	}
}

// leaks are ways in which a careless submit would stamp the participant on a response. Each is
// planted into the rows and must be found out.
var leaks = []struct {
	name     string
	postgres bool // only where rows have an age and lie in the order in which they were written
	inOrder  bool // planted in the order of the list, else at random
	plant    func(ctx context.Context, b *battlefield, tx *db.DB, participant, response string) error
}{
	{"the response's id begins with the participant's", false, false, func(ctx context.Context, b *battlefield, tx *db.DB, participant, response string) error {
		b.truth[participant] = participant[:16] + db.NewID()[:10]
		_, err := tx.Exec(ctx, "UPDATE responses SET id = ? WHERE id = ?", b.truth[participant], response)
		return err
	}},
	{"the receipt is a hash of the participant", false, false, func(ctx context.Context, _ *battlefield, tx *db.DB, participant, response string) error {
		_, err := tx.Exec(ctx, "UPDATE responses SET receipt = ? WHERE id = ?", keys.HashToken(participant), response)
		return err
	}},
	{"the body is sealed without padding", false, false, func(ctx context.Context, b *battlefield, tx *db.DB, participant, response string) error {
		_, err := tx.Exec(ctx, "UPDATE responses SET body = ? WHERE id = ?", slices.Concat(make([]byte, 28), make([]byte, b.expected[participant])), response)
		return err
	}},
	{"responses are written in the order of the list", true, true, func(ctx context.Context, b *battlefield, tx *db.DB, participant, response string) error {
		b.truth[participant] = db.NewID()
		_, err := tx.Exec(ctx, "INSERT INTO responses (id, wave_id, population, body) SELECT ?, wave_id, population, body FROM responses WHERE id = ?",
			b.truth[participant], response)
		if err == nil {
			_, err = tx.Exec(ctx, "DELETE FROM responses WHERE id = ?", response)
		}
		return err
	}},
	{"the participant is noted in the transaction of the response", true, false, func(ctx context.Context, b *battlefield, tx *db.DB, participant, response string) error {
		if _, err := tx.Exec(ctx, "UPDATE participants SET state = 'done' WHERE id = ?", participant); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE responses SET receipt = NULL WHERE id = ?", response)
		return err
	}},
}

// plant shows that the attack finds what a careless submit would leave behind.
func (b *battlefield) plant(t *testing.T) {
	t.Helper()
	for _, leak := range leaks {
		if leak.postgres && !b.Store.DB.Postgres() {
			continue
		}
		undo := b.keep()
		people := slices.Clone(b.people) // in the order of their ids
		if !leak.inOrder {
			rand.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
		}
		for _, one := range people {
			b.must(b.Store.DB.InTx(t.Context(), func(tx *db.DB) error { return leak.plant(t.Context(), b, tx, one.ID, b.truth[one.ID]) }))
		}
		if best := best(plunder(t, b.Store, b.expected).attack(b.truth)); best.right < 250 {
			t.Errorf("planted leak %q: the attack finds no more than %s", leak.name, best)
		} else {
			t.Logf("planted leak %q: %s", leak.name, best)
		}
		undo()
		if best := best(plunder(t, b.Store, b.expected).attack(b.truth)); best.right > 20 {
			t.Fatalf("after %q is taken back the attack still finds %s", leak.name, best)
		}
	}
}

// keep remembers the responses; the function it gives writes them back in random order.
func (b *battlefield) keep() (undo func()) {
	ctx, truth := b.t.Context(), maps.Clone(b.truth)
	type response struct {
		ID, WaveID, Population string
		Body                   []byte
	}
	all, err := db.Query[response](ctx, b.Store.DB, "SELECT id, wave_id, population, body FROM responses WHERE population = 'employer'")
	b.must(err)
	return func() {
		b.truth = truth
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		b.must(b.Store.DB.InTx(ctx, func(tx *db.DB) error {
			_, err := tx.Exec(ctx, "DELETE FROM responses WHERE population = 'employer'")
			for _, r := range all {
				if err == nil {
					_, err = tx.Exec(ctx, "INSERT INTO responses (id, wave_id, population, body) VALUES (?, ?, ?, ?)", r.ID, r.WaveID, r.Population, r.Body)
				}
			}
			if err == nil {
				_, err = tx.Exec(ctx, "UPDATE participants SET state = 'done'")
			}
			return err
		}))
	}
}
