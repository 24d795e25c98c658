package synthetic

import (
	"fmt"
	"math/rand/v2"

	"rondo/app/wave"
	"rondo/questionnaires"
)

// Seed makes the wave that the demo shows and the tests count.
const Seed = 2015

// absent are the three small offices that take no part. Which offices stayed away in 2015 was
// never published; these are picked by chance and say nothing about real ones.
var absent = map[string]bool{"UR": true, "GL": true, "AI": true}

// Study is a whole made-up wave.
type Study struct {
	Offices   []*Office
	Employers []*Employer
}

// Instruments are the questionnaires of the wave.
type Instruments struct {
	Office, Employer, Discussion *questionnaires.Questionnaire
}

// Make makes up the wave of 2015 under the given questionnaires.
func Make(seed uint64, with Instruments) Study {
	r := rand.New(rand.NewPCG(seed, 0x52_6f_6e_64_6f))
	s := Study{Offices: people(), Employers: firms(r)}
	var taking []*Office
	for _, o := range s.Offices {
		if !absent[o.Code] {
			taking = append(taking, o)
		}
	}
	setting := func(code string) questionnaires.Setting {
		return questionnaires.Setting{RefFrom: 2010, RefTo: 2015, Today: "2015-12-20", Prefill: map[string]string{"o_canton": code}}
	}
	answerOffices(r, with.Office, setting, taking)
	var answering []*Employer
	for _, i := range answers(r, s.Employers) {
		answering = append(answering, s.Employers[i])
	}
	answerEmployers(r, with.Employer, setting(""), answering)
	protocols(r, with.Discussion, setting, taking)
	return s
}

// people are the 26 offices under pseudonyms.
func people() []*Office {
	var list []*Office
	for i, o := range wave.Offices {
		list = append(list, &Office{
			Code: o.Code, Language: o.Languages[0], Large: o.Large,
			Name:  fmt.Sprintf("IV-Stelle K%02d (synthetic)", i+1),
			Email: fmt.Sprintf("office.k%02d@office.example", i+1),
		})
	}
	return list
}

// firms are the invited employers: for every office that takes part at least three, more for
// large ones (2-9 answered per office in waves like this one; assumed).
func firms(r *rand.Rand) []*Employer {
	var list []*Employer
	for _, o := range wave.Offices {
		if absent[o.Code] {
			continue
		}
		n := 4
		if o.Large {
			n = 7
		}
		for range n {
			list = append(list, &Employer{Office: o.Code, Language: o.Languages[len(list)%len(o.Languages)]})
		}
	}
	for k := 0; len(list) < Invited; k++ { // one more for the first ones, until the frame is full
		o := wave.Offices[k%5]
		if !absent[o.Code] && o.Large {
			list = append(list, &Employer{Office: o.Code, Language: o.Languages[0]})
		}
	}
	sizes, branches := []string{"10-49", "50-249", "250+", "1-9"}, []string{"be", "oq", "gi", "f", "mn"}
	for i, e := range list {
		e.Size, e.Branch = sizes[r.IntN(len(sizes))], branches[r.IntN(len(branches))]
		firm(r, i, e)
	}
	return list
}

// answers picks who answers: one of each office for sure, the others by chance.
func answers(r *rand.Rand, list []*Employer) []int {
	order := r.Perm(len(list))
	seen := map[string]bool{}
	var chosen, rest []int
	for _, i := range order {
		if !seen[list[i].Office] {
			seen[list[i].Office] = true
			chosen = append(chosen, i)
		} else {
			rest = append(rest, i)
		}
	}
	return append(chosen, rest[:Answering-len(chosen)]...)
}

// Invite makes up offices and employers who are invited and have answered nothing yet.
func Invite(seed uint64) Study {
	r := rand.New(rand.NewPCG(seed, 0x52_6f_6e_64_6f))
	return Study{Offices: people(), Employers: firms(r)}
}
