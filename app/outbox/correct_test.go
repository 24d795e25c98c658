package outbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rondo/app/mail"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// bounceOf is a report about the message with this envelope sender: with a status of 4 of a delay, with one of 5 of a message given up.
func bounceOf(envelope, status string, n int) string {
	action := map[bool]string{true: "delayed", false: "failed"}[strings.HasPrefix(status, "4.")]
	return fmt.Sprintf("From: MAILER-DAEMON@x\r\nTo: %s\r\nMessage-ID: <report%d@x>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"+
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: %s\r\nStatus: %s\r\n\r\n--b--\r\n", envelope, n, action, status)
}

func (s *scene) back(t *testing.T, raw string) {
	t.Helper()
	if back, err := s.Bounce(context.Background(), strings.NewReader(raw)); err != nil || !back.Known {
		t.Fatalf("Bounce = %+v, %v", back, err)
	}
}

func (s *scene) tasks(t *testing.T, officeID string) []Task {
	t.Helper()
	tasks, err := s.Tasks(context.Background(), s.wave.ID, officeID)
	if err != nil {
		t.Fatal(err)
	}
	if officeID != "" { // the page of an office counts them by itself
		room, err := s.Identity.OfficeRoom(context.Background(), s.wave.ID, officeID)
		if err != nil || room.Unreached != len(tasks) {
			t.Errorf("the room of the office counts %d, there are %d tasks: %v", room.Unreached, len(tasks), err)
		}
	}
	return tasks
}

func (s *scene) again(t *testing.T, p identity.Participant) identity.Participant {
	t.Helper()
	p, err := s.Identity.ParticipantByID(context.Background(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sentOut queues the invitations and lets them go.
func (s *scene) sentOut(t *testing.T, n int) (*sink, *mail.Relay) {
	t.Helper()
	sink, relay := startSink(t)
	s.queue(t, "employer", "invitation", n)
	run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
	return sink, relay
}

func TestACorrectedAddressGetsOneNewInvitationAndTheOldLinksDie(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 2)
		sink, relay := s.sentOut(t, 2)
		wrong := s.employers[0]
		first := sink.to(wrong.Email)[0]
		s.back(t, bounceOf(first.from, "5.1.1", 1))
		want := []Task{{ID: wrong.ID, Population: "employer", Code: wrong.Code, Name: wrong.Name, Language: "de", Email: wrong.Email, Status: "5.1.1"}}
		if diff := cmp.Diff(want, s.tasks(t, s.office.ID)); diff != "" {
			t.Fatalf("tasks (-want +got):\n%s", diff)
		}
		if fsio := s.tasks(t, ""); len(fsio) != 0 {
			t.Errorf("it also falls to FSIO: %+v", fsio)
		}

		if err := s.Correct(ctx, s.wave.ID, s.office.ID, wrong.ID, " Right@Firma.example.ch ", "fr"); err != nil {
			t.Fatal(err)
		}
		if err := s.Correct(ctx, s.wave.ID, s.office.ID, wrong.ID, "other@firma.example.ch", "fr"); !errors.Is(err, ErrNothingToCorrect) {
			t.Errorf("corrected twice: %v", err)
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		got := sink.to("Right@firma.example.ch")
		if len(got) != 1 || len(sink.all()) != 3 || !strings.HasPrefix(got[0].text(t), "Bonjour") {
			t.Fatalf("the sink holds %d, %d of them for the new address", len(sink.all()), len(got))
		}
		now := s.again(t, wrong)
		if now.State != "open" || now.Email != "Right@firma.example.ch" || len(s.tasks(t, s.office.ID)) != 0 {
			t.Errorf("%+v, tasks %v", now, s.tasks(t, s.office.ID))
		}
		pop, _ := s.Identity.Population(ctx, s.wave.ID, "employer")
		oldLink, newLink := s.Secret.Link(pop.LinkSalt, wrong.ID, 1), s.Secret.Link(pop.LinkSalt, wrong.ID, 2)
		if _, err := s.Identity.HolderByToken(ctx, keys.HashToken(oldLink)); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("the link that went to the old address still works: %v", err)
		}
		if h, err := s.Identity.HolderByToken(ctx, keys.HashToken(newLink)); err != nil || h.ID != wrong.ID || !strings.Contains(got[0].text(t), newLink) {
			t.Errorf("the new link: %+v, %v", h, err)
		}

		// What comes late from the old address, and whoever reads its mail, changes nothing.
		s.back(t, bounceOf(first.from, "5.1.1", 2))
		s.back(t, bounceOf(first.from, "4.2.2", 3))
		if soft, err := s.Identity.SoftReturns(ctx, s.wave.ID); s.again(t, wrong).State != "open" || len(soft) != 0 || err != nil {
			t.Errorf("state %s, delays %v, %v", s.again(t, wrong).State, soft, err)
		}
		_, stop, _ := strings.Cut(s.StopURL(wrong), "/u/")
		if err := s.Stop(ctx, stop); err != nil {
			t.Fatal(err)
		}
		if stopped, err := s.Identity.Suppressed(ctx, EmailHash(s.Secret, now.Email)); stopped || err != nil {
			t.Errorf("the old stop link has stopped the messages to the new address: %v", err)
		}
		_, stop, _ = strings.Cut(s.StopURL(now), "/u/")
		if look, err := s.LookStop(ctx, stop); err != nil || look.Masked != "R…@firma.example.ch" {
			t.Errorf("the new stop link shows %+v, %v", look, err)
		}
		s.queue(t, "employer", "invitation", 0)
		s.queue(t, "employer", "reminder", 2)
	})
}

// to are the messages that were taken for an address.
func (s *sink) to(address string) (got []received) {
	for _, r := range s.all() {
		if r.to == address {
			got = append(got, r)
		}
	}
	return got
}

func TestCorrectRefusesWhatWouldReachTheWrongOnes(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 3)
		sink, _ := s.sentOut(t, 3)
		wrong, other := s.employers[0], s.employers[1]
		s.back(t, bounceOf(sink.to(wrong.Email)[0].from, "5.1.1", 1))
		if err := s.Identity.Suppress(ctx, EmailHash(s.Secret, "never@firma.example.ch"), "stopped"); err != nil {
			t.Fatal(err)
		}
		stranger := s.add(t, identity.Participant{Population: "office", Code: "BE", Name: "IV-Stelle Bern", Email: "be@iv.example.ch", Language: "de"})
		for _, c := range []struct {
			name, office, participant, address string
			want                               error
		}{
			{"no address", s.office.ID, wrong.ID, "somebody", ErrBadAddress},
			{"two addresses", s.office.ID, wrong.ID, "a@firma.ch, b@firma.ch", ErrBadAddress},
			{"an address that wants no messages", s.office.ID, wrong.ID, "never@firma.example.ch", ErrBadAddress},
			{"the address of another employer", s.office.ID, wrong.ID, strings.ToUpper(other.Email), ErrTaken},
			{"an employer whose message arrived", s.office.ID, other.ID, "new@firma.example.ch", ErrNothingToCorrect},
			{"an employer of another office", stranger.ID, wrong.ID, "new@firma.example.ch", ErrNothingToCorrect},
			{"the office itself", s.office.ID, s.office.ID, "new@firma.example.ch", ErrNothingToCorrect},
			{"nobody", s.office.ID, "", "new@firma.example.ch", ErrNothingToCorrect},
		} {
			if err := s.Correct(ctx, s.wave.ID, c.office, c.participant, c.address, "de"); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.name, err, c.want)
			}
		}
		for n := range MostCorrections { // the address that wants no messages has used one up
			err := s.Correct(ctx, s.wave.ID, s.office.ID, wrong.ID, fmt.Sprintf("try%d@firma.example.ch", n), "de")
			if want := map[bool]error{true: ErrCorrectedOften}[n == MostCorrections-1]; !errors.Is(err, want) {
				t.Fatalf("correction %d: %v, want %v", n+1, err, want)
			}
			messages, _ := s.Identity.Messages(ctx, s.wave.ID)
			for _, m := range messages { // and this one does not arrive either
				if m.ParticipantID == wrong.ID && m.State == "queued" {
					s.back(t, bounceOf(s.envelope(t, m), "5.1.1", 10+n))
				}
			}
		}
		s.DB.SetOffset(31 * 24 * time.Hour)
		if err := s.Correct(ctx, s.wave.ID, s.office.ID, other.ID, "late@firma.example.ch", "de"); !errors.Is(err, ErrNothingToCorrect) {
			t.Errorf("after the end: %v", err)
		}
	})
}

