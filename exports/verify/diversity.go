package verify

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// diversity is what the classes of the keys leave open about the answers to one question.
type diversity struct {
	l       int     // fewest different answers in a class
	entropy float64 // smallest e to the power of the entropy of a class, in nats
	t       float64 // largest distance of a class from all rows, 0 to 1
}

// diverse measures a column. A rare answer is an answer; the distance leaves it out. The distance is
// the one of Li, Li and Venkatasubramanian, "t-Closeness" (ICDE 2007), section 5: over the order of
// the answers where all are numbers, else with all of them equally far apart.
func (d *release) diverse(j int) diversity {
	all, total := d.tally(j, nil)
	if total == 0 {
		return diversity{}
	}
	out, order := diversity{l: len(all), entropy: math.Inf(1)}, inOrder(all)
	for _, class := range d.classes {
		mine, n := d.tally(j, class)
		if n == 0 {
			continue
		}
		h := 0.0
		for _, x := range mine {
			p := float64(x) / float64(n)
			h -= p * math.Log(p)
		}
		out.l, out.entropy = min(out.l, len(mine)), min(out.entropy, math.Exp(h))
		out.t = max(out.t, order.apart(mine, all))
	}
	return out
}

// order is the answers that a distance counts, in the order of their numbers where all are numbers.
type order struct {
	answers []string
	numbers bool
}

func inOrder(all map[string]int) order {
	out := order{numbers: true}
	worth := map[string]float64{}
	for answer := range all {
		if hiddenCell(answer) {
			continue
		}
		x, err := strconv.ParseFloat(answer, 64)
		out.numbers = out.numbers && err == nil
		worth[answer] = x
		out.answers = append(out.answers, answer)
	}
	slices.SortFunc(out.answers, func(a, b string) int {
		switch {
		case worth[a] < worth[b]:
			return -1
		case worth[a] > worth[b]:
			return 1
		}
		return 0
	})
	return out
}

// apart is how much of the answers of a class would have to move, and how far, for it to answer as
// all do.
func (o order) apart(class, all map[string]int) float64 {
	inClass, inAll := 0, 0
	for _, answer := range o.answers {
		inClass, inAll = inClass+class[answer], inAll+all[answer]
	}
	if inClass == 0 || len(o.answers) < 2 {
		return 0
	}
	moved, carried := 0.0, 0.0
	for _, answer := range o.answers {
		more := float64(class[answer])/float64(inClass) - float64(all[answer])/float64(inAll)
		if !o.numbers {
			moved += math.Abs(more) / 2
			continue
		}
		carried += more
		moved += math.Abs(carried) / float64(len(o.answers)-1)
	}
	return moved
}

// checkDiversity compares what the report says of the classes of a sensitive column with the data.
func (d *release) checkDiversity(j int) {
	want := d.diverse(j)
	for _, c := range d.r.Columns {
		if c.Variable != d.names[j] {
			continue
		}
		if c.L != want.l {
			d.say("the report says another l of %s than the data", c.Variable)
		}
		if !near(c.EntropyL, want.entropy) {
			d.say("the report says another entropy l of %s than the data", c.Variable)
		}
		if !near(c.T, want.t) {
			d.say("the report says another t of %s than the data", c.Variable)
		}
	}
}

// checkHidden counts the answers to sensitive questions that were hidden because a class agreed. The
// file does not tell them all from those hidden as rare or by routing: they are certain where a
// question has one column that still shows answers, so the others count as shown.
func (d *release) checkHidden() {
	gone, all := 0, 0
	for j, name := range d.names {
		e := d.book[name]
		if e.role != "sensitive_high" {
			continue
		}
		agreed, shown := 0, 0
		for _, row := range d.rows {
			switch cell := row[j]; {
			case answered(cell):
				shown++
			case cell == "-96":
				agreed++
				all++
			case cell == "-95":
				all++
			}
		}
		if all += shown; shown > 0 && e.kind != "flag" && e.kind != "rank" {
			gone += agreed
		}
	}
	if float64(gone) > d.r.Rules["hidden_answers_max"]*float64(all)+1e-9 {
		d.say("more answers to sensitive questions are hidden than the profile allows")
	}
}

// checkHiding looks for a question with two answers of which a class that was hidden can only have
// given the one: where classes are seen to agree on the other. Of a question with a column for each
// option, a class whose answers are all hidden may have been hidden for any of them.
func (d *release) checkHiding(j int) {
	all, _ := d.tally(j, nil)
	if len(all) > 2 {
		return
	}
	agrees, hides := false, false
	for _, class := range d.classes {
		mine, n := d.tally(j, class)
		agrees = agrees || len(mine) == 1
		hides = hides || n == 0 && slices.ContainsFunc(class, func(r int) bool {
			return d.rows[r][j] == "-96" && d.showsBeside(j, r)
		})
	}
	if agrees && hides {
		d.say("what a class hides of %s is told by those that still agree", d.names[j])
	}
}

// showsBeside says whether a row shows an answer in another column of the same question, where it
// has several that are hidden together.
func (d *release) showsBeside(j, r int) bool {
	kind, at := d.book[d.names[j]].kind, strings.LastIndex(d.names[j], "__")
	if kind != "flag" && kind != "rank" || at < 0 {
		return true
	}
	for i, other := range d.names {
		if i != j && d.book[other].kind == kind && strings.LastIndex(other, "__") == at && other[:at] == d.names[j][:at] && answered(d.rows[r][i]) {
			return true
		}
	}
	return false
}

// near says whether two figures agree but for rounding.
func near(x, y float64) bool { return math.Abs(x-y) <= 1e-9*max(1, math.Abs(y)) }
