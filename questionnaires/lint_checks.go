package questionnaires

import "slices"

// consistency looks for checks that can never fail, that always fail, and that
// leave no answer together. The checks that can be met are rules the solver
// counts with afterwards.
func (l *linter) consistency() {
	var fine, hard []*Check
	for i := range l.q.Checks {
		c := &l.q.Checks[i]
		if c.Fails == nil || l.q.Question(c.Question) == nil {
			continue
		}
		if l.met(c) && !c.Soft && !c.Release {
			fine = append(fine, c)
		}
	}
	for i, c := range fine {
		var near []*Check
		for _, before := range fine[:i] {
			if overlap(before.Fails.named.variables, c.Fails.named.variables) {
				near = append(near, before)
			}
		}
		if against := l.against(c, near); against != nil {
			l.say("checks["+c.Code+"]", RuleChecksContradict, "no answer to %s passes this check and %s", listed(c.Fails.named.variables), codes(against))
			continue
		}
		hard = append(hard, c)
	}
	l.solver.assume(hard)
}

// idleChecks reports the checks that can never fail, unless that is because
// nobody is asked what they look at.
func (l *linter) idleChecks() {
	for _, c := range l.idle {
		if l.unasked(c.Fails) == nil {
			l.say("checks["+c.Code+"].fails", RuleNeverHolds, "this check can never fail, whatever is answered to %s", listed(c.Fails.named.variables))
		}
	}
}

// asked gives the conditions under which a check is applied.
func (l *linter) asked(c *Check) []*Condition {
	qu := l.q.Question(c.Question)
	return []*Condition{l.solver.pages[qu.at].If, qu.If}
}

// own gives the variables of its question that a check looks at.
func (c *Check) own(q *Questionnaire) []string {
	var out []string
	for i, at := range c.Fails.named.questions {
		if q.questions[at].Code == c.Question {
			out = append(out, c.Fails.named.variables[i])
		}
	}
	return out
}

// met judges one check, and says whether some answers pass it.
func (l *linter) met(c *Check) bool {
	path := "checks[" + c.Code + "]"
	o := l.solver.solve(target{own: c.Fails, context: l.asked(c)})
	switch {
	case !o.decided:
		l.undecided(path+".fails", c.Fails, o)
		return true
	case !o.matters():
		return false // what it belongs to is reported
	case !o.holds:
		l.idle = append(l.idle, c)
		return true
	}
	o = l.solver.solve(target{own: c.Fails, context: l.asked(c), says: c.own(l.q)})
	if !o.decided || o.fails || !o.matters() {
		return true
	}
	l.say(path, RuleCheckAlwaysFails, "every answer to %s within its limits fails this check", c.Question)
	return false
}

// against gives the earlier checks that leave no answer together with c: one, if
// one is enough, else all that look at the same variables.
func (l *linter) against(c *Check, near []*Check) []*Check {
	for _, before := range near {
		if !l.agree(c, before) {
			return []*Check{before}
		}
	}
	if len(near) > 1 && !l.agree(append([]*Check{c}, near...)...) {
		return near
	}
	return nil
}

// agree says whether some answers pass all these checks, if all can be applied
// to the same person.
func (l *linter) agree(checks ...*Check) bool {
	fails, t := checks[0].Fails, target{}
	for i, c := range checks {
		if i > 0 {
			fails = join(fails, c.Fails, either{fails.root, c.Fails.root})
		}
		t.context = append(t.context, l.asked(c)...)
		t.says = append(t.says, c.own(l.q)...)
	}
	t.own = fails
	o := l.solver.solve(t)
	return !o.decided || o.fails || !o.matters()
}

func codes(checks []*Check) string {
	out := make([]string, len(checks))
	for i, c := range checks {
		out[i] = c.Code
	}
	return listed(out)
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}
