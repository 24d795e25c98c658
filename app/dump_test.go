package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rondo/app/loadtest/respondent"
	"rondo/app/wave"
	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

// canaryText is in every text that anybody types into the questionnaires of the dump test.
const canaryText = "Kanarienvogel-7391"

// lore is what no dump may hold, by what it is.
type lore map[string][]string

// silent fails for everything of the lore that a dump holds, in a value or anywhere on disk.
func (l lore) silent(t *testing.T, s *storage.Store, when string) {
	t.Helper()
	values := map[string][]byte{}
	for _, table := range storagetest.Dump(t, s) {
		var all bytes.Buffer
		for _, row := range table.Rows {
			for _, value := range row {
				fmt.Fprintf(&all, "%s\x00", text(value))
			}
		}
		values["table "+table.Name] = all.Bytes()
	}
	values["the bytes on disk"], values["the bundles kept"] = storagetest.RawBytes(t, s), bundles(t, s)
	for what, needles := range l {
		for where, held := range values {
			n := 0
			for _, needle := range needles {
				if len(needle) < 8 {
					t.Fatalf("%s %q is too short to be looked for", what, needle)
				}
				if bytes.Contains(held, []byte(needle)) {
					n++
				}
			}
			if n > 0 {
				t.Errorf("%s: %s: %s is there (%d of %d)", when, where, what, n, len(needles))
			}
		}
	}
}

// told proves that the lore would be found: the dump holds what it may hold.
func told(t *testing.T, s *storage.Store, needles ...string) {
	t.Helper()
	raw := storagetest.RawBytes(t, s)
	for _, needle := range needles {
		if !bytes.Contains(raw, []byte(needle)) {
			t.Errorf("%q is not in the bytes on disk: the test looks in the wrong place", needle)
		}
	}
}

// openOn opens a store whose secret the test knows.
func openOn(t *testing.T, dialect string) (*storage.Store, []byte) {
	t.Helper()
	file := storagetest.SecretFile(t)
	s, err := storage.Open(t.Context(), storagetest.URL(t, dialect), file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	line, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(line)))
	if err != nil {
		t.Fatal(err)
	}
	return s, secret
}

var receiptWords = regexp.MustCompile(`id="receipt">([A-Z2-7-]+)<`)

// typing answers like the given Answerer and types the canary into every text.
func typing(fill respondent.Answerer) respondent.Answerer {
	return func(page string, f respondent.Form) (v url.Values) {
		v = fill(page, f)
		for _, field := range f.Fields {
			if field.Type == "textarea" {
				v[field.Name] = []string{canaryText + " " + field.Name}
			}
		}
		return v
	}
}

// life lets every third finish, every third leave a draft and the rest do nothing; it gives what
// no dump may hold of that.
func (g *ground) life() lore {
	g.t.Helper()
	l := lore{"an answer": {canaryText}}
	r := rand.New(rand.NewPCG(7, 391))
	for i, one := range append(g.people, g.offices()...) {
		token := g.token(one)
		l.add("a link", token)
		l.add("a stop link", g.Store.Secret.Stop(one.ID))
		p, link := g.person(g.whole(r, one)), g.url+"/r/"+token
		p.Fill = typing(p.Fill)
		p.HTTP.Transport = &tap{inner: p.HTTP.Transport, seen: func(_ *http.Request, _ int, page []byte) {
			if found := receiptWords.FindSubmatch(page); found != nil {
				receipt := string(found[1])
				l.add("a receipt", receipt)
				l.add("a receipt", strings.ReplaceAll(receipt, "-", ""))
			}
		}}
		switch i % 3 {
		case 0:
			_, err := p.Answer(g.t.Context(), link)
			g.must(err)
		case 1:
			g.toReview(p, link)
		}
	}
	if n := len(l["a receipt"]); n < 8 {
		g.t.Fatalf("only %d receipts were shown", n)
	}
	return l
}

// whole is a set of answers for an employer or an office.
func (g *ground) whole(r *rand.Rand, one identity.Participant) questionnaires.Answers {
	g.t.Helper()
	if one.Population == "employer" {
		return g.answers(r, "")
	}
	q, err := g.Waves.Questionnaire(g.population(one.Population).Questionnaire, "")
	g.must(err)
	return q.Random(r, questionnaires.Setting{RefFrom: 2021, RefTo: 2026, Prefill: map[string]string{"o_canton": one.Code}}, nil)
}

