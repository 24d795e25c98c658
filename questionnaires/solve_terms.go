package questionnaires

// leaves visits the terms that look at answers.
func leaves(t term, visit func(term)) {
	switch t := t.(type) {
	case negation:
		leaves(t.inner, visit)
	case both:
		leaves(t.left, visit)
		leaves(t.right, visit)
	case either:
		leaves(t.left, visit)
		leaves(t.right, visit)
	default:
		visit(t)
	}
}

// looks visits the variables of questions and the terms inside formulas that a
// leaf looks at, and says whether it has to be computed: then every value of
// these variables counts.
func looks(t term, visit func(name string, t term)) (computes bool) {
	one := func(r ref, t term) {
		if r.calculated == nil {
			visit(r.name, t)
			return
		}
		computes = true
		origins(r.calculated, visit)
	}
	switch t := t.(type) {
	case given:
		one(t.ref, t)
	case ticked:
		one(t.ref, t)
	case member:
		one(t.ref, t)
	case compare:
		one(t.ref, t)
	case comparePair:
		one(t.left, t)
		one(t.right, t)
	case compareFormulas:
		computes = true
		amounts(t.left, visit)
		amounts(t.right, visit)
	}
	return computes
}

// origins visits the variables a calculated one comes from. It does not walk
// through the formulas: of variables built on one another twice each, the walk
// would double with every step.
func origins(c *Calculated, visit func(name string, t term)) {
	for _, name := range c.Formula.named.variables {
		visit(name, nil)
	}
}

// amounts visits the variables a formula looks at.
func amounts(a amount, visit func(name string, t term)) {
	switch a := a.(type) {
	case variable:
		if a.calculated != nil {
			origins(a.calculated, visit)
		} else {
			visit(a.name, nil)
		}
	case operation:
		amounts(a.left, visit)
		amounts(a.right, visit)
	case summary:
		for _, input := range a.inputs {
			amounts(input, visit)
		}
	case rounded:
		amounts(a.inner, visit)
	case choice:
		leaves(a.condition, func(t term) { looks(t, visit) })
		amounts(a.yes, visit)
		amounts(a.no, visit)
	}
}

// mention notes that a leaf looks at some variables.
func (x *slice) mention(s *solver, t term) {
	var slots []*slot
	computes := looks(t, func(name string, _ term) {
		y := x.byName[name]
		if y == nil {
			fresh := *s.known[name]
			y = &fresh
			x.byName[name], x.slots = y, append(x.slots, y)
		}
		slots = append(slots, y)
	})
	if computes {
		for _, y := range slots {
			y.exact = true
		}
		return
	}
	y := slots[0]
	switch t := t.(type) {
	case comparePair:
		y.pairs, slots[1].pairs = append(y.pairs, slots[1]), append(slots[1].pairs, y)
		return
	case compare:
		if t.ref.numeric {
			y.numbers = append(y.numbers, t.literal.number)
		}
	case member:
		for _, l := range t.literals {
			y.numbers = append(y.numbers, l.number)
		}
	}
	y.terms = append(y.terms, t)
}

// node prepares a term to be judged by the search.
func (x *slice) node(t term) node {
	switch t := t.(type) {
	case negation:
		return nodeNot{x.node(t.inner)}
	case both:
		return nodeAnd{x.node(t.left), x.node(t.right)}
	case either:
		return nodeOr{x.node(t.left), x.node(t.right)}
	}
	var slots []int
	computes := looks(t, func(name string, _ term) { slots = append(slots, x.at(name)) })
	if computes {
		x.cost++
		return nodeComputed{x, t, slots}
	}
	if t, ok := t.(comparePair); ok {
		return nodePair{slots[0], slots[1], x.slots[slots[0]].classes, x.slots[slots[1]].classes, t.op}
	}
	y := x.slots[slots[0]]
	holds := make([]bool, len(y.classes))
	for i, c := range y.classes {
		holds[i] = t.holds(c.view(y.name))
	}
	return nodeSlot{slots[0], holds}
}

// view shows a term the one answer of a class.
func (c class) view(name string) *view {
	if !c.given {
		return &view{answers: Answers{}}
	}
	return &view{answers: Answers{name: c.value}}
}

// nodeComputed is a term with a formula: it is computed as soon as all the
// answers it looks at are chosen.
type nodeComputed struct {
	slice *slice
	term  term
	slots []int
}

func (n nodeComputed) judge(chosen []int) truth {
	q := n.slice.q
	v := &view{answers: Answers{}, hidden: make([]bool, q.places), computed: make([]computed, len(q.Calculated))}
	for _, at := range n.slots {
		if chosen[at] < 0 {
			return open
		}
		y := n.slice.slots[at]
		switch c := y.classes[chosen[at]]; {
		case c.given:
			v.answers[y.name] = c.value
		case c.hidden:
			if place := y.question.placeOf(y.name); place != 0 {
				v.hidden[place] = true
			} else {
				v.hidden[y.question.at] = true
			}
		}
	}
	return truthOf(n.term.holds(v))
}
