package outbox

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rondo/app/mail"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// refusing makes the database refuse a change, such as "UPDATE ON participants", until go-on is called.
func (s *scene) refusing(t *testing.T, change string) (goOn func()) {
	t.Helper()
	on, off := []string{"CREATE TRIGGER refusing BEFORE " + change + " BEGIN SELECT RAISE(ABORT, 'not now'); END"}, "DROP TRIGGER refusing"
	if s.DB.Postgres() {
		on = []string{
			"CREATE OR REPLACE FUNCTION refusing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$",
			"CREATE TRIGGER refusing BEFORE " + change + " FOR EACH ROW EXECUTE FUNCTION refusing()",
		}
		off += change[strings.Index(change, " ON "):]
	}
	for _, statement := range on {
		if _, err := s.DB.Conn().ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		if _, err := s.DB.Conn().ExecContext(context.Background(), off); err != nil {
			t.Error(err)
		}
	}
}

// oneClaim is a worker that has claimed the one message there is, and the session it has for it.
func (s *scene) oneClaim(t *testing.T, w *Worker) (*sessions, claim) {
	t.Helper()
	w.prepare()
	w.take = 1
	round := w.next(t.Context())
	if len(round) != 1 {
		t.Fatalf("%d messages were claimed", len(round))
	}
	one := &sessions{free: make(chan struct{}, 1), underWay: t.Context()}
	one.ledger = newLedger(func(lines []line) { w.record(t.Context(), lines) })
	one.ledger.enter()
	return one, round[0]
}

func (s *scene) message(t *testing.T, id string) identity.Message {
	t.Helper()
	m, err := s.Identity.MessageByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A sender that died between the two would leave somebody whom nothing reaches and nobody hears of.
func TestAnAddressIsKnownToBeWrongOnlyTogetherWithTheEndOfItsMessage(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 0)
		_, relay := startSink(t)
		p := s.add(t, identity.Participant{Population: "employer", Code: "E1", Name: "F", Email: "nobody@firma.example.ch", Language: "de", OfficeID: s.office.ID})
		s.queue(t, "employer", "invitation", 1)
		w := s.worker(relay)
		session, c := s.oneClaim(t, w)
		end, err := w.send(session, c)
		if err != nil || end.state != "failed" {
			t.Fatalf("send = %+v, %v", end, err)
		}
		if now := s.again(t, p); now.State != "open" {
			t.Errorf("before its message has ended the participant is %s", now.State)
		}
		session.ledger.leave()
		session.ledger.end(c.message, end)
		session.ledger.close()
		if now, m := s.again(t, p), s.message(t, c.message.ID); now.State != "undeliverable" || m.State != "failed" || len(s.tasks(t, s.office.ID)) != 1 {
			t.Errorf("then it is %s, its message %s (%s), tasks %v", now.State, m.State, m.Code, s.tasks(t, s.office.ID))
		}
	})
}

func TestARefusalOfAnAddressSaysNothingOfTheOneThatTookItsPlace(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, s *scene, p identity.Participant) error{
		"corrected": func(t *testing.T, s *scene, p identity.Participant) error {
			return s.correct(t.Context(), s.entry(t, p), "right@firma.example.ch", "de")
		},
		"handed over": func(t *testing.T, s *scene, p identity.Participant) error {
			return s.HandOver(t.Context(), s.entry(t, p).Holder(), "right@firma.example.ch", "de")
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, o *Outbox) {
				s := newScene(t, o, 0)
				_, relay := startSink(t)
				p := s.add(t, identity.Participant{Population: "employer", Code: "E1", Name: "F", Email: "nobody@firma.example.ch", Language: "de", OfficeID: s.office.ID})
				s.queue(t, "employer", "invitation", 1)
				w := s.worker(relay)
				session, c := s.oneClaim(t, w)
				end, err := w.send(session, c)
				if err != nil || end.state != "failed" {
					t.Fatalf("send = %+v, %v", end, err)
				}
				if err := change(t, s, p); err != nil {
					t.Fatal(err)
				}
				w.finish(t.Context(), c.message, end)
				if now := s.again(t, p); now.State != "open" || now.Address() != "right@firma.example.ch" {
					t.Errorf("the participant is %s", now.State)
				}
			})
		})
	}
}

func (s *scene) entry(t *testing.T, p identity.Participant) identity.Entry {
	t.Helper()
	e, err := s.Identity.EntryByID(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The folder of returned messages gives a message once more when the database was away; it was half
// noted then, and nobody ever heard of it.
func TestAReturnThatCouldNotBeNotedIsNotedTheNextTime(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 1)
		sink, _ := s.sentOut(t, 1)
		goOn := s.refusing(t, "UPDATE ON participants")
		raw := bounceOf(sink.all()[0].from, "5.1.1", 1)
		if _, err := s.Bounce(t.Context(), strings.NewReader(raw)); err == nil {
			t.Fatal("the database took it")
		}
		goOn()
		s.back(t, raw)
		if p := s.again(t, s.employers[0]); p.State != "undeliverable" || len(s.tasks(t, s.office.ID)) != 1 {
			t.Errorf("the participant is %s, tasks %v", p.State, s.tasks(t, s.office.ID))
		}
	})
}