// add takes a word up, also in capitals.
func (l lore) add(what, word string) { l[what] = append(l[what], word, strings.ToUpper(word)) }

func TestNoDumpHoldsALinkAReceiptOrAnAnswer(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			s, secret := openOn(t, dialect)
			g := fieldOn(t, s, 3, 8)
			l := g.life()
			l["the master secret"] = []string{string(secret), hex.EncodeToString(secret), base64.StdEncoding.EncodeToString(secret)}
			told(t, s, g.people[0].Email, string(g.people[0].TokenHash), g.people[0].ID)
			l.silent(t, s, "in the field")

			// Mixed already, as upkeep does: closing has no new response to mix, and erases all the same.
			_, err := s.Answers.Mix(t.Context(), true)
			g.must(err)
			salt := string(g.population("employer").LinkSalt)
			told(t, s, salt)
			l["an employer's draft key or draft id"] = nil
			for _, one := range g.people {
				key := s.Secret.DraftKey([]byte(salt), one.ID)
				l["an employer's draft key or draft id"] = append(l["an employer's draft key or draft id"], string(key[:]), string(key.ID()))
			}
			g.must(g.Waves.Close(t.Context(), "2026", "employer"))
			l["the employers' link salt"] = []string{salt}
			g.noDrafts("employer")
			l.silent(t, s, "after close of the employers")

			g.end(l)
			kept := g.bundled()
			lore{"an answer": l["an answer"]}.silent(t, s, "with internal bundles")
			g.must(g.Waves.Archive(t.Context(), "2026"))
			l.silent(t, s, "after archive")
			g.unreadable()
			g.gone(kept)
		})
	}
}

// noDrafts fails when a closed population still has drafts or a salt.
func (g *ground) noDrafts(population string) {
	g.t.Helper()
	for _, table := range storagetest.Dump(g.t, g.Store) {
		at := slices.Index(table.Columns, "population")
		if table.Name != "drafts" {
			continue
		}
		for _, row := range table.Rows {
			if row[at] == population {
				g.t.Error("a draft outlives the close of its population")
			}
		}
	}
	if salt := g.population(population).LinkSalt; population == "employer" && salt != nil {
		g.t.Error("the employers' link salt outlives their close")
	}
}

// end closes the other populations, freezes what was answered, and adds to the lore what the
// archive must erase.
func (g *ground) end(l lore) {
	g.t.Helper()
	ctx := g.t.Context()
	g.must(g.Waves.Close(ctx, "2026", "office"))
	g.must(g.Waves.Open(ctx, "2026", "discussion"))
	g.must(g.Waves.Close(ctx, "2026", "discussion"))
	g.correct(l)
	for _, name := range []string{"office", "employer"} {
		_, err := g.Waves.Freeze(ctx, "2026", name)
		g.must(err)
		w, err := g.Store.Answers.Window(ctx, g.wave().ID, name)
		g.must(err)
		l["an answer salt"] = append(l["an answer salt"], string(w.AnswerSalt))
		l["the offices' link salt"] = append(l["the offices' link salt"], string(g.population("office").LinkSalt))
	}
	told(g.t, g.Store, l["an answer salt"]...)
	told(g.t, g.Store, "Canaryfirm 0001")
	for _, one := range g.people {
		l["an employer's name"] = append(l["an employer's name"], one.Name)
		l["an employer's address"] = append(l["an employer's address"], one.Email)
		l["the hash of a link"] = append(l["the hash of a link"], string(one.TokenHash))
	}
	l["an employer's town"] = []string{"Canarytown"}
	for _, one := range g.offices() {
		l["an office's address"] = append(l["an office's address"], one.Email)
	}
}

// unreadable fails when anything of the archived answers is left that the secret could open.
func (g *ground) unreadable() {
	g.t.Helper()
	for _, table := range storagetest.Dump(g.t, g.Store) {
		if slices.Contains([]string{"responses", "spent", "drafts", "snapshot_parts", "free_texts"}, table.Name) && len(table.Rows) > 0 {
			g.t.Errorf("%d rows of %s outlive the archive", len(table.Rows), table.Name)
		}
	}
	for _, name := range wave.Populations {
		w, err := g.Store.Answers.Window(g.t.Context(), g.wave().ID, name)
		g.must(err)
		if _, err := g.Store.Secret.Sealer(w.AnswerSalt); !errors.Is(err, keys.ErrNoSalt) {
			g.t.Errorf("the answers of %s can still be opened: %v", name, err)
		}
	}
}
