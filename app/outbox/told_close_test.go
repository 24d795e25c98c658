package outbox

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rondo/storage/identity"
	"rondo/storage/keys"
)

// ended closes the population of employers; some have answered.
func (s *scene) ended(t *testing.T, done ...identity.Participant) {
	t.Helper()
	var ids []string
	for _, p := range done {
		ids = append(ids, p.ID)
	}
	if err := s.Identity.SetPopulationState(t.Context(), s.wave.ID, "employer", "open", "closed"); err != nil {
		t.Fatal(err)
	}
	if err := s.Identity.MarkDone(t.Context(), s.wave.ID, "employer", ids); err != nil {
		t.Fatal(err)
	}
}

// unsettled is what somebody must settle, by the masked address.
func (s *scene) unsettled(t *testing.T) map[string]Trouble {
	t.Helper()
	state, err := s.State(t.Context(), s.wave)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]Trouble{}
	for _, one := range state.Trouble {
		by[one.Email] = one
	}
	return by
}

// An employer whom no invitation reached may answer all the same, by a letter. Whoever is missing on
// the list after the close would be one who did.
func TestAfterTheCloseNoListOfWhatCameBackSaysWhoHasAnswered(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 4)
		alone := []identity.Participant{
			s.add(t, identity.Participant{Population: "employer", Code: "P1", Name: "Panel AG", Email: "panel@firma.example.ch", Language: "it"}),
			s.add(t, identity.Participant{Population: "employer", Code: "P2", Name: "Quai SA", Email: "quai@firma.example.ch", Language: "it"}),
			s.add(t, identity.Participant{Population: "employer", Code: "P3", Name: "Rand AG", Email: "nobody1@firma.example.ch", Language: "it"}),
			s.add(t, identity.Participant{Population: "employer", Code: "P4", Name: "Sol SA", Email: "nobody2@firma.example.ch", Language: "it"}),
		}
		sink, _ := s.sentOut(t, 8)
		for n, p := range []identity.Participant{s.employers[0], s.employers[1], alone[0], alone[1]} {
			s.back(t, bounceOf(sink.to(p.Email)[0].from, "5.1.1", n))
		}
		for day := range softMost {
			s.DB.SetOffset(time.Duration(day) * 24 * time.Hour)
			for n, p := range s.employers[2:] {
				s.back(t, bounceOf(sink.to(p.Email)[0].from, "4.2.2", 100+10*day+n))
			}
		}
		if office, fsio := s.tasks(t, s.office.ID), s.tasks(t, ""); len(office) != 4 || len(fsio) != 4 || len(s.unsettled(t)) != 4 {
			t.Fatalf("tasks %+v, %+v: the test proves nothing", office, fsio)
		}
		before, err := s.State(t.Context(), s.wave)
		if err != nil {
			t.Fatal(err)
		}
		s.ended(t, s.employers[0], s.employers[2], alone[0], alone[2])
		if office, fsio := s.tasks(t, s.office.ID), s.tasks(t, ""); len(office)+len(fsio) != 0 {
			t.Errorf("after the close the office is told of %+v, FSIO of %+v", office, fsio)
		}
		after, err := s.State(t.Context(), s.wave)
		if diff := cmp.Diff(before.Trouble, after.Trouble); diff != "" || err != nil {
			t.Errorf("after the close FSIO is told otherwise, %v (-before +after):\n%s", err, diff)
		}
	})
}

