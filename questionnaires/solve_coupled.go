package questionnaires

// coupled says whether the answers chosen for the variables of one question go
// together: ranks are given once and without a gap, rows come to their sum. at
// is the last slot of the question.
func (f *search) coupled(at int) bool {
	qu := f.slots[at].question
	switch {
	case qu.Kind == Multi && f.answer(at).counted && qu.parted:
		return f.tickable(at)
	case qu.Kind == Ranking:
		return f.rankable(at)
	case qu.summed():
		return f.summable(at)
	}
	return true
}

// answer gives the class chosen for a slot.
func (f *search) answer(at int) class { return f.slots[at].classes[f.chosen[at]] }

// tickable checks that there are enough ticks; of fewer options than least that
// are offered, all are enough.
func (f *search) tickable(at int) bool {
	y, offered := f.slots[at], 0
	for _, n := range y.parts {
		if n.judge(f.chosen) == yes {
			offered++
		}
	}
	return f.answer(at).ticks+y.loose >= min(y.question.Least, y.always+offered)
}

// rankable checks the ranks of the named options; the others may fill the gaps.
func (f *search) rankable(at int) bool {
	qu := f.slots[at].question
	hidden := !f.all(f.slots[at].asked)
	seen := map[int]bool{}
	highest, named := 0, 0
	for ; at >= 0 && f.slots[at].question == qu; at-- {
		named++
		c := f.answer(at)
		if !c.given {
			continue
		}
		rank := int(*c.value.Number)
		if seen[rank] {
			return false
		}
		seen[rank], highest = true, max(highest, rank)
	}
	others := len(qu.Options) - named
	if len(seen) == 0 && qu.Required && !qu.Prefill && !hidden {
		return others > 0
	}
	return highest-len(seen) <= others
}

// summable checks whether numbers of the chosen classes can come to the sum;
// rows that no condition names may have any number, or none if they need none.
func (f *search) summable(at int) bool {
	qu := f.slots[at].question
	low, top, named, given := 0.0, 0.0, 0, 0
	for ; at >= 0 && f.slots[at].question == qu; at-- {
		y, c := f.slots[at], f.answer(at)
		if len(y.pairs) > 0 && !y.exact {
			return true // the class is one number that stands for others
		}
		named++
		if c.given {
			low, top, given = low+c.low, top+c.top, given+1
		}
	}
	if given == 0 || qu.Min == nil || qu.Max == nil {
		return true
	}
	others := float64(len(qu.Rows) - named)
	least, most := *qu.Min, *qu.Max
	if !qu.Required || qu.parts() {
		least, most = min(least, 0), max(most, 0)
	}
	low, top = low+others*least, top+others*most
	if qu.SumEquals != nil && (*qu.SumEquals < low || *qu.SumEquals > top) {
		return false
	}
	return qu.SumMin == nil || top >= *qu.SumMin
}

// parts says whether some rows of the question are not always asked.
func (qu *Question) parts() bool {
	for i := range qu.Rows {
		if qu.Rows[i].If != nil {
			return true
		}
	}
	return false
}
