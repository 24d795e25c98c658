package outbox

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"rondo/app/i18n"
	"rondo/storage/identity"
)

func TestATextIsRefusedForWhatIsWrongWithIt(t *testing.T) {
	raw, err := os.ReadFile("testdata/texts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name, Population, Kind, Language, Subject, Body string
		Problems                                        []string
	}
	if err := yaml.UnmarshalWithOptions(raw, &cases, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	or := func(value, usual string) string {
		if value == "" {
			return usual
		}
		return value
	}
	o := &Outbox{Contact: "+41 58 000 00 00 · studie@example.ch"}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			found := o.CheckText(or(c.Population, "employer"), or(c.Kind, "invitation"), or(c.Language, "de"), Text{Subject: or(c.Subject, "Einladung"), Body: c.Body})
			var got []string
			for _, p := range found {
				word := p.Args["word"]
				if p.Key == "text_unknown" {
					word = p.Args["near"]
				} else if word == nil {
					word = p.Args["name"]
				}
				got = append(got, fmt.Sprint(p.Field, " ", p.Key, " ", word))
			}
			for _, want := range c.Problems { // a case may leave the word out
				i := slices.IndexFunc(got, func(g string) bool { return strings.HasPrefix(g+" ", want+" ") })
				if i < 0 {
					t.Fatalf("no problem %q among %q", want, got)
				}
				got = slices.Delete(got, i, i+1)
			}
			if len(got) > 0 {
				t.Errorf("also found %q", got)
			}
		})
	}
}

func TestTheUsualTextsHaveNoProblem(t *testing.T) {
	o := &Outbox{Contact: "+41 58 000 00 00 · studie@example.ch"}
	for _, population := range Scheduled {
		for _, kind := range TextKinds(population) {
			for _, lang := range i18n.Languages {
				text, err := usual(population, kind, lang)
				if problems := o.CheckText(population, kind, lang, text); len(problems) > 0 || err != nil {
					t.Errorf("%s %s %s: %v, %v", population, kind, lang, problems, err)
				}
			}
		}
	}
}

func TestATextOfTheWaveReachesItsReadersWithSignatureAndFooter(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 4) // one in each language
		sink, relay := startSink(t)
		problems, err := s.SetText(ctx, s.wave.ID, "employer", "invitation", "fr", Text{Subject: "Pour {{name}}", Body: "Salut {{name}}\r\n\r\n\r\n{{link}}\r\n\r\n<b>Merci</b> & à bientôt"})
		if err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
		s.queue(t, "employer", "invitation", 4)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		for _, r := range sink.all() {
			french := r.to == s.employers[1].Email
			text := r.text(t)
			if own := strings.HasPrefix(text, "Salut Firma 1 AG\n\nhttps://"); own != french {
				t.Errorf("%s reads %q", r.to, text)
			}
			if !strings.Contains(text, o.PublicURL+"/check") || !strings.Contains(text, o.PublicURL+"/privacy") || !strings.Contains(text, o.PublicURL+"/u/") || !strings.Contains(text, o.Contact) {
				t.Errorf("%s: no footer: %q", r.to, text)
			}
			if french && (!strings.Contains(r.body, "Subject: Pour Firma 1 AG") || !strings.Contains(text, "Office fédéral") || !strings.Contains(r.body, "<p>&lt;b&gt;Merci")) {
				t.Errorf("French message:\n%s", r.body)
			}
		}
	})
}

func TestTheUsualWordsAreNotKeptAsOwn(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 0)
		set := func(text Text) Text {
			t.Helper()
			if problems, err := s.SetText(ctx, s.wave.ID, "office", "reminder", "de", text); err != nil || len(problems) > 0 {
				t.Fatal(problems, err)
			}
			now, err := s.Text(ctx, s.wave.ID, "office", "reminder", "de")
			if err != nil {
				t.Fatal(err)
			}
			return now
		}
		before, err := s.Text(ctx, s.wave.ID, "office", "reminder", "de")
		if err != nil || before.Own {
			t.Fatal(before, err)
		}
		if own := set(Text{Subject: "S", Body: "{{link}}"}); !own.Own || own.Subject != "S" {
			t.Errorf("own text %+v", own)
		}
		if back := set(Text{Subject: before.Subject, Body: strings.ReplaceAll(before.Body, "\n", "\r\n")}); back != before {
			t.Errorf("(-want +got):\n%s", cmp.Diff(before, back))
		}
		if own := set(Text{Subject: "S", Body: "{{link}}"}); !own.Own {
			t.Errorf("own text %+v", own)
		}
		if err := s.DropText(ctx, s.wave.ID, "office", "reminder", "de"); err != nil {
			t.Fatal(err)
		}
		if now, err := s.Text(ctx, s.wave.ID, "office", "reminder", "de"); now != before || err != nil {
			t.Errorf("after dropping: %+v, %v", now, err)
		}
	})
}

