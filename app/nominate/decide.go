package nominate

import (
	"strconv"

	"rondo/app/mail"
)

// Frame is what a wave already holds, as far as a list must know it.
type Frame struct {
	Offices map[string]Allowance // the wave's offices by code
	Taken   []Taken              // employers proposed, approved or invited
	Quotas  bool                 // an office's own list: quotas count, other offices' employers are not told; false for staff

	Drawn   *Drawn                 // the rows an office may name; nil where it picks, and for staff
	Today   string                 // 2026-11-03: nobody was told later; "" does not check
	Stopped func(addr string) bool // for staff: which addresses, as mail.Normal writes them, want no messages; may be nil
}

// Allowance is how many employers an office may name, 0 for any number, and how
// many it has named.
type Allowance struct{ Quota, Named int }

// Taken is an employer the wave holds already. Settled is one that is not invited through the
// office that named it.
type Taken struct {
	Office, Name, Email, Town string
	Settled                   bool
}

// apart keeps what an office is told about its own employers from depending on those of others:
// its own list is compared with its own nominations alone.
func (f Frame) apart(office, email string) string {
	if f.Quotas {
		return office + " " + email
	}
	return email
}

// Decide adds to the verdicts of a list of employers what the wave has to say:
// unknown offices, duplicates in the list and in the wave, quotas. Both slices
// have one entry for each line, in the same order.
func Decide(list []Employer, verdicts []Verdict, frame Frame) []Verdict {
	taken, firms := map[string]Taken{}, neighbourhoods{apart: frame.Quotas, by: map[string]*neighbours{}}
	for _, t := range frame.Taken {
		email := mail.Normal(t.Email)
		key := frame.apart(t.Office, email)
		if before, twice := taken[key]; !twice || before.Settled {
			taken[key] = t
		}
		if !t.Settled {
			firms.of(t.Office).add(firm{name: bare(t.Name), town: locality(t.Town), label: t.Name, email: email})
		}
	}
	seen, named, rows := map[string]int{}, map[string]int{}, map[int]int{}
	out := make([]Verdict, len(list))
	for i, e := range list {
		v := verdicts[i]
		v.Problems = append(append([]Problem(nil), v.Problems...), frame.office(e, named)...)
		v.Problems = append(v.Problems, frame.row(e, rows)...)
		email := mail.Normal(e.Email)
		self := firm{name: bare(e.Name), town: locality(e.Town), label: strconv.Itoa(e.Line), email: email}
		if duplicate := frame.repeated(e, email, seen, taken); duplicate != nil {
			v.Problems = append(v.Problems, *duplicate)
		} else if other, found := firms.of(e.Office).like(self); found && e.Name != "" {
			v.Problems = append(v.Problems, Problem{Field: "name", Rule: "similar", Args: map[string]any{"other": other.label}, Soft: true})
		}
		if frame.Stopped != nil && email != "" && frame.Stopped(email) {
			v.Problems = append(v.Problems, Problem{Field: "email", Rule: "stopped", Soft: true})
		}
		if !v.Good() {
			named[e.Office]-- // a line that cannot be taken uses up nothing of the quota
		}
		if email != "" && seen[email] == 0 {
			seen[email] = e.Line
		}
		self.label = e.Name
		firms.of(e.Office).add(self)
		out[i] = v
	}
	return out
}

// row checks the row of an office's own list, where rows are drawn, and the day the employer was told.
func (f Frame) row(e Employer, rows map[int]int) (problems []Problem) {
	if _, is := Day(e.Told); is && f.Today != "" && e.Told > f.Today {
		problems = append(problems, Problem{Field: "told", Rule: "future"})
	}
	if f.Drawn == nil {
		return problems
	}
	first := rows[e.Row]
	switch {
	case e.Row == 0:
		return append(problems, Problem{Field: "row", Rule: "missing"})
	case !f.Drawn.Open[e.Row]:
		return append(problems, Problem{Field: "row", Rule: "not_drawn", Args: map[string]any{"row": e.Row}})
	case first != 0:
		return append(problems, Problem{Field: "row", Rule: "duplicate_in_list", Args: map[string]any{"line": first}})
	}
	rows[e.Row] = e.Line
	return problems
}

// repeated says whether the employer's address stands earlier in the list or in the wave.
func (f Frame) repeated(e Employer, email string, seen map[string]int, taken map[string]Taken) *Problem {
	if email == "" {
		return nil
	}
	if line := seen[email]; line != 0 {
		return &Problem{Field: "email", Rule: "duplicate_in_list", Args: map[string]any{"line": line}}
	}
	t, found := taken[f.apart(e.Office, email)]
	switch {
	case !found:
		return nil
	case t.Settled:
		return &Problem{Field: "email", Rule: "settled"}
	case t.Office == e.Office:
		return &Problem{Field: "email", Rule: "duplicate_own"}
	}
	return &Problem{Field: "email", Rule: "duplicate_in_wave"}
}

// office checks the office of a line and counts the line against its quota.
func (f Frame) office(e Employer, named map[string]int) []Problem {
	if e.Office == "" {
		return nil
	}
	allowance, found := f.Offices[e.Office]
	if !found {
		return []Problem{{Field: "office", Rule: "unknown_office", Args: map[string]any{"office": e.Office}}}
	}
	named[e.Office]++
	if f.Quotas && allowance.Quota > 0 && allowance.Named+named[e.Office] > allowance.Quota {
		return []Problem{{Field: "office", Rule: "over_quota", Args: map[string]any{"quota": allowance.Quota}}}
	}
	return nil
}

// DecideOne says what is wrong with one nomination of an office, as for a list
// of one line.
func DecideOne(typed Employer, own string, frame Frame) (Employer, []Problem) {
	e, problems := Understand(typed, own)
	verdict := Decide([]Employer{e}, []Verdict{{Name: e.Name, Problems: problems}}, frame)[0]
	return e, verdict.Problems
}

// DecideOffices adds to the verdicts of a list of offices what the list and the
// wave have to say; present are the codes the wave holds already.
func DecideOffices(list []Office, verdicts []Verdict, present map[string]bool) []Verdict {
	codes, emails := map[string]int{}, map[string]int{}
	out := make([]Verdict, len(list))
	for i, o := range list {
		v := verdicts[i]
		v.Problems = append([]Problem(nil), v.Problems...)
		if line := codes[o.Code]; line != 0 && o.Code != "" {
			v.Problems = append(v.Problems, Problem{Field: "code", Rule: "duplicate_in_list", Args: map[string]any{"line": line}})
		} else if present[o.Code] {
			v.Problems = append(v.Problems, Problem{Field: "code", Rule: "office_present", Args: map[string]any{"office": o.Code}})
		}
		email := mail.Normal(o.Email)
		if line := emails[email]; line != 0 && email != "" {
			v.Problems = append(v.Problems, Problem{Field: "email", Rule: "shared_email", Args: map[string]any{"line": line}, Soft: true})
		}
		if codes[o.Code] == 0 {
			codes[o.Code] = o.Line
		}
		if emails[email] == 0 {
			emails[email] = o.Line
		}
		out[i] = v
	}
	return out
}