// A reminder goes to those who have not answered: that one came back is nobody's business.
func TestAReminderThatCameBackMakesNoTaskOfAnEarlierInvitationThatDidNotArrive(t *testing.T) {
	for name, again := range map[string]func(t *testing.T, s *scene, p identity.Participant) error{
		"the address was corrected": func(t *testing.T, s *scene, p identity.Participant) error {
			s.back(t, bounceOf(s.envelope(t, s.messagesOf(t, p, "invitation")[0]), "5.1.1", 1))
			return s.Correct(t.Context(), s.wave.ID, s.office.ID, p.ID, "right@firma.example.ch", "de")
		},
		"it was sent again": func(t *testing.T, s *scene, p identity.Participant) error {
			m := s.messagesOf(t, p, "invitation")[0]
			if _, err := s.DB.Exec(t.Context(), "UPDATE messages SET state = 'failed', code = 'data 554 5.7.1' WHERE id = ?", m.ID); err != nil {
				t.Fatal(err)
			}
			return s.Resend(t.Context(), m.ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, o *Outbox) {
				s := newScene(t, o, 1)
				_, relay := s.sentOut(t, 1)
				one := s.employers[0]
				if err := again(t, s, one); err != nil {
					t.Fatal(err)
				}
				run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
				s.queue(t, "employer", "reminder", 1)
				run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
				s.back(t, bounceOf(s.envelope(t, s.messagesOf(t, one, "reminder")[0]), "5.1.1", 2))
				if s.again(t, one).State != "undeliverable" {
					t.Fatal("the test proves nothing")
				}
				if tasks := s.tasks(t, s.office.ID); len(tasks) != 0 {
					t.Errorf("the office is told of %+v", tasks)
				}
				for email, one := range s.unsettled(t) {
					if email != "" {
						t.Errorf("FSIO is told of %+v", one)
					}
				}
			})
		})
	}
}

func TestTroubleWithAnInvitationNeverShowsTheColleague(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 1)
		s.note(t, s.employers[0], "invitation", "failed", "data 554 5.7.1")
		if err := s.HandOver(t.Context(), s.holder(t, 0), "colleague@elsewhere.example.ch", "de"); err != nil {
			t.Fatal(err)
		}
		if got := s.unsettled(t); len(got) != 1 || got["e…@firma.example.ch"].State != "failed" {
			t.Errorf("FSIO is told of %+v", got)
		}
	})
}

// One who was not reached and answered by a letter, or one who declined: at the close the number of
// those to be written to later would change by one.
func TestTheForecastOfResultsIsTheSameBeforeAndAfterTheClose(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 7)
		s.become(t, s.employers[0], "undeliverable")
		s.become(t, s.employers[1], "refused")
		s.become(t, s.employers[2], "undeliverable")
		results := func() string {
			t.Helper()
			all := s.outlooks(t, "employer")
			return all[len(all)-1]
		}
		before := results()
		s.ended(t, s.employers[0], s.employers[2])
		if err := s.Identity.Suppress(t.Context(), EmailHash(s.Secret, s.employers[1].Email), "refused"); err != nil { // as the close does
			t.Fatal(err)
		}
		if after := results(); before != "results0 waits ≤7" || after != before {
			t.Errorf("before the close %q, after it %q", before, after)
		}
	})
}