// TestTheDryRunFindsWhatBecameWrongWithAText: texts are checked when they are kept; what a restore
// or another program wrote is found before anything is queued.
func TestTheDryRunFindsWhatBecameWrongWithAText(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 2)
		for body, rule := range map[string]string{
			"{{link}}\n\n{{nmae}}":          "placeholder",
			"no link":                       "placeholder",
			"{{link}}\n\n{{link}}":          "link",
			"{{link}}\n\nhttps://x.example": "foreign_link",
			"{{link}}\n\na@firma.ch":        "recipient",
			"Bonjour, nous vous prions de répondre pour votre entreprise avec le lien. Merci.\n\n{{link}}": "language",
			"Nachricht\n\n{{link}}": "",
		} {
			if err := o.Identity.SetMessageText(ctx, identity.MessageText{WaveID: s.wave.ID, Population: "employer", Kind: "invitation", Language: "de", Subject: "S", Body: body}); err != nil {
				t.Fatal(err)
			}
			plan, err := s.Plan(ctx, s.wave, "employer", "invitation")
			if err != nil {
				t.Fatal(err)
			}
			found := slices.ContainsFunc(plan.Faults, func(f Fault) bool { return f.Rule == rule })
			if found != (rule != "") || rule == "" && len(plan.Faults) > 0 {
				t.Errorf("%q: faults %v, want %q", body, plan.Faults, rule)
			}
		}
	})
}

func TestThePreviewPartsParagraphsAsTheMessageWill(t *testing.T) {
	o := &Outbox{PublicURL: public, Contact: "+41 58 000 00 00"}
	subject, blocks, err := o.Preview(identity.Population{Name: "employer", Closes: noon}, "invitation", "de", Text{Subject: " An {{name}} ", Body: "Eins\r\nzwei\r\n\r\n{{link}}\r\n"})
	if err != nil || subject != "An Muster AG" || len(blocks) < 5 {
		t.Fatalf("%q, %v, %v", subject, blocks, err)
	}
	if diff := cmp.Diff([]Block{{Lines: []string{"Eins", "zwei"}}, {Link: public + "/r/demonstration"}}, blocks[:2]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAMessageSaysTheHourOfAnEndWithinADay(t *testing.T) {
	o := &Outbox{PublicURL: public, Contact: "+41 58 000 00 00"}
	for closes, want := range map[string]string{"2026-06-30 08:00": "Bis 30. Juni 2026, 08:00", "2026-07-01 00:00": "Bis 30. Juni 2026"} {
		_, blocks, err := o.Preview(identity.Population{Name: "employer", Closes: swiss(t, closes)}, "invitation", "de", Text{Subject: "S", Body: "Bis {{closes}}\n\n{{link}}"})
		if err != nil || blocks[0].Lines[0] != want {
			t.Errorf("closes %s: %q, %v, want %q", closes, blocks[0].Lines, err, want)
		}
	}
}

func TestATestMessageIsMarkedAndLeadsNowhere(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 1)
		sink, relay := startSink(t)
		pop, err := s.Identity.Population(ctx, s.wave.ID, "employer")
		if err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for _, population := range Scheduled {
			p, err := s.Identity.Population(ctx, s.wave.ID, population)
			if err != nil {
				t.Fatal(err)
			}
			for _, kind := range TextKinds(population) {
				kinds = append(kinds, kind)
				text, err := s.Text(ctx, s.wave.ID, population, kind, "it")
				if err != nil {
					t.Fatal(err)
				}
				if err := s.SendTest(ctx, relay, p, kind, "it", "lead@bsv.example.ch", text); err != nil {
					t.Fatal(err)
				}
			}
		}
		got := sink.all()
		if len(got) != len(kinds) {
			t.Fatalf("%d messages", len(got))
		}
		for i, r := range got {
			text := r.text(t)
			for word := range strings.FieldsSeq(text) {
				if strings.HasPrefix(word, public+"/r/") && word != public+"/r/demonstration" || strings.HasPrefix(word, public+"/u/") && word != public+"/u/demonstration" {
					t.Errorf("%s holds %s", kinds[i], word)
				}
			}
			if r.to != "lead@bsv.example.ch" || !strings.HasPrefix(text, "Questo è un messaggio di prova") || !strings.Contains(r.body, "Subject: TEST: ") ||
				strings.Contains(text, "/r/demonstration") != (leads(kinds[i]) && !toHead(kinds[i])) || strings.Contains(text, "/release/demonstration") != toHead(kinds[i]) {
				t.Errorf("%s to %s:\n%s", kinds[i], r.to, text)
			}
			if _, err := o.LookStop(ctx, "demonstration"); err == nil {
				t.Error("the stop link of a test message stops something")
			}
		}
		counts, err := s.Identity.MessageCounts(ctx, s.wave.ID)
		if err != nil || len(counts) != 0 {
			t.Errorf("a test message left rows: %v, %v", counts, err)
		}
		text, _ := s.Text(ctx, s.wave.ID, "employer", "invitation", "de")
		if err := s.SendTest(ctx, relay, pop, "invitation", "de", "nobody@bsv.example.ch", text); err == nil || !strings.Contains(err.Error(), "550") {
			t.Errorf("an unknown address = %v", err)
		}
	})
}

