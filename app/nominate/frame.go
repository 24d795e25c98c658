package nominate

import "rondo/storage/identity"

// FrameOf is what a wave holds: its offices, its employers, and all nominations
// ever made in it. Nominations that were withdrawn, rejected or settled otherwise free their place.
func FrameOf(offices, employers []identity.Participant, nominations []identity.Nomination, quotas bool) Frame {
	f := Frame{Offices: map[string]Allowance{}, Quotas: quotas}
	codes := map[string]string{}
	for _, o := range offices {
		codes[o.ID] = o.Code
		f.Offices[o.Code] = Allowance{Quota: o.Quota}
	}
	for _, n := range nominations {
		code := codes[n.OfficeID]
		if !Counts(n) {
			if n.State != "withdrawn" && quotas {
				f.Taken = append(f.Taken, Taken{Office: code, Name: n.Name, Email: n.Email, Town: n.Town, Settled: true})
			}
			continue
		}
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

// Without is the frame as it would be without one of the nominations in it, which is corrected.
func (f Frame) Without(n identity.Nomination) Frame {
	offices := map[string]Allowance{}
	for code, a := range f.Offices {
		offices[code] = Allowance{a.Quota, a.Named - 1} // an office's own frame has one office
	}
	f.Offices = offices
	left, gone := []Taken(nil), false
	for _, t := range f.Taken {
		if !gone && !t.Settled && t.Email == n.Email && t.Name == n.Name {
			gone = true
			continue
		}
		left = append(left, t)
	}
	f.Taken = left
	if f.Drawn != nil {
		f.Drawn = &Drawn{Rows: f.Drawn.Rows, Out: f.Drawn.Out, Open: map[int]bool{n.ListRow: true}}
	}
	return f
}

// Counts reports whether a nomination takes a place of its office's quota.
func Counts(n identity.Nomination) bool { return n.State == "proposed" || n.State == "approved" }

// Nominations turns understood employers into nominations of one office. drawn says how it selects:
// the number of a row means nothing where it picks, and many lists have one.
func Nominations(list []Employer, waveID, officeID string, drawn bool) []identity.Nomination {
	out := make([]identity.Nomination, 0, len(list))
	for _, e := range list {
		n := identity.Nomination{
			WaveID: waveID, OfficeID: officeID, Name: e.Name, Email: e.Email, Language: e.Language,
			Size: e.Size, Branch: e.Branch, Town: e.Town, State: "proposed", Selection: "picked", ToldOn: e.Told,
		}
		if drawn {
			n.Selection, n.ListRow = "drawn", e.Row
		}
		out = append(out, n)
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