// Whom no invitation reaches may be reached by a letter, and decline or hand over: the lists of what did
// not arrive, and correcting the address, tell neither the office nor FSIO.
func TestNobodyLeavesTheListOfWhatCameBackByDecliningOrHandingOver(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := t.Context(), newScene(t, o, 8)
		sink, relay := s.sentOut(t, 8)
		for day := range softMost {
			s.DB.SetOffset(time.Duration(day) * 24 * time.Hour)
			for n, p := range s.employers {
				s.back(t, bounceOf(sink.to(p.Email)[0].from, []string{"5.1.1", "4.2.2"}[n/4], 10*day+n))
			}
		}
		var proposed []identity.Nomination
		for _, p := range s.employers {
			proposed = append(proposed, identity.Nomination{WaveID: s.wave.ID, OfficeID: s.office.ID, Name: p.Name, Email: p.Email, Language: p.Language, State: "approved", ParticipantID: p.ID})
		}
		if err := s.Identity.AddNominations(ctx, proposed); err != nil {
			t.Fatal(err)
		}
		before, trouble := s.tasks(t, s.office.ID), s.unsettled(t)
		if len(before) != 8 || len(trouble) != 1 {
			t.Fatalf("tasks %+v, %+v: the test proves nothing", before, trouble)
		}
		for _, n := range []int{0, 4} {
			s.become(t, s.employers[n], "refused")
			s.become(t, s.employers[n+1], "wrong_person")
			if err := s.HandOver(ctx, s.holder(t, n+2), fmt.Sprintf("colleague%d@firma.example.ch", n), "de"); err != nil {
				t.Fatal(err)
			}
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		if diff := cmp.Diff(before, s.tasks(t, s.office.ID)); diff != "" {
			t.Errorf("the office sees (-before +after):\n%s", diff)
		}
		state, err := s.State(ctx, s.wave)
		if err != nil || len(state.Trouble) != 4 {
			t.Errorf("FSIO sees %+v, %v", state.Trouble, err)
		}
		sent := len(sink.all())
		for n, p := range s.employers[:7] {
			if err := s.Correct(ctx, s.wave.ID, s.office.ID, p.ID, fmt.Sprintf("right%d@firma.example.ch", n), p.Language); err != nil {
				t.Errorf("%s: %v", p.Code, err)
			}
			if left := s.tasks(t, s.office.ID); len(left) != 7-n {
				t.Errorf("%s: %d are left", p.Code, len(left))
			}
			if own, err := s.Identity.NominationOf(ctx, p.ID); err != nil || own.Email != fmt.Sprintf("right%d@firma.example.ch", n) {
				t.Errorf("%s: the office sees the address %s, %v", p.Code, own.Email, err)
			}
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		if n := len(sink.all()) - sent; n != 1 || len(sink.to("right3@firma.example.ch")) != 1 {
			t.Errorf("%d messages went out, want one, to who answers for itself", n)
		}
	})
}

func TestANewLinkEndsThatAnInvitationDidNotArriveWhateverBecameOfIt(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := t.Context(), newScene(t, o, 3)
		sink, _ := s.sentOut(t, 3)
		for n, p := range s.employers {
			s.back(t, bounceOf(sink.to(p.Email)[0].from, "5.1.1", n))
		}
		s.become(t, s.employers[0], "refused")
		if err := s.HandOver(ctx, s.holder(t, 1), "colleague@firma.example.ch", "fr"); err != nil {
			t.Fatal(err)
		}
		for _, p := range s.employers {
			if err := s.Anew(ctx, s.wave.ID, p.ID); err != nil {
				t.Errorf("%s: %v", p.Code, err)
			}
		}
		if tasks := s.tasks(t, s.office.ID); len(tasks) != 0 {
			t.Errorf("the office is told of %+v", tasks)
		}
	})
}

func TestAnOfficeThatHasHandedOverIsNoTaskForFSIOAnyMore(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := t.Context(), newScene(t, o, 0)
		_, relay := startSink(t)
		s.queue(t, "office", "invitation", 1)
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		s.back(t, bounceOf(s.envelope(t, s.messagesOf(t, s.office, "invitation")[0]), "5.1.1", 1))
		if tasks := s.tasks(t, ""); len(tasks) != 1 {
			t.Fatalf("tasks %+v: the test proves nothing", tasks)
		}
		pop, err := s.Identity.Population(ctx, s.wave.ID, "office")
		if err != nil {
			t.Fatal(err)
		}
		h, err := s.Identity.HolderByToken(ctx, keys.HashToken(s.Secret.Link(pop.LinkSalt, s.office.ID, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.HandOver(ctx, h, "colleague@ai.example.ch", "fr"); err != nil {
			t.Fatal(err)
		}
		if tasks := s.tasks(t, ""); len(tasks) != 0 {
			t.Errorf("tasks %+v", tasks)
		}
	})
}

func TestAReportThatComesAfterTheCloseChangesNothingOfWhatBecameOfTheInvitations(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 1)
		s.sentOut(t, 1)
		s.ended(t)
		s.back(t, bounceOf(s.envelope(t, s.messagesOf(t, s.employers[0], "invitation")[0]), "5.1.1", 1))
		if state := s.again(t, s.employers[0]).State; state != "open" {
			t.Errorf("the employer is %s", state)
		}
	})
}
