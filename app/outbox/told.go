package outbox

import "rondo/storage/identity"

// step is what numbers are rounded down to where exact ones would say how many
// have answered.
const step = 5

// hidden reports whether messages of a kind say something about who of a
// population has answered: to employers everything but invitations does.
func hidden(population, kind string) bool { return population == "employer" && kind != "invitation" }

// toAnswered reports whether messages of a kind go to those of a population
// that is promised anonymity who have answered, and to nobody else.
func toAnswered(population, kind string) bool {
	return population == "employer" && (kind == "thanks" || kind == "results")
}

// further reports whether a message to an employer follows another one that brought its link. Whether
// there is one says, of whoever asked for another link, that they have not declined, or have handed over.
func further(population, kind string, number int) bool {
	return population == "employer" && (kind == "invitation" && number > 1 ||
		kind == identity.MessageHandOver && number%identity.HandOverNumber(1) != 0)
}

// Told is n, a number of messages, as people may read it: rounded down to a
// multiple of 5, and floored, where messages of this kind say something about
// who has answered; else n.
func Told(population, kind string, n int) (told int, floored bool) {
	if !hidden(population, kind) {
		return n, false
	}
	return n - n%step, true
}

// Told is the plan as people may read it. Where exact numbers would say how many
// have answered it is Floored: Queue is a multiple of 5; Already, Suppressed,
// Unreachable and Languages are left out, since together with Queue and the
// number invited they would give the exact one; and of the faults each rule
// stands once, without its participants. Such a plan queues nothing itself.
// That holds for the rest of a reminder, too: what had waited for another try and
// is due once more goes to those who have not answered.
func (p Plan) Told() Plan {
	rest := p.Kind == "reminder" && hidden(p.Population, p.Kind) && p.begun && p.Queue > 0
	if !toAnswered(p.Population, p.Kind) && !rest {
		return p
	}
	told := Plan{Population: p.Population, Kind: p.Kind, Number: p.Number, Blocked: p.Blocked}
	told.Queue, told.Floored = Told(p.Population, p.Kind, p.Queue)
	seen := map[string]bool{}
	for _, f := range p.Faults {
		if !seen[f.Rule] {
			seen[f.Rule] = true
			told.Faults = append(told.Faults, Fault{Rule: f.Rule})
		}
	}
	return told
}
