package outbox

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"rondo/app/mail"
	"rondo/storage/db"
	"rondo/storage/identity"
)

// messagesOf are the messages of a kind to a participant, by number.
func (s *scene) messagesOf(t *testing.T, p identity.Participant, kind string) (of []identity.Message) {
	t.Helper()
	all, err := s.Identity.Messages(t.Context(), s.wave.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.ParticipantID == p.ID && m.Kind == kind {
			of = append(of, m)
		}
	}
	return of
}

// A report may come days after the message: by then others may answer.
func TestAReportAboutAnAddressSaysNothingOfWhoAnswersSince(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := t.Context(), newScene(t, o, 1)
		_, relay := s.sentOut(t, 1)
		send := func() { t.Helper(); run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) }) }
		one, n := s.employers[0], 0
		back := func(kind string, number int, want string) {
			t.Helper()
			for _, m := range s.messagesOf(t, one, kind) {
				if m.Number == number {
					n++
					s.back(t, bounceOf(s.envelope(t, m), "5.1.1", n))
				}
			}
			if state := s.again(t, one).State; state != want {
				t.Fatalf("after the return of %s %d the participant is %s, want %s", kind, number, state, want)
			}
		}
		s.queue(t, "employer", "reminder", 1)
		send()
		if err := s.HandOver(ctx, s.holder(t, 0), "anna@firma.example.ch", "de"); err != nil {
			t.Fatal(err)
		}
		send()
		back("invitation", 1, "open")
		back("reminder", 0, "open")
		s.queue(t, "employer", "invitation", 0)
		if err := s.Anew(ctx, s.wave.ID, one.ID); err != nil {
			t.Fatal(err)
		}
		send()
		back(identity.MessageHandOver, 10, "open") // its successor is on its way to the same address, and says so itself
		back(identity.MessageHandOver, 11, "undeliverable")
		if err := s.CorrectColleague(ctx, s.wave, "anna@firma.example.ch", "berta@firma.example.ch"); err != nil {
			t.Fatal(err)
		}
		send()
		if err := s.HandOver(ctx, s.holder(t, 0), "carla@firma.example.ch", "de"); err != nil {
			t.Fatal(err)
		}
		send()
		back(identity.MessageHandOver, 12, "open")
		back(identity.MessageHandOver, 20, "undeliverable")
	})
}

// What is with the relay when an address is corrected may be put off there: it must not follow later.
func TestWhatWasUnderWayToAWrongAddressDoesNotGoToTheRightOneAsWell(t *testing.T) {
	right := "right@firma.example.ch"
	for name, c := range map[string]struct {
		queue, correct func(t *testing.T, s *scene) error
	}{
		"an invitation": {
			func(t *testing.T, s *scene) error { s.queue(t, "employer", "invitation", 1); return nil },
			func(t *testing.T, s *scene) error {
				return s.correct(t.Context(), s.entry(t, s.employers[0]), right, "de")
			},
		},
		"an invitation whose link is made anew": {
			func(t *testing.T, s *scene) error { s.queue(t, "employer", "invitation", 1); return nil },
			func(t *testing.T, s *scene) error { return s.Anew(t.Context(), s.wave.ID, s.employers[0].ID) },
		},
		"a hand-over whose link is made anew": {
			func(t *testing.T, s *scene) error { return s.HandOver(t.Context(), s.holder(t, 0), right, "de") },
			func(t *testing.T, s *scene) error { return s.Anew(t.Context(), s.wave.ID, s.employers[0].ID) },
		},
	} {
		for _, end := range []string{"retry", "unknown"} {
			t.Run(name+" that ends as "+end, func(t *testing.T) {
				each(t, func(t *testing.T, o *Outbox) {
					s := newScene(t, o, 1)
					sink, relay := startSink(t)
					if err := c.queue(t, s); err != nil {
						t.Fatal(err)
					}
					w := s.worker(relay)
					_, one := s.oneClaim(t, w)
					m := one.message
					if err := s.Identity.MarkTransmitting(t.Context(), m.ID, w.owner, m.Fence, identity.AnyLink); err != nil {
						t.Fatal(err)
					}
					if err := c.correct(t, s); err != nil {
						t.Fatal(err)
					}
					w.finish(t.Context(), m, verdict{state: end, code: "dot 451"})
					state, err := s.State(t.Context(), s.wave)
					if err != nil || len(state.Trouble) != 0 {
						t.Errorf("to settle, though somebody was written to again: %+v, %v", state.Trouble, err)
					}
					run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) && len(sink.all()) > 0 })
					if n := len(sink.all()); n != 1 || s.message(t, m.ID).State == "retry" {
						t.Errorf("%d messages, the first is %s", n, s.message(t, m.ID).State)
					}
				})
			})
		}
	}
}

