package questionnaires

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// routing looks for conditions that can never or always hold, and for what
// nobody can reach.
func (l *linter) routing() {
	for _, p := range l.q.Pages {
		path := "pages[" + p.Code + "]"
		pageGone := false
		if p.If != nil {
			pageGone = !l.rule(path, path+".if", target{own: p.If})
		}
		for _, qu := range p.Questions {
			if pageGone {
				l.gone[qu] = true
				continue
			}
			l.routes(path+".questions["+qu.Code+"]", p, qu)
		}
	}
}

// routes judges the conditions of a question, of its rows and of its options.
func (l *linter) routes(path string, p *Page, qu *Question) {
	if qu.If != nil && !l.rule(path, path+".if", target{own: qu.If, context: []*Condition{p.If}}) {
		l.gone[qu] = true
		return
	}
	context := []*Condition{p.If, qu.If}
	for i := range qu.Rows {
		r := &qu.Rows[i]
		at := path + ".rows[" + r.Code + "]"
		if r.If != nil && !l.rule(at, at+".if", target{own: r.If, context: context}) {
			continue
		}
		if r.RequiredIf != nil {
			l.rule(at, at+".required_if", target{own: r.RequiredIf, context: append(context[:2:2], r.If)})
		}
	}
	for i := range qu.Options {
		if o := &qu.Options[i]; o.If != nil {
			at := path + ".options[" + o.Code + "]"
			l.rule(at, at+".if", target{own: o.If, context: context})
		}
	}
}

// rule judges one condition and says whether what depends on it can be reached.
func (l *linter) rule(owner, path string, t target) bool {
	o := l.solver.solve(t)
	cause := l.unasked(t.own)
	switch {
	case !o.decided:
		l.undecided(path, t.own, o)
	case o.holds:
		if !o.fails && cause == nil {
			l.say(path, RuleAlwaysHolds, "this holds for everybody it could matter to, whatever they answer to %s: leave it out", listed(t.own.named.variables))
		}
	case cause != nil:
		l.say(owner, RuleUnreachable, "nobody is asked this, because nobody is asked %s", cause.Code)
		return false
	case !o.anywhere:
		l.say(path, RuleNeverHolds, "this can never hold, whatever is answered to %s", listed(t.own.named.variables))
		return false
	case o.fails:
		l.say(owner, RuleUnreachable, "nobody is asked this: who comes here fulfils %s, and that excludes %s", sources(t.context), t.own.source)
		return false
	}
	return true
}

// unasked gives a question the condition looks at and nobody is asked, or nil.
func (l *linter) unasked(c *Condition) *Question {
	for _, at := range c.named.questions {
		if qu := l.q.questions[at]; l.gone[qu] {
			return qu
		}
	}
	return nil
}

func (l *linter) undecided(path string, c *Condition, o outcome) {
	count := "more combinations than can be counted"
	if o.combinations < math.MaxInt64 {
		count = fmt.Sprintf("%.0f combinations", o.combinations)
	}
	l.say(path, RuleNotDecided, "not decided whether this can hold: the answers involved (%s, and what these depend on) have %s", listed(c.named.variables), count)
}

// join makes one condition of two.
func join(a, b *Condition, root term) *Condition {
	out := &Condition{source: fmt.Sprintf("%T(%s; %s)", root, a.source, b.source), root: root}
	out.named = mentions{slices.Clone(a.named.variables), slices.Clone(a.named.questions), a.named.computes}
	for i, name := range b.named.variables {
		out.named.add(name, b.named.questions[i])
	}
	out.named.computes = max(a.named.computes, b.named.computes)
	return out
}

// listed names variables in a sentence.
func listed(names []string) string {
	if len(names) > 4 {
		names = append(append([]string(nil), names[:3]...), fmt.Sprintf("%d more", len(names)-3))
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func sources(conditions []*Condition) string {
	var out []string
	for _, c := range conditions {
		if c != nil {
			out = append(out, c.source)
		}
	}
	return strings.Join(out, " and ")
}
