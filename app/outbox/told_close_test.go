package outbox

import (
	"testing"
	"time"

	"rondo/storage/identity"
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
		s.ended(t, s.employers[0], s.employers[2], alone[0], alone[2])
		if office, fsio := s.tasks(t, s.office.ID), s.tasks(t, ""); len(office)+len(fsio) != 0 {
			t.Errorf("after the close the office is told of %+v, FSIO of %+v", office, fsio)
		}
		state, err := s.State(t.Context(), s.wave)
		if err != nil {
			t.Fatal(err)
		}
		if len(state.Trouble) != 0 {
			t.Errorf("after the close FSIO is told of %+v", state.Trouble)
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
