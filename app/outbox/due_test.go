package outbox

import (
	"testing"
	"testing/synctest"
	"time"

	"rondo/storage/identity"
)

const week = 7 * 24 * time.Hour

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func window(state string, opens, closes time.Duration) identity.Population {
	return identity.Population{Name: "employer", State: state, Opens: noon.Add(opens), Closes: noon.Add(closes), LinkSalt: []byte("salt")}
}

func TestAKindIsQueuedOnlyInItsTime(t *testing.T) {
	cases := []struct {
		name, kind string
		wave       string
		pop        identity.Population
		want       string
	}{
		{"invitation before opening", "invitation", "running", window("planned", -week, week), "not_open"},
		{"invitation in the window", "invitation", "running", window("open", -week, week), ""},
		{"invitation opened for later", "invitation", "running", window("open", week, 2*week), ""},
		{"reminder after the end", "reminder", "running", window("open", -2*week, -time.Second), "ended"},
		{"reminder after close", "reminder", "closed", window("closed", -2*week, -week), "not_open"},
		{"thanks in the window", "thanks", "running", window("open", -week, week), "not_closed"},
		{"thanks after close", "thanks", "running", window("closed", -week, week), ""},
		{"results before release", "results", "closed", window("closed", -week, -time.Hour), "not_released"},
		{"results after release", "results", "released", window("closed", -week, -time.Hour), ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := blocked(c.kind, identity.Wave{State: c.wave}, c.pop, noon); got != c.want {
				t.Errorf("blocked = %q, want %q", got, c.want)
			}
		})
	}
}

func TestWhoIsDue(t *testing.T) {
	message := func(kind string, number int, state, code string) identity.Message {
		return identity.Message{ParticipantID: "p", Kind: kind, Number: number, State: state, Code: code}
	}
	invited := message("invitation", 1, "sent", "250")
	cases := []struct {
		name, kind, state string
		before            []identity.Message
		number            int
		due               bool
	}{
		{"nobody has been invited yet", "invitation", "open", nil, 1, true},
		{"invited already", "invitation", "open", []identity.Message{invited}, 2, false},
		{"refused before being invited", "invitation", "refused", nil, 0, false},
		{"invitation waits", "invitation", "open", []identity.Message{message("invitation", 1, "queued", "")}, 2, false},
		{"invitation lost after the dot is never made anew", "invitation", "open", []identity.Message{message("invitation", 1, "unknown", "dot")}, 2, false},
		{"invitation expired in a pause", "invitation", "open", []identity.Message{message("invitation", 1, "cancelled", "expired")}, 1, true},
		{"invitation was not needed", "invitation", "open", []identity.Message{message("invitation", 1, "cancelled", codeNotNeeded)}, 2, false},
		{"address refused and not corrected", "invitation", "undeliverable", []identity.Message{message("invitation", 1, "failed", "rcpt 550 5.1.1")}, 0, false},
		{"address refused and corrected", "invitation", "open", []identity.Message{message("invitation", 1, "failed", "rcpt 550 5.1.1")}, 2, true},
		{"content refused", "invitation", "open", []identity.Message{message("invitation", 1, "failed", "dot 554 5.7.1")}, 2, false},
		{"bounced and corrected", "invitation", "open", []identity.Message{invited, message("returned invitation", 1, "failed", "5.1.1")}, 2, true},
		{"bounced, corrected, sent anew", "invitation", "open", []identity.Message{invited, message("returned invitation", 1, "failed", "5.1.1"), message("invitation", 2, "sent", "250")}, 3, false},
		{"reminder without invitation", "reminder", "open", nil, 0, false},
		{"reminder while the invitation waits", "reminder", "open", []identity.Message{message("invitation", 1, "retry", "")}, 0, false},
		{"reminder after the invitation", "reminder", "open", []identity.Message{invited}, 3, true},
		{"this reminder exists", "reminder", "open", []identity.Message{invited, message("reminder", 3, "queued", "")}, 3, false},
		{"reminder row for one who refused, cancelled later", "reminder", "refused", []identity.Message{invited}, 3, true},
		{"reminder row for one whose new link was not needed", "reminder", "open", []identity.Message{invited, message("invitation", 2, "cancelled", codeNotNeeded)}, 3, true},
		{"no reminder to a wrong address", "reminder", "undeliverable", []identity.Message{invited}, 0, false},
		{"this reminder was cancelled by hand", "reminder", "open", []identity.Message{invited, message("reminder", 3, "cancelled", "withdrawn")}, 3, true},
		{"this reminder waited too long", "reminder", "open", []identity.Message{invited, message("reminder", 3, "cancelled", "expired")}, 3, true},
		{"this reminder was not needed", "reminder", "open", []identity.Message{invited, message("reminder", 3, "cancelled", codeNotNeeded)}, 3, false},
		{"thanks to one who answered", "thanks", "done", []identity.Message{invited}, 1, true},
		{"thanks once", "thanks", "done", []identity.Message{message("thanks", 1, "sent", "250")}, 2, false},
		{"thanks that came back", "thanks", "done", []identity.Message{message("thanks", 1, "sent", "250"), message("returned thanks", 1, "failed", "5.1.1")}, 2, false},
		{"results to an address that is no more", "results", "done", []identity.Message{message("results", 1, "failed", "rcpt 550 5.1.1")}, 2, false},
		{"thanks that waited too long", "thanks", "done", []identity.Message{message("thanks", 1, "cancelled", "expired")}, 1, true},
		{"no thanks to one who did not", "thanks", "open", []identity.Message{invited}, 0, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := histories(c.before)["p"]
			number, due := h.number(c.kind, identity.Participant{ID: "p", State: c.state}, 3)
			if due != c.due || (due && number != c.number) {
				t.Errorf("number, due = %d, %t, want %d, %t", number, due, c.number, c.due)
			}
		})
	}
}

