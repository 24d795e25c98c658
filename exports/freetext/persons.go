package freetext

import (
	_ "embed"
	"strings"
)

// What the machine knows of words. In each file a line is one entry, and # begins a remark.
var (
	//go:embed lists/everyday.txt
	everydayList string
	//go:embed lists/places.txt
	placesList string
	//go:embed lists/titles.txt
	titlesList string
	//go:embed lists/functions.txt
	functionsList string
	//go:embed lists/before.txt
	beforeList string

	everyday  = folded(everydayList)
	titles    = folded(titlesList)
	functions = folded(functionsList)
	before    = folded(beforeList)
	places    = placesOf(placesList)
)

// lines gives the entries of a list.
func lines(list string) []string {
	var all []string
	for line := range strings.Lines(list) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

func folded(list string) map[string]bool {
	set := map[string]bool{}
	for _, line := range lines(list) {
		for _, form := range forms(line) {
			set[form] = true
		}
	}
	return set
}

func placesOf(list string) *Names {
	n := &Names{}
	for _, line := range lines(list) {
		n.AddPlace(line)
	}
	return n
}

// among says whether a word stands in a list.
func (w word) among(list map[string]bool) bool {
	for _, form := range w.forms {
		if list[form] {
			return true
		}
	}
	return false
}

// reach is how many words may stand between "our" and "adviser".
const reach = 2

// persons finds somebody told by a title and a name (Frau Keller), or by a function of one person
// (notre conseillère, our adviser Anne Keller).
func persons(text string, words []word) []Mark {
	var marks []Mark
	for i, w := range words {
		switch {
		case w.among(titles):
			if end := named(text, words[i:]); end > w.to {
				marks = append(marks, Mark{Person, w.from, end})
			}
		case w.among(functions):
			if from := told(text, words[:i+1]); from >= 0 {
				marks = append(marks, Mark{Person, from, named(text, words[i:])})
			}
		}
	}
	return marks
}

// told gives where a mention begins whose last word is a function, or -1 where it speaks of nobody.
func told(text string, words []word) int {
	last, from := len(words)-1, -1
	for i := last - 1; i >= 0 && i >= last-1-reach; i-- {
		if !joined(text, words[i], words[i+1]) || strings.ContainsAny(text[words[i].to:words[i+1].from], ".,") {
			break
		}
		if words[i].among(before) {
			from = words[i].from
		}
	}
	return from
}

// named gives where a mention ends: with the titles and the names that follow its first word.
func named(text string, words []word) int {
	end := words[0].to
	for i := 1; i < len(words) && i <= 5; i++ {
		w, between := words[i], strings.TrimLeft(text[words[i-1].to:words[i].from], " \u00a0")
		switch {
		case w.among(titles) && (between == "" || between == "," || between == "." || strings.TrimRight(between, " \u00a0") == ","):
		case !joined(text, words[i-1], w):
			return end
		case w.upper() && (between == "" || between == "-" || words[i-1].among(titles) && strings.HasPrefix(between, ".")):
		case between == "" && particles[w.text] && i+1 < len(words) && words[i+1].upper():
		default:
			return end
		}
		end = w.to
	}
	return end
}

var particles = map[string]bool{"von": true, "van": true, "de": true, "del": true, "della": true, "di": true, "du": true, "la": true, "le": true, "zu": true}