// An office whose employer is not reached could try addresses until one belongs to another office's:
// it reads the same as of an address that wants no messages, and may try no more often than correct.
func TestAnOfficeCannotTryWhomOthersHaveNominated(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 1)
		sink, _ := s.sentOut(t, 1)
		wrong := s.employers[0]
		s.back(t, bounceOf(sink.to(wrong.Email)[0].from, "5.1.1", 1))
		bern := s.add(t, identity.Participant{Population: "office", Code: "BE", Name: "IV-Stelle Bern", Email: "be@iv.example.ch", Language: "de"})
		s.add(t, identity.Participant{Population: "employer", Code: "X1", Name: "Fremd", Email: "fremd@fremd.example.ch", Language: "de", OfficeID: bern.ID})
		for n := range MostCorrections {
			if err := s.Correct(ctx, s.wave.ID, s.office.ID, wrong.ID, "Fremd@fremd.example.ch", "de"); !errors.Is(err, ErrBadAddress) {
				t.Errorf("attempt %d: %v", n+1, err)
			}
		}
		if err := s.Correct(ctx, s.wave.ID, s.office.ID, wrong.ID, "fremd@fremd.example.ch", "de"); !errors.Is(err, ErrCorrectedOften) {
			t.Errorf("once more: %v", err)
		}
	})
}

