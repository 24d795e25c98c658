package nominate

import (
	"regexp"
	"slices"
	"strings"
)

// legal are the words of a firm's name that tell nothing about which firm it is.
var legal = map[string]bool{
	"ag": true, "sa": true, "gmbh": true, "sarl": true, "sagl": true, "ltd": true, "inc": true, "co": true, "cie": true,
	"kg": true, "und": true, "et": true, "e": true, "and": true, "the": true, "die": true, "der": true, "das": true,
	"la": true, "le": true, "les": true, "il": true, "holding": true, "genossenschaft": true, "stiftung": true, "verein": true,
}

// bare is a firm's name without case, accents, marks and legal forms.
func bare(name string) string {
	var out strings.Builder
	for _, word := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return strings.ContainsRune(" \t-–,;/&+()\"«»'’.", r)
	}) {
		if folded := fold(word); !legal[folded] {
			out.WriteString(folded)
		}
	}
	if out.Len() == 0 {
		return fold(name)
	}
	return out.String()
}

// around is what people write with a town: its postal code before it, its canton behind it.
var around = regexp.MustCompile(`^([A-Za-z]{1,2}[- ]?)?[0-9]{4,5}\s+|\s+\(?[A-Z]{2}\)?$`)

// locality is a town like bare is a name, without what people write with it.
func locality(town string) string { return bare(around.ReplaceAllString(town, "")) }

// sameTown reports whether two firms may be in one town. Where the town of one is not known its name
// must be the very same.
func sameTown(a, b firm) bool {
	if (a.town == "") != (b.town == "") {
		return a.name == b.name
	}
	return alike(a.town, b.town)
}

// alike reports whether two bare names are the same but for typing errors: one
// in six letters, at most two.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	return digits(a) == digits(b) && nearly(a, b) // "Garage 12" and "Garage 13" are two firms
}

// nearly is alike for names whose digits are the same.
func nearly(a, b string) bool {
	if a == b {
		return true
	}
	allowed := min(min(len(a), len(b))/6, 2)
	return allowed > 0 && within(a, b, allowed)
}

func digits(s string) string {
	if !strings.ContainsAny(s, "0123456789") {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// within reports whether a becomes b by at most most insertions, deletions,
// changes or swaps of neighbours.
func within(a, b string, most int) bool {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return false
	}
	before, last, this := []int(nil), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		this[0] = i
		lowest := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			this[j] = min(last[j]+1, this[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				this[j] = min(this[j], before[j-2]+1)
			}
			lowest = min(lowest, this[j])
		}
		if lowest > most {
			return false
		}
		before, last, this = last, this, make([]int, len(b)+1)
	}
	return last[len(b)] <= most
}

// neighbours finds firms that look the same without comparing each with each:
// two names within two errors share their first or their last four letters.
type neighbours struct {
	same   map[[2]string]firm // by bare name and town
	byPart map[string][]*firm
}

// neighbourhoods are the firms among which a like one is looked for: all of them
// together, or apart by office, so that no hint tells an office whom another has
// proposed, nor does a crowd of theirs hide its own.
type neighbourhoods struct {
	apart bool
	by    map[string]*neighbours
}

// of gives the neighbours of an office's firms.
func (h neighbourhoods) of(office string) *neighbours {
	if !h.apart {
		office = ""
	}
	if h.by[office] == nil {
		h.by[office] = &neighbours{}
	}
	return h.by[office]
}

// crowd is from how many firms on a part of a name tells nothing any more.
const crowd = 200

type firm struct {
	name, town string // bare
	digits     string // of the name: compared before anything else, as most of a crowd differ in them
	label      string // what to call it
	email      string // normal

	id, office, place string // of a nomination; what settle.go says of it
}

func parts(name string) []string {
	if len(name) <= 4 {
		return []string{"=" + name}
	}
	return []string{"<" + name[:4], ">" + name[len(name)-4:]}
}

func (n *neighbours) add(f firm) {
	if n.same == nil {
		n.same, n.byPart = map[[2]string]firm{}, map[string][]*firm{}
	}
	f.digits = digits(f.name)
	n.same[[2]string{f.name, f.town}] = f
	for _, part := range parts(f.name) {
		if len(n.byPart[part]) < crowd {
			n.byPart[part] = append(n.byPart[part], &f)
		}
	}
}

// like finds a firm with a like name in a like town and another address.
func (n *neighbours) like(f firm) (firm, bool) {
	if other, found := n.same[[2]string{f.name, f.town}]; found && other.email != f.email {
		return other, true
	}
	if found := n.likes(f, 1); len(found) > 0 {
		return found[0], true
	}
	return firm{}, false
}

// likes finds up to most such firms.
func (n *neighbours) likes(f firm, most int) []firm {
	f.digits = digits(f.name)
	var found []firm
	for _, part := range parts(f.name) {
		for _, other := range n.byPart[part] {
			if len(found) >= most {
				return found
			}
			if other.digits == f.digits && other.email != f.email && sameTown(f, *other) && nearly(f.name, other.name) && !slices.Contains(found, *other) {
				found = append(found, *other)
			}
		}
	}
	return found
}
