package outbox

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rondo/app/mail"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

func TestEachMessageReachesItsPersonOnceWithTheirOwnLink(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 40)
		sink, relay := startSink(t)
		s.queue(t, "employer", "invitation", 40)
		s.queue(t, "office", "invitation", 1)
		s.queue(t, "employer", "invitation", 0)
		run(t, []*Worker{s.worker(relay), s.worker(relay)}, func() bool { return s.idleNow(t) })

		if got := s.states(t, "invitation"); got["sent"] != 41 {
			t.Fatalf("states %v", got)
		}
		byAddress := map[string]received{}
		for _, r := range sink.all() {
			if _, twice := byAddress[r.to]; twice {
				t.Errorf("%s got two messages", r.to)
			}
			byAddress[r.to] = r
		}
		token := regexp.MustCompile(regexp.QuoteMeta(public) + `/r/([0-9a-z]{32})\b`)
		for _, p := range append(s.employers, s.office) {
			text := byAddress[p.Email].text(t)
			links := token.FindAllStringSubmatch(text, -1)
			if len(links) != 1 || string(keys.HashToken(links[0][1])) != string(p.TokenHash) {
				t.Errorf("%s: links %v", p.Code, links)
			}
			hello := map[string]string{"de": "Guten Tag", "fr": "Bonjour", "it": "Buongiorno", "en": "Good day"}[p.Language]
			if !strings.HasPrefix(text, hello) || !strings.Contains(text, s.StopURL(p)) || !strings.Contains(text, s.Contact) {
				t.Errorf("%s (%s): text %q", p.Code, p.Language, text)
			}
			if p.Population == "employer" && !strings.Contains(text, s.office.Names[p.Language]) {
				t.Errorf("%s: the office is not named in %s", p.Code, p.Language)
			}
		}
	})
}

func TestWhatTheRelaySaysDecides(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 0)
		sink, relay := startSink(t)
		for _, name := range []string{"nobody", "grey", "spam", "lost", "good"} {
			s.employers = append(s.employers, s.add(t, identity.Participant{Population: "employer", Code: name, Name: name, Email: name + "@firma.example.ch", Language: "de", OfficeID: s.office.ID}))
		}
		s.queue(t, "employer", "invitation", 5)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })

		want := map[string][2]string{
			"nobody": {"failed", "rcpt 550 5.1.1"}, "grey": {"retry", "rcpt 451 4.7.1"}, "spam": {"failed", "dot 554 5.7.1"},
			"lost": {"unknown", "dot"}, "good": {"sent", "250"},
		}
		messages, err := s.Identity.Messages(ctx, s.wave.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			p, _ := s.Identity.ParticipantByID(ctx, m.ParticipantID)
			if got := [2]string{m.State, m.Code}; got != want[p.Code] {
				t.Errorf("%s ended %v, want %v", p.Code, got, want[p.Code])
			}
			if wrong := p.State == "undeliverable"; wrong != (p.Code == "nobody") {
				t.Errorf("%s is %s", p.Code, p.State)
			}
		}

		// Nothing of this is sent again but the corrected address, in a message of its own.
		s.queue(t, "employer", "invitation", 0)
		nobody := s.employers[0]
		if _, err := s.DB.Exec(ctx, "UPDATE participants SET email = 'somebody@firma.example.ch', state = 'open' WHERE id = ?", nobody.ID); err != nil {
			t.Fatal(err)
		}
		s.queue(t, "employer", "invitation", 1)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		to := map[string]int{}
		for _, r := range sink.all() {
			to[r.to]++
		}
		if to["somebody@firma.example.ch"] != 1 || to["lost@firma.example.ch"] != 1 || to["good@firma.example.ch"] != 1 || len(to) != 3 {
			t.Errorf("the sink holds %v", to)
		}
	})
}

