package exports

import (
	"fmt"
	"strings"

	"rondo/questionnaires"
)

// Treatment is what a release does with a column.
type Treatment string

// The treatments.
const (
	Open    Treatment = "open"    // as answered
	Coarse  Treatment = "coarse"  // a key: coarsened as far as k needs
	Dropped Treatment = "dropped" // left out
)

// Choice is the treatment of one column and the reason for it.
type Choice struct {
	Column    questionnaires.Column
	Treatment Treatment
	Hierarchy string // of a coarse column
	Why       string // key of the sentence, see Reason
}

// Plan says for each column of a questionnaire what a profile does with it.
type Plan struct {
	Profile Profile
	Choices []Choice
}

// PlanFor derives the plan from the declared roles. Questions without a known
// role are ErrNoRole, with their codes.
func PlanFor(q *questionnaires.Questionnaire, profile string) (Plan, error) {
	p, err := ProfileOf(profile)
	if err != nil {
		return Plan{}, err
	}
	if err := p.allows(q.Key); err != nil {
		return Plan{}, err
	}
	plan := Plan{Profile: p}
	var unknown []string
	for _, c := range q.Columns() {
		choice, ok := p.choose(c, q.Key)
		if !ok {
			if code := codeOf(c); len(unknown) == 0 || unknown[len(unknown)-1] != code {
				unknown = append(unknown, code)
			}
			continue
		}
		plan.Choices = append(plan.Choices, choice)
	}
	if len(unknown) > 0 {
		return Plan{}, fmt.Errorf("%w: %s", ErrNoRole, strings.Join(unknown, ", "))
	}
	return plan, nil
}

// codeOf names what declares the role of a column.
func codeOf(c questionnaires.Column) string {
	if c.Calculated != nil {
		return c.Calculated.Code
	}
	return c.Question.Code
}

func (p Profile) choose(c questionnaires.Column, population string) (Choice, bool) {
	role := c.Role()
	kind, key := kindOf(role)
	if key && chains[kind] == nil || !key && !known[role] {
		return Choice{}, false
	}
	dropped := func(why string) (Choice, bool) { return Choice{Column: c, Treatment: Dropped, Why: why}, true }
	switch {
	case role == "direct" && population == employer:
		return dropped("direct")
	case !p.Release():
		return Choice{Column: c, Treatment: Open, Why: "internal"}, true
	case c.Calculated != nil:
		// It says again what its inputs say. Where protection hides or merges one
		// of them, the value beside it would give the answer back (reference
		// anonymisation 1.7); where all are shown, the reader can compute it from
		// the file with the formula of the questionnaire. So no release carries it.
		return dropped("calculated")
	case c.Other || role == "freetext" || c.Type == questionnaires.TextColumn:
		return dropped("freetext")
	case role == "direct":
		return dropped("direct")
	case role == "stable_fact" || role == "public_fact":
		return dropped("stable")
	case c.Type == questionnaires.NumberColumn || c.Type == questionnaires.DateColumn:
		return dropped("number")
	case key && (c.Type != questionnaires.CodeColumn || c.Row != nil):
		return Choice{}, false
	case key && p.Floor[kind] < 0:
		return dropped("key")
	case key:
		return Choice{Column: c, Treatment: Coarse, Hierarchy: kind, Why: "key-coarse"}, true
	}
	return Choice{Column: c, Treatment: Open, Why: string(role)}, true
}

var known = map[questionnaires.Role]bool{
	"direct": true, "stable_fact": true, "public_fact": true, "sensitive_high": true,
	"sensitive": true, "plain": true, "freetext": true,
}

// Kept lists the choices that reach the file, in column order.
func (p Plan) Kept() []Choice {
	var out []Choice
	for _, c := range p.Choices {
		if c.Treatment != Dropped {
			out = append(out, c)
		}
	}
	return out
}

// places lists which of the columns reach the file.
func (p Plan) places() []int {
	var out []int
	for i, c := range p.Choices {
		if c.Treatment != Dropped {
			out = append(out, i)
		}
	}
	return out
}