// The message about the hand-over has brought the colleague what an invitation brings.
func TestWhoIsDueAfterAHandOver(t *testing.T) {
	message := func(kind string, number int, state, code string) identity.Message {
		return identity.Message{ParticipantID: "p", Kind: kind, Number: number, State: state, Code: code}
	}
	handed, back := message("handover", 10, "sent", "250"), message("returned invitation", 1, "failed", "5.1.1")
	for name, c := range map[string]struct {
		kind   string
		before []identity.Message
		due    bool
	}{
		"no invitation after one that came back":             {"invitation", []identity.Message{message("invitation", 1, "sent", "250"), back, handed}, false},
		"nor after one that was cancelled":                   {"invitation", []identity.Message{message("invitation", 1, "cancelled", "expired"), handed}, false},
		"nor where nobody was invited by mail":               {"invitation", []identity.Message{handed}, false},
		"a reminder, though the invitation came back":        {"reminder", []identity.Message{message("invitation", 1, "sent", "250"), back, handed}, true},
		"a reminder, though the invitation was cancelled":    {"reminder", []identity.Message{message("invitation", 1, "cancelled", codeNotNeeded), handed}, true},
		"a reminder, though the other was written on paper":  {"reminder", []identity.Message{handed}, true},
		"a reminder row, though the new link was not needed": {"reminder", []identity.Message{handed, message("handover", 11, "cancelled", codeNotNeeded)}, true},
		"no reminder of what was never sent":                 {"reminder", []identity.Message{message("invitation", 1, "sent", "250"), message("handover", 10, "cancelled", "expired")}, false},
	} {
		_, due := histories(c.before)["p"].number(c.kind, identity.Participant{ID: "p", State: "open", Colleague: "anna@firma.ch", Handovers: 1}, 3)
		if due != c.due {
			t.Errorf("%s: due = %t", name, due)
		}
	}
}

func TestWhatAClaimComesTo(t *testing.T) {
	good := func() facts {
		return facts{entry: identity.Entry{Participant: identity.Participant{Email: "a@b.ch", State: "open"}, Population: window("open", -week, week)}, now: noon}
	}
	cases := []struct {
		name, kind string
		spoil      func(*facts)
		state      string
		code       string
	}{
		{"reminder to one who has not answered", "reminder", func(*facts) {}, "", ""},
		{"reminder to one who has", "reminder", func(f *facts) { f.done = true }, "cancelled", codeNotNeeded},
		{"reminder to one who refused looks the same", "reminder", func(f *facts) { f.entry.Participant.State = "refused" }, "cancelled", codeNotNeeded},
		{"reminder to a wrong address", "reminder", func(f *facts) { f.entry.Participant.State = "undeliverable" }, "cancelled", codeAddress},
		{"invitation to a wrong address", "invitation", func(f *facts) { f.entry.Participant.State = "undeliverable" }, "cancelled", codeAddress},
		{"address stopped", "invitation", func(f *facts) { f.suppressed = true }, "cancelled", codeSuppressed},
		{"contact erased", "invitation", func(f *facts) { f.entry.Participant.Email = "" }, "cancelled", codeAddress},
		{"window over", "invitation", func(f *facts) { f.now = noon.Add(week) }, "cancelled", codeEnded},
		{"population closed", "reminder", func(f *facts) { f.entry.Population.State = "closed" }, "cancelled", codeNotOpen},
		{"salt erased", "reminder", func(f *facts) { f.entry.Population.LinkSalt = nil }, "cancelled", codeNotOpen},
		{"before the window", "invitation", func(f *facts) { f.now = noon.Add(-2 * week) }, "queued", codeNotOpen},
		{"thanks to one who is done", "thanks", func(f *facts) { f.entry.Participant.State = "done" }, "", ""},
		{"thanks to one who is not", "thanks", func(*facts) {}, "cancelled", codeNotNeeded},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := good()
			c.spoil(&f)
			if got := decide(c.kind, f); got.state != c.state || got.code != c.code {
				t.Errorf("decide = %+v, want %s %s", got, c.state, c.code)
			}
		})
	}
}

func TestRetriesWaitLongerEachTime(t *testing.T) {
	for n, want := range map[int]time.Duration{0: 5 * time.Minute, 1: 5 * time.Minute, 2: 15 * time.Minute, 3: time.Hour, 4: 4 * time.Hour, 99: 4 * time.Hour} {
		if got := backoff(n); got != want {
			t.Errorf("backoff(%d) = %v, want %v", n, got, want)
		}
	}
}

func TestTheBreakerLetsOneThroughAfterAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &breaker{pause: time.Minute}
		for i := range breakAfter {
			if !b.ready() {
				t.Fatalf("closed to message %d", i)
			}
			if broke := b.report(true); broke != (i == breakAfter-1) {
				t.Errorf("failure %d: broke = %t", i+1, broke)
			}
		}
		if b.ready() {
			t.Error("open right after five failures")
		}
		time.Sleep(b.pause + 1)
		if !b.ready() || b.ready() {
			t.Error("want exactly one to find out")
		}
		b.skip()
		if !b.ready() {
			t.Error("no message was found: the next may find out")
		}
		if b.report(false); !b.ready() || b.open() {
			t.Error("want closed after a success")
		}
	})
}