func TestAWorkerThatDiesLeavesNoDoubt(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 2)
		sink, relay := startSink(t)
		s.queue(t, "employer", "invitation", 2)
		dead, err := s.Identity.ClaimMessages(ctx, "dead", 2, lease)
		if err != nil || len(dead) != 2 {
			t.Fatalf("claimed %v, %v", dead, err)
		}
		if err := s.Identity.MarkTransmitting(ctx, dead[0].ID, "dead", dead[0].Fence, identity.AnyLink); err != nil {
			t.Fatal(err)
		}
		s.DB.SetOffset(lease + time.Second)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.states(t, "invitation")["sent"] == 1 })
		if got := s.states(t, "invitation"); got["unknown"] != 1 || len(sink.all()) != 1 {
			t.Errorf("states %v, sink %d", got, len(sink.all()))
		}

		// The dead one comes back and learns that its claim is over.
		if err := s.Identity.MarkTransmitting(ctx, dead[1].ID, "dead", dead[1].Fence, identity.AnyLink); err == nil {
			t.Error("a lost claim could be transmitted")
		}
	})
}

func TestWhoHasAnsweredGetsNoReminder(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 6)
		sink, relay := startSink(t)
		s.queue(t, "employer", "reminder", 0) // nobody is invited yet
		s.queue(t, "employer", "invitation", 6)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		before := len(sink.all())
		s.queue(t, "employer", "reminder", 6)
		s.queue(t, "employer", "reminder", 0)

		// Two answered after the reminders were queued.
		answered := map[string]bool{s.employers[1].ID: true, s.employers[4].ID: true}
		w := s.worker(relay)
		w.Done = func(context.Context, identity.Population, []identity.Participant) (map[string]bool, error) {
			return answered, nil
		}
		run(t, []*Worker{w}, func() bool { return s.idleNow(t) })
		for _, r := range sink.all()[before:] {
			if r.to == s.employers[1].Email || r.to == s.employers[4].Email {
				t.Errorf("%s was reminded", r.to)
			}
		}
		if got := s.states(t, "reminder"); got["sent"] != 4 || got["cancelled"] != 2 {
			t.Errorf("states %v", got)
		}
		state, err := s.State(context.Background(), s.wave)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range state.Counts {
			if c.Population == "employer" && c.Kind == "reminder" && (c.State != "handled" || c.N != 5 || !c.Floored) {
				t.Errorf("the counts tell how many have answered: %+v", c)
			}
		}

		s.DB.SetOffset(8 * 24 * time.Hour)
		s.queue(t, "employer", "reminder", 6)
	})
}

func TestAPausedWaveSendsNothingAndLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 3)
		sink, relay := startSink(t)
		s.queue(t, "employer", "invitation", 3)
		if err := s.Identity.SetMailPaused(ctx, s.wave.ID, true); err != nil {
			t.Fatal(err)
		}
		looks := 0
		run(t, []*Worker{s.worker(relay)}, func() bool { looks++; return looks > 20 })
		if len(sink.all()) != 0 || s.states(t, "invitation")["queued"] != 3 {
			t.Errorf("sink %d, states %v", len(sink.all()), s.states(t, "invitation"))
		}
		if err := s.Identity.SetMailPaused(ctx, s.wave.ID, false); err != nil {
			t.Fatal(err)
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.states(t, "invitation")["sent"] == 3 })
	})
}

// takenBack is a relay in front of which somebody cancels or pauses at the last moment.
type takenBack struct {
	mail.Transport
	before func()
}

func (b takenBack) Send(ctx context.Context, l mail.Letter, transmitting func() error) mail.Outcome {
	b.before()
	return b.Transport.Send(ctx, l, transmitting)
}

func TestACancelBeforeTransmittingIsCertain(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 1)
		sink, relay := startSink(t)
		s.queue(t, "employer", "invitation", 1)
		w := s.worker(takenBack{relay, func() {
			if _, err := s.Identity.CancelMessages(ctx, s.wave.ID, "invitation"); err != nil {
				t.Error(err)
			}
		}})
		run(t, []*Worker{w}, func() bool { return s.states(t, "invitation")["cancelled"] == 1 })
		if len(sink.all()) != 0 {
			t.Error("a cancelled message was sent")
		}
	})
}

func TestADeadRelayStopsTheQueueAndLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 12)
		s.queue(t, "employer", "invitation", 12)
		var tries atomic.Int32
		w := s.worker(failing{&tries})
		w.breaker.pause = 200 * time.Millisecond
		looks := 0
		run(t, []*Worker{w}, func() bool { looks++; return looks > 15 })
		if n := tries.Load(); n < breakAfter || n > breakAfter+10 {
			t.Errorf("%d tries within a second, want a few more than %d", n, breakAfter)
		}
		if got := s.states(t, "invitation"); got["queued"]+got["retry"] != 12 || !w.Broken() {
			t.Errorf("states %v, broken %t", got, w.Broken())
		}
	})
}