// envelope is the address to which a report about m comes.
func (s *scene) envelope(t *testing.T, m identity.Message) string {
	t.Helper()
	letter, err := s.Sender.Compose(mail.Message{ID: m.ID, To: "a@firma.example.ch", Subject: "s", Text: "t", HTML: "h", Language: "de"})
	if err != nil {
		t.Fatal(err)
	}
	return letter.From
}

func TestThreeDelaysWithinSevenDaysMakeATask(t *testing.T) {
	for _, c := range []struct {
		name string
		days []int // when a report comes
		want bool
	}{
		{"two are none", []int{0, 1}, false},
		{"three on one day", []int{0, 0, 0}, true},
		{"three in seven days", []int{0, 3, 6}, true},
		{"three in eight days", []int{0, 3, 7}, false},
		{"the last three count as well", []int{0, 9, 12, 14}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, o *Outbox) {
				s := newScene(t, o, 1)
				sink, _ := s.sentOut(t, 1)
				envelope := sink.all()[0].from
				for n, day := range c.days {
					s.DB.SetOffset(time.Duration(day) * 24 * time.Hour)
					s.back(t, bounceOf(envelope, "4.2.2", n))
					s.back(t, bounceOf(envelope, "4.2.2", n)) // the same once more counts once
				}
				tasks := s.tasks(t, s.office.ID)
				if got := len(tasks) == 1 && tasks[0].Soft; got != c.want || (len(tasks) > 0) != c.want {
					t.Errorf("tasks %+v, want one: %v", tasks, c.want)
				}
				if s.again(t, s.employers[0]).State != "open" {
					t.Error("a delay has stopped the messages")
				}
			})
		})
	}
}