// atOnce calls do for each of n at the same time and says how many were not refused; a refusal is one
// of those that are expected.
func atOnce(t *testing.T, n int, do func(i int) error, expected ...error) (done int) {
	t.Helper()
	errs := make([]error, n)
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		all.Go(func() { <-begin; errs[i] = do(i) })
	}
	close(begin)
	all.Wait()
next:
	for _, err := range errs {
		if err == nil {
			done++
			continue
		}
		for _, want := range expected {
			if errors.Is(err, want) {
				continue next
			}
		}
		t.Error(err)
	}
	return done
}

func TestOfManyWhoCorrectAnAddressAtOnceOneDoes(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 30)
		sink, _ := s.sentOut(t, 30)
		for n, p := range s.employers {
			s.back(t, bounceOf(sink.to(p.Email)[0].from, "5.1.1", n))
		}
		for n, p := range s.employers {
			done := atOnce(t, 4, func(i int) error {
				time.Sleep(time.Duration(i) * time.Millisecond)
				return s.Correct(t.Context(), s.wave.ID, s.office.ID, p.ID, fmt.Sprintf("right%d.%d@firma.example.ch", n, i), "de")
			}, db.ErrConflict, ErrNothingToCorrect)
			if now := s.again(t, p); done != 1 || now.Epoch != p.Epoch+1 || len(s.messagesOf(t, p, "invitation")) != 2 {
				t.Fatalf("%d have corrected one address, which was changed %d times", done, now.Epoch-p.Epoch)
			}
		}
	})
}

func TestTwoParticipantsDoNotGetOneAddressAtOnce(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 20)
		sink, _ := s.sentOut(t, 20)
		for n, p := range s.employers {
			s.back(t, bounceOf(sink.to(p.Email)[0].from, "5.1.1", n))
		}
		for n := 0; n < len(s.employers); n += 2 {
			done := atOnce(t, 2, func(i int) error {
				address := fmt.Sprintf("right%d@firma.example.ch", n)
				if i == 1 {
					address = strings.ToUpper(address[:1]) + address[1:]
				}
				return s.Correct(t.Context(), s.wave.ID, s.office.ID, s.employers[n+i].ID, address, "de")
			}, db.ErrConflict, ErrTaken)
			if done != 1 {
				t.Fatalf("%d participants have one address", done)
			}
		}
	})
}

// Whoever finds the first of two messages to the same mailbox stops them with the link in it.
func TestANewLinkLeavesTheStopLinkOfBefore(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := t.Context(), newScene(t, o, 1)
		one := s.employers[0]
		_, stop, _ := strings.Cut(s.StopURL(one), "/u/")
		s.sentOut(t, 1)
		if err := s.Anew(ctx, s.wave.ID, one.ID); err != nil {
			t.Fatal(err)
		}
		if look, err := s.LookStop(ctx, stop); err != nil || look.Stopped || look.Masked != mail.Masked(one.Email) {
			t.Errorf("the stop link shows %+v, %v", look, err)
		}
		if err := s.Stop(ctx, stop); err != nil {
			t.Fatal(err)
		}
		if stopped, err := s.Identity.Suppressed(ctx, EmailHash(s.Secret, one.Email)); err != nil || !stopped {
			t.Errorf("the messages go on: %v", err)
		}
	})
}

func TestALinkIsNotMadeAnewForEver(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 1)
		var err error
		n := 0
		for ; err == nil && n < 100; n++ {
			err = s.Anew(t.Context(), s.wave.ID, s.employers[0].ID)
		}
		if !errors.Is(err, ErrCorrectedOften) || n < MostCorrections {
			t.Errorf("made anew %d times: %v", n, err)
		}
	})
}