type failing struct{ tries *atomic.Int32 }

func (f failing) Send(context.Context, mail.Letter, func() error) mail.Outcome {
	f.tries.Add(1)
	return mail.Outcome{Result: mail.Temporary, Code: "connect", Relay: true}
}

func TestAStopLinkStopsMailAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 2)
		s.queue(t, "employer", "invitation", 2)
		token := strings.TrimPrefix(s.StopURL(s.employers[0]), public+"/u/")
		for range 3 {
			look, err := s.LookStop(ctx, token)
			if err != nil || look.Stopped || look.Masked != "e…@firma.example.ch" || look.Language != "de" {
				t.Fatalf("LookStop = %+v, %v", look, err)
			}
		}
		for range 2 {
			if err := s.Stop(ctx, strings.ToUpper(token)+"."); err != nil {
				t.Fatal(err)
			}
		}
		if look, _ := s.LookStop(ctx, token); !look.Stopped {
			t.Error("not stopped")
		}
		if got := s.states(t, "invitation"); got["cancelled"] != 1 || got["queued"] != 1 {
			t.Errorf("states %v", got)
		}
		if _, plan, err := s.Queue(ctx, s.wave, "employer", "invitation"); err != nil || plan.Suppressed != 1 || plan.Queue != 0 {
			t.Errorf("plan %+v, %v", plan, err)
		}
		forged := s.employers[1].ID + token[idLength:]
		for _, bad := range []string{"", "x", forged, token[:len(token)-1], strings.Repeat("a", len(token))} {
			if err := s.Stop(ctx, bad); !errors.Is(err, ErrUnknownStop) {
				t.Errorf("Stop(%q) = %v", bad, err)
			}
		}
	})
}

// bounce is what a mail server sends back to an address about a message with some headers.
func bounce(to, quoted string) string {
	return "From: MAILER-DAEMON@x\r\nTo: " + to + "\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" +
		"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + quoted + "\r\n--b--\r\n"
}

func TestAHardBounceBecomesATaskOnce(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 1)
		sink, relay := startSink(t)
		s.queue(t, "employer", "invitation", 1)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		sent := sink.all()[0]
		id := regexp.MustCompile(`(?i)message-id: <[^>]+>`).FindString(sent.body)
		employer := func() identity.Participant {
			p, err := s.Identity.ParticipantByID(ctx, s.employers[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		for _, raw := range []string{bounce("studie@example.ch", id), bounce(sent.from, "")} {
			back, err := s.Bounce(ctx, strings.NewReader(raw))
			if err != nil || !back.Known || back.Class != mail.Hard {
				t.Fatalf("Bounce = %+v, %v", back, err)
			}
		}
		if p := employer(); p.State != "undeliverable" {
			t.Errorf("state %s", p.State)
		}
		state, _ := s.State(ctx, s.wave)
		if len(state.Trouble) != 1 || state.Trouble[0].State != "returned" {
			t.Errorf("trouble %+v", state.Trouble)
		}
		if err := s.Identity.SetParticipantState(ctx, employer().ID, []string{"undeliverable"}, "open"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Bounce(ctx, strings.NewReader(bounce(sent.from, ""))); err != nil || employer().State != "open" {
			t.Errorf("the same bounce again: %v, %s", err, employer().State)
		}
		s.queue(t, "employer", "invitation", 1)
	})
}

func TestAnEmptyQueueIsLeftAlone(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 1)
		_, relay := startSink(t)
		before := s.written(t)
		looks := 0
		run(t, []*Worker{s.worker(relay)}, func() bool { looks++; return looks > 25 })
		if after := s.written(t); after != before {
			t.Errorf("%d rows were written while there was nothing to do", after-before)
		}
	})
}

// written is how many rows of messages were ever inserted, changed or deleted.
func (s *scene) written(t *testing.T) (n int64) {
	t.Helper()
	query := "SELECT total_changes()"
	if s.DB.Postgres() {
		query = "SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE relname = 'messages'"
	}
	if err := s.DB.Conn().QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
