package questionnaires

// The search of solve.go chooses answers one after the other, so a part of a
// condition can be open until later answers are chosen.
type truth int8

const (
	open truth = iota
	no
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// node is a part of a condition as the search judges it: terms about one
// variable are looked up by the class of answers that was chosen for it.
type node interface{ judge(chosen []int) truth }

type (
	nodeNot  struct{ inner node }
	nodeAnd  struct{ left, right node }
	nodeOr   struct{ left, right node }
	nodeSlot struct { // a term about one variable
		slot  int
		holds []bool // by class
	}
	nodePair struct { // a comparison of two variables
		left, right   int
		lefts, rights []class
		op            string
	}
	nodeFixed struct{ truth }
)

func (n nodeFixed) judge([]int) truth { return n.truth }

func (n nodeNot) judge(chosen []int) truth {
	switch n.inner.judge(chosen) {
	case yes:
		return no
	case no:
		return yes
	}
	return open
}

func (n nodeAnd) judge(chosen []int) truth {
	left := n.left.judge(chosen)
	if left == no {
		return no
	}
	right := n.right.judge(chosen)
	if right == no || left == yes {
		return right
	}
	return open
}

func (n nodeOr) judge(chosen []int) truth {
	left := n.left.judge(chosen)
	if left == yes {
		return yes
	}
	right := n.right.judge(chosen)
	if right == yes || left == no {
		return right
	}
	return open
}

func (n nodeSlot) judge(chosen []int) truth {
	if chosen[n.slot] < 0 {
		return open
	}
	return truthOf(n.holds[chosen[n.slot]])
}

func (n nodePair) judge(chosen []int) truth {
	i, j := chosen[n.left], chosen[n.right]
	if i >= 0 && n.lefts[i].value.Number == nil || j >= 0 && n.rights[j].value.Number == nil {
		return no // a comparison with a missing answer never holds
	}
	if i < 0 || j < 0 {
		return open
	}
	return truthOf(ordered(*n.lefts[i].value.Number, n.op, *n.rights[j].value.Number))
}