func TestAHeadWhoCouldNotBeRemindedForNowIsRemindedLater(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 0)
		_, relay := startSink(t)
		s.head(t, "claire@ai.example.ch")
		w := s.worker(relay)
		s.queue(t, "office", "invitation", 1)
		run(t, []*Worker{w}, func() bool { return s.idleNow(t) })
		w.Waits = func(context.Context, identity.Entry) (bool, error) { return true, nil }
		s.queue(t, "office", "reminder", 1)
		session, c := s.oneClaim(t, w)
		goOn := s.refusing(t, "INSERT ON messages")
		if end, err := w.send(session, c); err == nil || end.state != "" {
			t.Errorf("the reminder ends as %+v, %v, and nobody is reminded", end, err)
		}
		goOn()
		if end, err := w.send(session, c); err != nil || end.state != "cancelled" || s.states(t, identity.MessageRelease)["queued"] != 1 {
			t.Errorf("send = %+v, %v; to the head %v", end, err, s.states(t, identity.MessageRelease))
		}
	})
}

// The database marks a message, and the connection breaks before it says so.
func TestAMessageWhoseMarkIsInDoubtGoesOnItsWayOnce(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 1)
		sink, relay := startSink(t)
		s.queue(t, "employer", "invitation", 1)
		w := s.worker(relay)
		session, c := s.oneClaim(t, w)
		session.ledger = newLedger(func(lines []line) {
			for _, n := range lines {
				if err := s.Identity.MarkTransmitting(t.Context(), n.message.ID, w.owner, n.message.Fence, identity.AnyLink); err != nil {
					t.Error(err)
				}
			}
			answer(lines, errors.New("the connection is gone"))
		})
		session.ledger.enter()
		end, err := w.send(session, c)
		if err != nil || s.message(t, c.message.ID).State != identity.Transmitting || len(sink.all()) != 0 {
			t.Fatalf("send = %+v, %v, %d in the sink", end, err, len(sink.all()))
		}
		w.finish(t.Context(), c.message, end)
		run(t, []*Worker{s.worker(relay)}, func() bool {
			state := s.message(t, c.message.ID).State
			return state == "sent" || state == "unknown"
		})
		if m := s.message(t, c.message.ID); m.State != "sent" || len(sink.all()) != 1 {
			t.Errorf("it is %s (%s), %d in the sink", m.State, m.Code, len(sink.all()))
		}
	})
}

// A mark holds for the time of a lease: it must not wait for what the database does not take for now.
func TestAMarkDoesNotWaitForAnEndThatCannotBeWritten(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 2)
		s.queue(t, "employer", "invitation", 2)
		w := s.worker(nil)
		w.prepare()
		w.take = 2
		round := w.next(t.Context())
		if len(round) != 2 {
			t.Fatalf("%d messages were claimed", len(round))
		}
		goOn, marked, recorded := s.refusing(t, "UPDATE ON participants"), make(chan error, 1), make(chan struct{})
		go func() {
			w.record(context.Background(), []line{
				{message: round[0].message, verdict: unreachable(round[0].message, round[0].facts, "rcpt 550 5.1.1")},
				{message: round[1].message, verdict: verdict{state: identity.Transmitting}, epoch: round[1].facts.entry.Participant.Epoch, marked: marked},
			})
			close(recorded)
		}()
		select {
		case err := <-marked:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Error("the mark waits for the end of another message")
		}
		goOn()
		<-recorded
		if m := s.message(t, round[0].message.ID); m.State != "failed" {
			t.Errorf("the end is lost: %s", m.State)
		}
	})
}

func TestAFaultOfOurOwnSenderMakesNobodyUnreachable(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 1)
		_, relay := startSink(t)
		s.queue(t, "employer", "invitation", 1)
		s.Sender = mail.Sender{From: "BSV Studie", Key: s.Sender.Key}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		if p := s.again(t, s.employers[0]); p.State != "open" || s.states(t, "invitation")["failed"] != 1 {
			t.Errorf("the participant is %s, messages %v", p.State, s.states(t, "invitation"))
		}
	})
}

// Staff give somebody a new link while the message with the one before still waits.
func TestAColleagueGetsOneMessageHoweverOftenItsLinkIsMadeAnew(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 1)
		sink, relay := startSink(t)
		if err := s.HandOver(t.Context(), s.holder(t, 0), "right@firma.example.ch", "de"); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.Anew(t.Context(), s.wave.ID, s.employers[0].ID); err != nil {
				t.Fatal(err)
			}
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		got, e := sink.all(), s.entry(t, s.employers[0])
		link, _ := s.Link(e)
		if len(got) != 1 || !strings.Contains(got[0].text(t), link) || string(e.Participant.TokenHash) != string(keys.HashToken(s.Secret.Link(e.Population.LinkSalt, e.Participant.ID, e.Participant.Epoch))) {
			t.Errorf("%d messages to the colleague, %v", len(got), s.states(t, identity.MessageHandOver))
		}
	})
}

func TestWhoStopsMessagesStopsThoseToTheirOwnAddressOnly(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 0)
		_, relay := startSink(t)
		h := s.head(t, "claire@ai.example.ch")
		if err := s.AskRelease(t.Context(), h); err != nil {
			t.Fatal(err)
		}
		office := s.again(t, s.office)
		token := func(url string) string { return url[strings.LastIndex(url, "/")+1:] }
		if err := s.Stop(t.Context(), token(s.StopURL(office))); err != nil || s.states(t, identity.MessageRelease)["queued"] != 1 {
			t.Fatalf("the office stopped what goes to its head: %v, %v", s.states(t, identity.MessageRelease), err)
		}
		s.oneClaim(t, s.worker(relay))
		if err := s.Stop(t.Context(), token(s.stopURL(identity.MessageRelease, office))); err != nil || s.states(t, identity.MessageRelease)["cancelled"] != 1 {
			t.Errorf("what was about to leave to a head who stopped: %v, %v", s.states(t, identity.MessageRelease), err)
		}
	})
}
