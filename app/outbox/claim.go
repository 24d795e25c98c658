package outbox

import (
	"time"

	"rondo/storage/identity"
)

// Codes of messages that were not handed over.
const (
	codeNotNeeded  = identity.CodeNotNeeded
	codeNotOpen    = "not_open"
	codeEnded      = "ended"
	codeSuppressed = "suppressed"
	codeAddress    = "address"    // no usable address
	codeUnwritable = "unwritable" // words or link are missing
	codeWithdrawn  = "withdrawn"  // cancelled by staff, or with a stop link
	codeExpired    = "expired"    // waited longer than it may
)

// facts are what is known at the moment a message is claimed.
type facts struct {
	entry      identity.Entry
	suppressed bool
	done       bool
	waits      bool  // its answers are with the head of the office
	texts      texts // what staff wrote for the wave
	overtaken  bool  // the questionnaire was handed over since
	now        time.Time
}

// verdict is what becomes of a claimed message: sent when state is "", else
// ended in state with code; due is when a message put back is due again.
type verdict struct {
	state, code string
	due         time.Time
	unreached   *identity.Participant // whose address has turned out to be wrong; nil: nobody's
}

// decide says what becomes of a claimed message of a kind.
func decide(kind string, f facts) verdict {
	p, pop := f.entry.Participant, f.entry.Population
	switch {
	case recipient(kind, p) == "":
		return verdict{state: "cancelled", code: codeAddress}
	case f.suppressed:
		return verdict{state: "cancelled", code: codeSuppressed}
	case f.overtaken:
		return verdict{state: "cancelled", code: codeNotNeeded}
	case !carriesLink(kind) && p.State != "done":
		return verdict{state: "cancelled", code: codeNotNeeded}
	case !carriesLink(kind):
		return verdict{}
	case pop.State != "open" || pop.LinkSalt == nil:
		return verdict{state: "cancelled", code: codeNotOpen}
	case !f.now.Before(pop.Closes):
		return verdict{state: "cancelled", code: codeEnded}
	case aboutRelease(kind): // also where the office has submitted before
		return verdict{}
	case p.State == "undeliverable": // not a decision: with the right address it is queued anew
		return verdict{state: "cancelled", code: codeAddress}
	case p.State != "open" || f.done || f.waits:
		return verdict{state: "cancelled", code: codeNotNeeded}
	case f.now.Before(pop.Opens):
		return verdict{state: "queued", code: codeNotOpen, due: pop.Opens}
	}
	return verdict{}
}

// backoff is how long a message waits after its n-th attempt failed, from 1.
func backoff(n int) time.Duration {
	steps := []time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour}
	if n < 1 {
		n = 1
	}
	return steps[min(n, len(steps))-1]
}
