package questionnaires

// Client is what a browser needs to show and hide the questions, rows and
// options of one page while somebody answers it: the conditions that depend on
// the page itself, with earlier answers put in as constants. The server stays
// the judge; app/views/assets/rondo reads this form.
//
// A condition is true, false or a list of an operator and its arguments:
//
//	["not", c]  ["and", c…]  ["or", c…]
//	["answered", variable]          any answer, "don't know" too
//	["ticked", variable, code]      of a multi
//	["is", variable, code]  ["isnt", variable, code]   of one choice; false where missing
//	["==", n, n] and != < <= > >=   false where a side has no value
//
// A number n is a JSON number, null (no value) or one of
//
//	["var", variable]               a number, or an option code that is one
//	["+", n, n] and - * /
//	["sum", need, n…] and mean min max count   need: inputs that must have a value
//	["round", n, digits]  ["if", c, n, n]
type Client struct {
	Questions  []ClientQuestion         `json:"questions"`            // in the order of the page
	Calculated map[string]ClientFormula `json:"calculated,omitempty"` // that conditions name, by code
}

// ClientQuestion is a question that depends on the page, or that others on the
// page depend on.
type ClientQuestion struct {
	Code      string       `json:"code"`
	Kind      Kind         `json:"kind"`
	If        any          `json:"if,omitempty"`      // a condition; left out: asked
	Rows      []ClientPart `json:"rows,omitempty"`    // all that are shown, where one has a condition
	Options   []ClientPart `json:"options,omitempty"` // the same
	Read      []string     `json:"read,omitempty"`    // the rows or ranked options whose fields conditions look at; "" for the question's own
	Other     string       `json:"other,omitempty"`   // the option that a text beside it stands for
	Exclusive []string     `json:"exclusive,omitempty"`
	Min       *float64     `json:"min,omitempty"`
	Max       *float64     `json:"max,omitempty"`
	Decimals  int          `json:"decimals,omitempty"`
	Length    int          `json:"length,omitempty"`
	Top       int          `json:"top,omitempty"`
	Latest    string       `json:"latest,omitempty"` // ISO 8601: no later day is an answer
}

// ClientPart is a row or an option.
type ClientPart struct {
	Code string `json:"code"`
	If   any    `json:"if,omitempty"` // a condition; left out: always there
}

// ClientFormula is how a calculated variable is computed.
type ClientFormula struct {
	Value    any      `json:"value"`
	Decimals int      `json:"decimals"`
	Inputs   []string `json:"inputs,omitempty"` // it has no value where none of these is asked; left out: something of it is
}

// Client gives what a browser needs for a page, and whether anything on it
// depends on its own answers. Answers are those kept so far.
func (q *Questionnaire) Client(page string, a Answers, s Setting) (Client, bool) {
	shown := q.Shown(page, a)
	e := &encoder{q: q, v: q.routing(a), seen: seenOf(shown), named: map[string]bool{}}
	var all []ClientQuestion
	depends := false
	for _, x := range shown {
		c := ClientQuestion{Code: x.Question.Code, Kind: x.Question.Kind}
		if x.Depends {
			c.If = e.condition(x.If.root)
		}
		c.Rows = e.parts(x.rows, func(i int) string { return x.Question.Rows[i].Code })
		c.Options = e.parts(x.options, func(i int) string { return x.Question.Options[i].Code })
		depends = depends || c.If != nil || c.Rows != nil || c.Options != nil
		all = append(all, c)
	}
	if !depends {
		return Client{}, false
	}
	client := Client{Calculated: e.formulas}
	for i, c := range all {
		if c.reads(shown[i], e.named, s) || c.If != nil || c.Rows != nil || c.Options != nil {
			client.Questions = append(client.Questions, c)
		}
	}
	return client, true
}

// seenOf gives what a page shows, as Shown has found it.
func seenOf(shown []ShownQuestion) *onPage {
	seen := &onPage{questions: map[int]bool{}}
	for _, s := range shown {
		seen.add(s)
	}
	return seen
}

// reads says which fields of a question conditions look at and how to read
// them; false where there is none.
func (c *ClientQuestion) reads(x ShownQuestion, named map[string]bool, s Setting) bool {
	qu := x.Question
	for i, name := range qu.variables {
		if !named[name] {
			continue
		}
		part := ""
		switch {
		case i < len(qu.Rows):
			part = qu.Rows[i].Code
		case qu.Kind == Ranking:
			part = qu.Options[i].Code
		}
		c.Read = append(c.Read, part)
	}
	if c.Read == nil {
		return false
	}
	c.Min, c.Max, c.Decimals, c.Length, c.Top = qu.Min, qu.Max, qu.Decimals, qu.MaxLength, qu.Top
	if qu.NotFuture {
		c.Latest = s.Today
	}
	for i, o := range qu.Options {
		if o.Exclusive {
			c.Exclusive = append(c.Exclusive, o.Code)
		}
		if there, _ := x.Option(i); there && o.Other {
			c.Other = o.Code
		}
	}
	if qu.Kind == Ranking { // its ranks are right or wrong together
		c.Read = nil
		for _, o := range qu.Options {
			c.Read = append(c.Read, o.Code)
		}
	}
	return true
}
