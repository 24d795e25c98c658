package nominate

import (
	"slices"

	"rondo/app/mail"
	"rondo/storage/identity"
)

// Outcome is what becomes of a proposed nomination: approved, duplicate (invited another way) or
// stopped (its address wants no messages).
type Outcome struct {
	Nomination identity.Nomination
	State      string
}

// Settle decides what becomes of proposed nominations that staff approve. Of several with one
// address, chosen or not, the one of the office with the fewest nominations is approved, and among
// equals the one with the lowest id, which is random; the others are duplicates, as is whoever is on
// the list of employers already. stopped says which addresses, as mail.Normal writes them, want no
// messages. chosen are ids; all are the wave's nominations.
func Settle(chosen []string, all []identity.Nomination, employers []identity.Participant, stopped func(address string) bool) []Outcome {
	picked, on, named := map[string]bool{}, map[string]bool{}, map[string]int{}
	for _, id := range chosen {
		picked[id] = true
	}
	for _, e := range employers {
		on[mail.Normal(e.Email)] = true
	}
	rivals := map[string][]identity.Nomination{}
	for _, n := range all {
		if Counts(n) {
			named[n.OfficeID]++
		}
		if n.State == "proposed" {
			rivals[mail.Normal(n.Email)] = append(rivals[mail.Normal(n.Email)], n)
		}
	}
	var addresses []string
	for address, group := range rivals {
		if slices.ContainsFunc(group, func(n identity.Nomination) bool { return picked[n.ID] }) {
			addresses = append(addresses, address)
		}
	}
	slices.Sort(addresses) // the numbers of nominations change on the way
	var outcomes []Outcome
	for _, address := range addresses {
		group := rivals[address]
		slices.SortFunc(group, func(a, b identity.Nomination) int { return fewest(named, a, b) })
		for i, n := range group {
			state := "duplicate"
			switch {
			case stopped(address):
				state = "stopped"
			case i == 0 && !on[address]:
				state = "approved"
			}
			if state != "approved" {
				named[n.OfficeID]--
			}
			outcomes = append(outcomes, Outcome{n, state})
		}
	}
	return outcomes
}

// fewest orders nominations by how many their office has, then at random.
func fewest(named map[string]int, a, b identity.Nomination) int {
	if named[a.OfficeID] != named[b.OfficeID] {
		return named[a.OfficeID] - named[b.OfficeID]
	}
	if a.ID < b.ID {
		return -1
	}
	return 1
}

// Like is an employer that may be the same as a nominated one: a like name in a like town, and
// another address.
type Like struct {
	ID, OfficeID string // of the nomination; ID is "" for one on the list already
	Name, Town   string
	Spare        bool // of the two, the nominated one would be given up: the other is invited, or its office has fewer nominations
}

// mostLikes is how many like employers are shown for one nomination.
const mostLikes = 3

// Likes finds for each proposed nomination, by id, the employers that may be the same: staff decide.
func Likes(all []identity.Nomination, employers []identity.Participant) map[string][]Like {
	var near neighbours
	named, others := map[string]int{}, map[string]identity.Nomination{}
	for _, e := range employers {
		near.add(firm{name: bare(e.Name), town: locality(e.Town), email: mail.Normal(e.Email), label: e.Name, office: e.OfficeID, place: e.Town})
	}
	for _, n := range all {
		if Counts(n) {
			named[n.OfficeID]++
		}
		if n.State == "proposed" {
			others[n.ID] = n
			near.add(firmOf(n))
		}
	}
	likes := map[string][]Like{}
	for _, n := range others {
		for _, other := range near.likes(firmOf(n), mostLikes) {
			spare := other.id == "" || fewest(named, others[other.id], n) < 0
			likes[n.ID] = append(likes[n.ID], Like{ID: other.id, OfficeID: other.office, Name: other.label, Town: other.place, Spare: spare})
		}
	}
	return likes
}

func firmOf(n identity.Nomination) firm {
	return firm{name: bare(n.Name), town: locality(n.Town), email: mail.Normal(n.Email), label: n.Name, id: n.ID, office: n.OfficeID, place: n.Town}
}

// Namesakes finds employers of a wave that may be the same as one of which no town is known: it gives
// the name of one with a like name and another address, or "".
func Namesakes(all []identity.Nomination, employers []identity.Participant) func(name, email string) string {
	var near neighbours
	for _, e := range employers {
		near.add(firm{name: bare(e.Name), email: mail.Normal(e.Email), label: e.Name})
	}
	for _, n := range all {
		if n.State == "proposed" {
			near.add(firm{name: bare(n.Name), email: mail.Normal(n.Email), label: n.Name})
		}
	}
	return func(name, email string) string {
		other, _ := near.like(firm{name: bare(name), email: mail.Normal(email)})
		return other.label
	}
}