// An office must not learn who was reminded, since that says who has not answered, nor that somebody
// handed the questionnaire over.
func TestNoTaskSaysWhoHasNotAnsweredOrHandedOver(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 2)
		_, relay := s.sentOut(t, 2)
		s.queue(t, "employer", "reminder", 2)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		pop, _ := s.Identity.Population(ctx, s.wave.ID, "employer")
		h, err := s.Identity.HolderByToken(ctx, keys.HashToken(s.Secret.Link(pop.LinkSalt, s.employers[1].ID, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.HandOver(ctx, h, "colleague@firma.example.ch", "de"); err != nil {
			t.Fatal(err)
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		messages, _ := s.Identity.Messages(ctx, s.wave.ID)
		for n, m := range messages {
			if (m.Kind == "reminder" && m.ParticipantID == s.employers[0].ID) || m.Kind == identity.MessageHandOver {
				s.back(t, bounceOf(s.envelope(t, m), "5.1.1", n))
				s.back(t, bounceOf(s.envelope(t, m), "4.2.2", 100+n))
			}
		}
		for _, p := range s.employers {
			if s.again(t, p).State != "undeliverable" {
				t.Errorf("%s is %s: the test proves nothing", p.Code, s.again(t, p).State)
			}
		}
		if tasks := append(s.tasks(t, s.office.ID), s.tasks(t, "")...); len(tasks) != 0 {
			t.Errorf("tasks %+v", tasks)
		}
	})
}

// Whoever gets the message late, or the link another way, may decline or hand over: the office must see
// the same task as before, and the same when it corrects the address.
func TestATaskDoesNotSayWhoHasDeclinedOrHandedOver(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 6)
		_, relay := s.sentOut(t, 6)
		for i, p := range s.employers {
			envelope, status := s.envelope(t, s.messagesOf(t, p, "invitation")[0]), "5.1.1"
			if i%2 == 1 {
				status = "4.2.2"
			}
			for day := range 3 {
				s.back(t, bounceOf(envelope, status, 10*i+day))
			}
		}
		lost := s.add(t, identity.Participant{Population: "employer", Code: "lost", Name: "L", Email: "nobody@firma.example.ch", Language: "de", OfficeID: s.office.ID})
		s.queue(t, "employer", "invitation", 1)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		settle := func() string {
			t.Helper()
			state, err := s.State(ctx, s.wave)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(state)
		}
		before, told := s.tasks(t, s.office.ID), settle()
		s.become(t, lost, "refused")
		s.become(t, s.employers[0], "wrong_person")
		s.become(t, s.employers[1], "refused")
		for i := 2; i < 4; i++ {
			if err := s.HandOver(ctx, s.holder(t, i), "colleague@firma.example.ch", s.employers[i].Language); err != nil {
				t.Fatal(err)
			}
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		if diff := cmp.Diff(before, s.tasks(t, s.office.ID)); diff != "" || len(before) != 7 {
			t.Fatalf("%d tasks (-before +after):\n%s", len(before), diff)
		}
		if now := settle(); now != told {
			t.Errorf("to settle:\n%s\nbefore:\n%s", now, told)
		}
		for i, p := range s.employers {
			if err := s.Correct(ctx, s.wave.ID, s.office.ID, p.ID, fmt.Sprintf("right%d@firma.example.ch", i), "de"); err != nil {
				t.Errorf("correcting the address of number %d: %v", i, err)
			}
			if left := len(s.tasks(t, s.office.ID)); left != 6-i {
				t.Errorf("after %d corrections %d tasks are left", i+1, left)
			}
			got := s.again(t, p)
			if kept := i < 4; kept != (got.Email == p.Email) || kept != (got.Epoch == p.Epoch+i/2) {
				t.Errorf("number %d has the address %s and epoch %d", i, got.Email, got.Epoch)
			}
		}
	})
}

// At the close who has answered is done: of two whose invitations did not arrive, one must not stay.
func TestNothingThatDidNotArriveSaysAfterTheCloseWhoHasAnswered(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 4)
		s.sentOut(t, 4)
		for i, p := range s.employers {
			envelope, status := s.envelope(t, s.messagesOf(t, p, "invitation")[0]), "5.1.1"
			if i >= 2 {
				status = "4.2.2"
			}
			for day := range 3 {
				s.back(t, bounceOf(envelope, status, 10*i+day))
			}
		}
		looks := func(when string, want int) {
			t.Helper()
			state, err := s.State(ctx, s.wave)
			if err != nil || len(state.Trouble) != 2 || len(s.tasks(t, s.office.ID)) != want {
				t.Errorf("%s there are %d tasks and %d to settle, %v; want %d and 2", when, len(s.tasks(t, s.office.ID)), len(state.Trouble), err, want)
			}
		}
		looks("in the field", 4)
		if err := s.Identity.MarkDone(ctx, s.wave.ID, "employer", []string{s.employers[0].ID, s.employers[2].ID}); err != nil {
			t.Fatal(err)
		}
		if err := s.Identity.SetPopulationState(ctx, s.wave.ID, "employer", "open", "closed"); err != nil {
			t.Fatal(err)
		}
		looks("after the close", 0)
	})
}

func TestWhatBelongsToNoOfficeFallsToFSIO(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 0)
		_, relay := startSink(t)
		alone := s.add(t, identity.Participant{Population: "employer", Code: "P1", Name: "Panel AG", Email: "nobody@firma.example.ch", Language: "it"})
		s.queue(t, "employer", "invitation", 1)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		if got := s.tasks(t, ""); len(got) != 1 || got[0].ID != alone.ID || got[0].Status != "5.1.1" {
			t.Fatalf("tasks %+v", got)
		}
		if err := s.Correct(ctx, s.wave.ID, "", alone.ID, "somebody@firma.example.ch", "it"); err != nil {
			t.Fatal(err)
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		if state, err := s.State(ctx, s.wave); err != nil || len(state.Trouble) != 0 || len(s.tasks(t, "")) != 0 {
			t.Errorf("left to settle: %+v, %v", state.Trouble, err)
		}
	})
}
