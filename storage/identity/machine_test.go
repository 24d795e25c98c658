package identity_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

// machine runs random senders, staff, pauses and time against one message and
// holds what happens against a small model of the rules.
type machine struct {
	s      *storage.Store
	id     string
	wave   string
	offset time.Duration
	claims []identity.Message // every claim ever given out
	state  string             // what the model says
	left   int                // times the first byte may have left without staff asking for it
}

func TestMessageStateMachine(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		w, _, employers := made(t, s, 1)
		number := 0
		rapid.Check(t, func(r *rapid.T) {
			number++
			messages := []identity.Message{{WaveID: w.ID, ParticipantID: employers[0].ID, Kind: "reminder", Number: number, NotAfter: time.Now().Add(24 * time.Hour)}}
			if _, err := s.Identity.QueueMessages(t.Context(), messages); err != nil {
				r.Fatal(err)
			}
			m := &machine{s: s, id: messages[0].ID, wave: w.ID, state: "queued"}
			s.DB.SetOffset(0)
			r.Repeat(map[string]func(*rapid.T){
				"claim":    m.claim,
				"transmit": m.transmit,
				"finish":   m.finish,
				"wait":     m.wait,
				"cancel":   m.cancel,
				"resolve":  m.resolve,
				"":         m.check,
			})
			if _, err := s.DB.Exec(t.Context(), "DELETE FROM messages"); err != nil {
				r.Fatal(err)
			}
		})
	})
}

func (m *machine) claim(r *rapid.T) {
	got, err := m.s.Identity.ClaimMessages(r.Context(), rapid.SampledFrom([]string{"a", "b"}).Draw(r, "owner"), 1, 10*time.Second)
	if err != nil {
		r.Fatal(err)
	}
	if may := m.state == "queued" || m.state == "retry"; may != (len(got) == 1) {
		r.Fatalf("claim in state %s gives %d", m.state, len(got))
	}
	if len(got) == 1 {
		if len(m.claims) > 0 && got[0].Fence <= m.claims[len(m.claims)-1].Fence {
			r.Fatalf("fence %d after %d", got[0].Fence, m.claims[len(m.claims)-1].Fence)
		}
		m.claims, m.state = append(m.claims, got[0]), "claimed"
	}
}

// some draws any claim ever given out: also one that is long lost.
func (m *machine) some(r *rapid.T) (identity.Message, bool) {
	if len(m.claims) == 0 {
		r.Skip("nobody has claimed yet")
	}
	i := rapid.IntRange(0, len(m.claims)-1).Draw(r, "claim")
	return m.claims[i], i == len(m.claims)-1
}

func (m *machine) transmit(r *rapid.T) {
	c, last := m.some(r)
	err := m.s.Identity.MarkTransmitting(r.Context(), m.id, c.Owner, c.Fence, identity.AnyLink)
	if may := last && m.state == "claimed" && m.now().Before(c.LeaseUntil); may != (err == nil) {
		r.Fatalf("transmit in state %s, last claim %v: %v", m.state, last, err)
	}
	if err == nil {
		m.state = "transmitting"
		m.left++
	}
}

// now is the test's idea of the clock; waiting goes by minutes, leases by
// seconds, so that a second does not matter.
func (m *machine) now() time.Time { return time.Now().Add(m.offset) }

func (m *machine) finish(r *rapid.T) {
	c, last := m.some(r)
	to := rapid.SampledFrom([]string{"sent", "failed", "retry", "unknown", "queued", "cancelled", "claimed"}).Draw(r, "to")
	err := m.s.Identity.FinishMessage(r.Context(), m.id, c.Owner, c.Fence, to, "", time.Time{})
	may := map[string][]string{"sent": {"transmitting", "unknown"}, "failed": {"claimed", "transmitting", "unknown"}, "retry": {"claimed", "transmitting"},
		"unknown": {"transmitting"}, "queued": {"claimed"}, "cancelled": {"claimed"}}
	if want := last && slices.Contains(may[to], m.state) && !m.resolved(c); want != (err == nil) {
		r.Fatalf("finish %s → %s, last claim %v: %v", m.state, to, last, err)
	}
	if err == nil {
		if to == "retry" && m.state == "transmitting" {
			m.left-- // the server refused it: nothing arrived
		}
		m.state = to
	}
}

// resolved says whether staff took the message from this claim.
func (m *machine) resolved(c identity.Message) bool {
	stored, err := m.s.Identity.MessageByID(context.Background(), c.ID)
	return err == nil && stored.Owner != c.Owner
}

func (m *machine) wait(r *rapid.T) {
	m.offset += time.Minute
	m.s.DB.SetOffset(m.offset)
	if _, _, err := m.s.Identity.ReapLeases(r.Context()); err != nil {
		r.Fatal(err)
	}
	switch m.state {
	case "claimed":
		m.state = "queued"
	case "transmitting":
		m.state = "unknown"
	}
}

func (m *machine) cancel(r *rapid.T) {
	n, err := m.s.Identity.CancelMessages(r.Context(), m.wave, "reminder")
	may := slices.Contains([]string{"queued", "retry", "claimed"}, m.state)
	if err != nil || may != (n == 1) {
		r.Fatalf("cancel in state %s takes %d, %v", m.state, n, err)
	}
	if may {
		m.state = "cancelled"
	}
}

func (m *machine) resolve(r *rapid.T) {
	to := rapid.SampledFrom([]string{"sent", "queued", "retry"}).Draw(r, "to")
	err := m.s.Identity.ResolveMessage(r.Context(), m.id, to, time.Now().Add(m.offset+24*time.Hour))
	if may := m.state == "unknown" && to != "retry"; may != (err == nil) {
		r.Fatalf("resolve %s → %s: %v", m.state, to, err)
	}
	if err == nil {
		m.state = to
		m.left = 0 // a person decided that it may arrive twice
	} else if !errors.Is(err, storage.ErrState) {
		r.Fatal(err)
	}
}

func (m *machine) check(r *rapid.T) {
	stored, err := m.s.Identity.MessageByID(r.Context(), m.id)
	if err != nil || stored.State != m.state {
		r.Fatalf("the state is %s, %v; want %s", stored.State, err, m.state)
	}
	if m.left > 1 {
		r.Fatal("a message left twice without anybody's decision")
	}
}
