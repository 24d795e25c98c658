package questionnaires

// maxQuickSteps is how long the whole questionnaire is searched before a slice
// is cut for a target.
const maxQuickSteps = 3000

// whole is the slice of all conditions of a questionnaire. Its classes are
// finer than those of a smaller slice, but they are made once.
type whole struct {
	*slice
	first []int // slot by place of the question, and one more
	seen  []bool
	order []int // slots of the target at hand
}

// quick looks in the whole questionnaire for answers under which a target holds
// and for such under which it fails. Nearly all conditions can do both, and
// then nothing else matters. ok says that both were found.
func (s *solver) quick(t target) (o outcome, ok bool) {
	if s.all == nil {
		s.all = s.makeWhole()
	}
	w := s.all
	clear(w.seen)
	w.order = w.order[:0]
	s.mark(w, t.own)
	for _, c := range t.context {
		s.mark(w, c)
	}
	for at, seen := range w.seen {
		for i := w.first[at]; seen && i < w.first[at+1]; i++ {
			w.order = append(w.order, i)
		}
	}
	f := newSearch(w.slice, t, w.order, min(maxQuickSteps+2*len(w.order), s.steps))
	budget := f.steps
	o.holds = f.look(yes, true)
	o.fails = o.holds && f.look(no, true)
	s.steps -= (budget - f.steps) / 4 // these steps are short
	o.decided, o.anywhere = true, o.holds
	return o, o.holds && o.fails
}

// mark marks the questions that a condition depends on.
func (s *solver) mark(w *whole, c *Condition) {
	if c == nil {
		return
	}
	for _, at := range c.named.questions {
		if w.seen[at] {
			continue
		}
		w.seen[at] = true
		for _, r := range s.routes(s.q.questions[at]) {
			s.mark(w, r)
		}
	}
}

func (s *solver) makeWhole() *whole {
	var rules []*Condition
	for _, qu := range s.q.questions {
		rules = append(rules, s.routes(qu)...)
	}
	for i := range s.q.Checks {
		rules = append(rules, s.q.Checks[i].Fails)
	}
	w := &whole{slice: s.cut(rules), seen: make([]bool, len(s.q.questions)), first: make([]int, len(s.q.questions)+1)}
	at := 0
	for place := range w.first {
		for at < len(w.slots) && w.slots[at].question.at < place {
			at++
		}
		w.first[place] = at
	}
	return w
}