// TestWhatParticipantsCauseIsSaidInTheWordsOfTheWave: the message about a hand-over, and the two about
// answers that the head of an office releases; one that was spoilt goes out in the usual words.
func TestWhatParticipantsCauseIsSaidInTheWordsOfTheWave(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 1)
		sink, relay := startSink(t)
		h := s.head(t, "claire@ai.example.ch")
		ours := func(population, kind string, text Text) {
			t.Helper()
			if problems, err := s.SetText(ctx, s.wave.ID, population, kind, "fr", text); err != nil || len(problems) > 0 {
				t.Fatal(kind, problems, err)
			}
		}
		for _, kind := range []string{identity.MessageHandOver, identity.MessageRelease, identity.MessageGivenBack} {
			ours("office", kind, Text{Subject: "Notre " + kind, Body: "Salut " + kind + ", {{name}}\n\n{{link}}"})
			if problems, err := s.SetText(ctx, s.wave.ID, "office", kind, "fr", Text{Subject: "S", Body: "sans"}); err != nil || len(problems) != 1 || problems[0].Key != "text_missing" {
				t.Errorf("%s without its link: %v, %v", kind, problems, err)
			}
		}
		if err := o.Identity.SetMessageText(ctx, identity.MessageText{WaveID: s.wave.ID, Population: "employer", Kind: identity.MessageHandOver, Language: "fr", Subject: "S", Body: "{{lnik}}"}); err != nil {
			t.Fatal(err)
		}
		e, err := s.Identity.EntryByID(ctx, s.employers[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{s.AskRelease(ctx, h), s.TellGivenBack(ctx, h), s.HandOver(ctx, e.Holder(), "nouveau@firma.example.ch", "fr")} {
			if err != nil {
				t.Fatal(err)
			}
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		if err := s.HandOver(ctx, h, "collegue@ai.example.ch", "fr"); err != nil {
			t.Fatal(err)
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		got := map[string]string{}
		for _, r := range sink.all() {
			got[r.to] = r.text(t)
		}
		for to, want := range map[string]string{
			"claire@ai.example.ch": "Salut release, Office AI Vaud\n\n" + public + "/release/", s.office.Email: "Salut given_back, Office AI Vaud\n\n" + public + "/r/",
			"collegue@ai.example.ch": "Salut handover, Office AI Vaud\n\n" + public + "/r/", "nouveau@firma.example.ch": "Bonjour",
		} {
			if !strings.HasPrefix(got[to], want) || strings.Contains(got[to], "{{") {
				t.Errorf("%s reads %q, want %q", to, got[to], want)
			}
		}
	})
}
