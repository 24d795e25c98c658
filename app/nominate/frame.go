package nominate

import "rondo/storage/identity"

// FrameOf is what a wave holds: its offices, its employers, and all nominations
// ever made in it. Withdrawn and rejected nominations free their place.
func FrameOf(offices, employers []identity.Participant, nominations []identity.Nomination, quotas bool) Frame {
	f := Frame{Offices: map[string]Allowance{}, Quotas: quotas}
	codes := map[string]string{}
	for _, o := range offices {
		codes[o.ID] = o.Code
		f.Offices[o.Code] = Allowance{Quota: o.Quota}
	}
	for _, n := range nominations {
		if !Counts(n) {
			continue
		}
		code := codes[n.OfficeID]
		if a, known := f.Offices[code]; known {
			a.Named++
			f.Offices[code] = a
		}
		if n.ParticipantID == "" { // an approved one is among the employers
			f.Taken = append(f.Taken, Taken{Office: code, Name: n.Name, Email: n.Email, Town: n.Town})
		}
	}
	for _, e := range employers {
		f.Taken = append(f.Taken, Taken{Office: codes[e.OfficeID], Name: e.Name, Email: e.Email, Town: e.Town})
	}
	return f
}

// Counts reports whether a nomination takes a place of its office's quota.
func Counts(n identity.Nomination) bool { return n.State == "proposed" || n.State == "approved" }

// Nominations turns understood employers into nominations of one office.
func Nominations(list []Employer, waveID, officeID string) []identity.Nomination {
	out := make([]identity.Nomination, 0, len(list))
	for _, e := range list {
		out = append(out, identity.Nomination{
			WaveID: waveID, OfficeID: officeID, Name: e.Name, Email: e.Email, Language: e.Language,
			Size: e.Size, Branch: e.Branch, Town: e.Town, State: "proposed",
		})
	}
	return out
}

// Employers turns understood lines into participants; offices are those of the wave.
func Employers(list []Employer, offices []identity.Participant) []identity.Participant {
	ids := map[string]string{}
	for _, o := range offices {
		ids[o.Code] = o.ID
	}
	out := make([]identity.Participant, 0, len(list))
	for _, e := range list {
		out = append(out, identity.Participant{
			Population: "employer", Name: e.Name, Email: e.Email, Language: e.Language, Size: e.Size, Branch: e.Branch,
			Town: e.Town, OfficeID: ids[e.Office], Selection: "imported",
		})
	}
	return out
}

// Offices turns understood lines into participants.
func Offices(list []Office) []identity.Participant {
	out := make([]identity.Participant, 0, len(list))
	for _, o := range list {
		out = append(out, identity.Participant{
			Population: "office", Code: o.Code, Name: o.Name, Email: o.Email, Language: o.Language, Quota: o.Quota, Names: o.Names, Head: o.Head,
		})
	}
	return out
}