// The link of a head does not change with that of the office.
func TestANewLinkOfAnOfficeLeavesWhatGoesToItsHead(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 0)
		sink, relay := startSink(t)
		if err := s.AskRelease(t.Context(), s.head(t, "claire@ai.example.ch")); err != nil {
			t.Fatal(err)
		}
		if err := s.Anew(t.Context(), s.wave.ID, s.office.ID); err != nil {
			t.Fatal(err)
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		if len(sink.to("claire@ai.example.ch")) != 1 || len(sink.to(s.office.Email)) != 1 {
			t.Errorf("to the head %v, to the office %v", s.states(t, identity.MessageRelease), s.states(t, "invitation"))
		}
	})
}

func TestAnUnknownMessageWithASuccessorIsNotSentOnceMore(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 1)
		if err := s.HandOver(t.Context(), s.holder(t, 0), "anna@firma.example.ch", "de"); err != nil {
			t.Fatal(err)
		}
		w := s.worker(nil)
		_, one := s.oneClaim(t, w)
		if err := s.Identity.MarkTransmitting(t.Context(), one.message.ID, w.owner, one.message.Fence, identity.AnyLink); err != nil {
			t.Fatal(err)
		}
		w.finish(t.Context(), one.message, verdict{state: "unknown", code: "dot"})
		if err := s.Anew(t.Context(), s.wave.ID, s.employers[0].ID); err != nil {
			t.Fatal(err)
		}
		if err := s.Resend(t.Context(), one.message.ID); !errors.Is(err, db.ErrState) {
			t.Errorf("the colleague gets both: %v", err)
		}
	})
}

// After the close nobody corrects an address: what does not arrive then would go out again and again.
func TestThanksThatDoNotArriveAreNotSentOnceMore(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 1)
		sink, relay := startSink(t)
		s.employers = append(s.employers, s.add(t, identity.Participant{Population: "employer", Code: "N", Name: "N AG", Email: "nobody@firma.example.ch", Language: "de", OfficeID: s.office.ID}))
		if _, err := s.DB.Exec(t.Context(), "UPDATE populations SET state = 'closed' WHERE wave_id = ? AND name = 'employer'", s.wave.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.Identity.MarkDone(t.Context(), s.wave.ID, "employer", []string{s.employers[0].ID, s.employers[1].ID}); err != nil {
			t.Fatal(err)
		}
		s.queue(t, "employer", "thanks", 2)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		s.back(t, bounceOf(sink.all()[0].from, "5.1.1", 1))
		s.queue(t, "employer", "thanks", 0)
	})
}

func TestNothingIsLeftToSettleOnceSomebodyWasWrittenToAgain(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := t.Context(), newScene(t, o, 0)
		sink, relay := startSink(t)
		send := func() { t.Helper(); run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) }) }
		trouble := func() []Trouble {
			t.Helper()
			state, err := s.State(ctx, s.wave)
			if err != nil {
				t.Fatal(err)
			}
			return state.Trouble
		}
		one := s.add(t, identity.Participant{Population: "employer", Code: "E", Name: "F", Email: "spam@firma.example.ch", Language: "de", OfficeID: s.office.ID})
		s.queue(t, "employer", "invitation", 1)
		send()
		if len(trouble()) != 1 {
			t.Fatalf("to settle %+v", trouble())
		}
		// The relay takes it now: the same address, spelt so that the sink lets it through.
		if _, err := s.DB.Exec(ctx, "UPDATE participants SET email = 'fine@firma.example.ch' WHERE id = ?", one.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.Resend(ctx, trouble()[0].MessageID); err != nil {
			t.Fatal(err)
		}
		send()
		if len(trouble()) != 0 {
			t.Errorf("sent once more, and still to settle: %+v", trouble())
		}
		for n := range 2 { // it comes back, and so does the one to the corrected address
			s.back(t, bounceOf(sink.all()[n].from, "5.1.1", n))
			if len(trouble()) != 1 {
				t.Errorf("after %d came back, to settle: %+v", n+1, trouble())
			}
			if err := s.Correct(ctx, s.wave.ID, s.office.ID, one.ID, fmt.Sprintf("try%d@firma.example.ch", n), "de"); err != nil {
				t.Fatal(err)
			}
			send()
		}
	})
}
