package nominate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"rondo/storage/identity"
)

func settled(outcomes []Outcome) string {
	var all []string
	for _, o := range outcomes {
		all = append(all, o.Nomination.ID+" "+o.State)
	}
	return strings.Join(all, ", ")
}

func proposal(id, office, email string) identity.Nomination {
	return identity.Nomination{ID: id, OfficeID: office, Name: id, Email: email, State: "proposed"}
}

func TestTheOfficeWithTheFewestNominationsInvites(t *testing.T) {
	all := []identity.Nomination{
		proposal("z1", "zh", "Info@firma.ch"), proposal("z2", "zh", "z2@firma.ch"), proposal("z3", "zh", "z3@firma.ch"),
		proposal("b1", "be", "info@FIRMA.ch"), proposal("b2", "be", "b2@firma.ch"),
		proposal("t1", "ti", "stop@firma.ch"), proposal("t2", "ti", "on@firma.ch"),
		{ID: "b0", OfficeID: "be", Email: "b0@firma.ch", State: "rejected"},
	}
	employers := []identity.Participant{{ID: "e", OfficeID: "vd", Email: "ON@firma.ch"}}
	stopped := func(address string) bool { return address == "stop@firma.ch" }
	for chosen, want := range map[string]string{
		"z1":    "b1 approved, z1 duplicate", // whichever was chosen
		"b1":    "b1 approved, z1 duplicate",
		"z2":    "z2 approved",
		"t1 t2": "t2 duplicate, t1 stopped",
		"b0":    "",
	} {
		if got := settled(Settle(strings.Fields(chosen), all, employers, stopped)); got != want {
			t.Errorf("%s: %q, want %q", chosen, got, want)
		}
	}
}

// TestSettlingInvitesEachAddressOnce plays many waves: one invitation for each address, the same
// outcome in whatever order nominations come, and no office gains while one with fewer loses.
func TestSettlingInvitesEachAddressOnce(t *testing.T) {
	dice := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		var all []identity.Nomination
		var ids []string
		has := map[string]bool{}
		for i := range 1 + dice.IntN(40) {
			office, email := fmt.Sprint("o", dice.IntN(5)), fmt.Sprintf("f%d@firma.ch", dice.IntN(15))
			if has[office+email] {
				continue
			}
			has[office+email] = true
			all = append(all, proposal(fmt.Sprint("n", i), office, email))
			ids = append(ids, fmt.Sprint("n", i))
		}
		outcomes := Settle(ids, all, nil, func(string) bool { return false })
		once := map[string]int{}
		for _, o := range outcomes {
			if o.State == "approved" {
				once[o.Nomination.Email]++
			}
		}
		for _, n := range all {
			if once[n.Email] != 1 {
				t.Fatalf("%s is invited %d times", n.Email, once[n.Email])
			}
		}
		if len(outcomes) != len(all) {
			t.Fatalf("%d outcomes for %d nominations", len(outcomes), len(all))
		}
		dice.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if again := settled(Settle(ids, all, nil, func(string) bool { return false })); again != settled(outcomes) {
			t.Fatalf("in another order: %s, before %s", again, settled(outcomes))
		}
	}
}

func TestStaffSeeWhoMayBeTheSameAndWhichToGiveUp(t *testing.T) {
	huber := func(id, office, name, town, email string) identity.Nomination {
		return identity.Nomination{ID: id, OfficeID: office, Name: name, Town: town, Email: email, State: "proposed"}
	}
	all := []identity.Nomination{
		huber("z", "zh", "Schreinerei Huber GmbH", "Wil", "a@huber.ch"), proposal("z2", "zh", "z2@x.ch"),
		huber("b", "be", "Schreinerei Hubre AG", "Wil", "b@huber.ch"), huber("s", "sg", "Schreinerei Huber", "Basel", "c@huber.ch"),
		huber("g", "gr", "Garage 12", "Chur", "d@garage.ch"), huber("h", "gr", "Garage 13", "Chur", "e@garage.ch"),
	}
	employers := []identity.Participant{{Name: "Garage Nr 13", Town: "Chur", Email: "x@garage.ch", OfficeID: "ti"}, {Name: "Garage 13 AG", Town: "Chur", Email: "y@garage.ch"}}
	likes := Likes(all, employers)
	told := func(id string) string {
		var words []string
		for _, l := range likes[id] {
			words = append(words, fmt.Sprintf("%s %q %t", l.OfficeID, l.Name, l.Spare))
		}
		return strings.Join(words, ", ")
	}
	for id, want := range map[string]string{
		"z": `be "Schreinerei Hubre AG" true`, "b": `zh "Schreinerei Huber GmbH" false`, "s": "", "g": "", "h": ` "Garage 13 AG" true`,
	} {
		if got := told(id); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}

// A postal code before the town, a canton behind it, or no town at all do not make another firm of
// the same name; another town does.
func TestAPostalCodeMakesNoOtherTown(t *testing.T) {
	for town, want := range map[string]bool{
		"Winterthur": true, "8400 Winterthur": true, "CH-8400 Winterthur": true, "8400  Wintertur": true, "Winterthur (ZH)": true, "Winterthur ZH": true,
		"": true, "Basel": false, "4051 Basel": false,
	} {
		a, b := proposal("a", "zh", "info@muster.ch"), proposal("b", "be", "hr@muster.ch")
		a.Name, a.Town, b.Name, b.Town = "Schreinerei Muster AG", "Winterthur", "Schreinerei Muster", town
		if likes := Likes([]identity.Nomination{a, b}, nil); (len(likes["a"]) == 1) != want || (len(likes["b"]) == 1) != want {
			t.Errorf("%q: %v", town, likes)
		}
	}
	a, b := proposal("a", "zh", "info@muster.ch"), proposal("b", "be", "hr@muster.ch")
	a.Name, a.Town, b.Name, b.Town = "Schreinerei Muster", "Winterthur", "Schreinerei Munster", ""
	if likes := Likes([]identity.Nomination{a, b}, nil); len(likes) > 0 {
		t.Errorf("a like name in a town that nobody knows: %v", likes)
	}
}
