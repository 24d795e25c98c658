package freetext

import (
	"strings"
	"unicode/utf8"
)

// Names are the names to look for. The zero value and nil know none.
type Names struct {
	first    map[string][]phrase // by the folded first word
	initials map[string]Kind     // in capitals
}

// phrase is a name as a run of folded words.
type phrase struct {
	kind  Kind
	words []string
	upper bool // only where the text writes it with a capital
}

// AddName takes up a name of a firm, a person or an office: the whole, each part of three letters or
// more that is no everyday word, and the initials.
func (n *Names) AddName(name string) {
	words := split(name)
	n.add(Name, words, false)
	n.add(Name, core(words), false)
	var initials strings.Builder
	for _, w := range words {
		if everyday[w.forms[0]] {
			continue
		}
		r, _ := utf8.DecodeRuneInString(w.text)
		initials.WriteString(strings.ToUpper(string(r)))
		if utf8.RuneCountInString(w.text) >= 3 && strings.Trim(w.text, "0123456789") != "" {
			n.add(Name, []word{w}, false)
		}
	}
	if s := initials.String(); utf8.RuneCountInString(s) >= 2 && !everyday[strings.ToLower(s)] {
		n.short(Name, s)
	}
}

// short takes up what is looked for in capitals only.
func (n *Names) short(kind Kind, capitals string) {
	if n.initials == nil {
		n.initials = map[string]Kind{}
	}
	n.initials[capitals] = kind
}

// core is a name without the everyday words at its ends: its legal form above all.
func core(words []word) []word {
	for len(words) > 0 && everyday[words[0].forms[0]] {
		words = words[1:]
	}
	for len(words) > 0 && everyday[words[len(words)-1].forms[0]] {
		words = words[:len(words)-1]
	}
	return words
}

// AddAddress takes up who an e-mail address speaks of: the parts of its mailbox and of its domain.
func (n *Names) AddAddress(address string) {
	mailbox, domain, found := strings.Cut(address, "@")
	if !found {
		return
	}
	n.AddName(strings.NewReplacer(".", " ", "_", " ", "+", " ").Replace(mailbox))
	labels := strings.Split(strings.ToLower(domain), ".")
	for _, label := range labels[:len(labels)-1] { // without the country
		if !everyday[label] {
			n.AddName(label)
		}
	}
}

// AddPlace takes up a place; it is looked for as a whole and with its capital, two letters as the
// code of a canton.
func (n *Names) AddPlace(name string) {
	if len(name) == 2 {
		n.short(Place, strings.ToUpper(name))
		return
	}
	n.add(Place, split(name), true)
}

func (n *Names) add(kind Kind, words []word, upper bool) {
	if len(words) == 0 || len(words) == 1 && (everyday[words[0].forms[0]] || utf8.RuneCountInString(words[0].text) < 3) {
		return
	}
	if n.first == nil {
		n.first = map[string][]phrase{}
	}
	for i := range 2 { // umlauts written out, and not
		folded := make([]string, len(words))
		for j, w := range words {
			folded[j] = w.forms[min(i, len(w.forms)-1)]
		}
		if i == 1 && strings.Join(folded, " ") == joinForms(words) {
			break
		}
		n.first[folded[0]] = append(n.first[folded[0]], phrase{kind, folded, upper})
	}
}

func joinForms(words []word) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = w.forms[0]
	}
	return strings.Join(all, " ")
}

func (n *Names) find(text string, words []word) []Mark {
	if n == nil {
		return nil
	}
	var marks []Mark
	for i, w := range words {
		for _, key := range w.keys() {
			for _, p := range n.first[key] {
				if end := p.match(text, words[i:]); end > 0 && (!p.upper || w.upper()) {
					marks = append(marks, Mark{p.kind, w.from, end})
				}
			}
		}
		if kind := n.initials[w.text]; kind != "" {
			marks = append(marks, Mark{kind, w.from, w.to})
		}
		if end := n.dotted(text, words[i:]); end > 0 {
			marks = append(marks, Mark{Name, w.from, end})
		}
	}
	return marks
}

// keys are the folded words a name that this word begins may stand under.
func (w word) keys() []string {
	var keys []string
	for _, form := range w.forms {
		keys = append(keys, form)
		if cut, genitive := strings.CutSuffix(form, "s"); genitive && len(cut) >= 4 {
			keys = append(keys, cut)
		}
	}
	return keys
}

// match gives where a phrase that begins with the first of the words ends, or 0.
func (p phrase) match(text string, words []word) int {
	if len(words) < len(p.words) {
		return 0
	}
	for i, folded := range p.words {
		if !words[i].is(folded) || i > 0 && !joined(text, words[i-1], words[i]) {
			return 0
		}
	}
	return words[len(p.words)-1].to
}

// mostInitials is how many initials anybody writes.
const mostInitials = 6

// dotted finds initials as people write them: B. M., or B.M.
func (n *Names) dotted(text string, words []word) int {
	var initials strings.Builder
	for i, w := range words[:min(len(words), mostInitials)] {
		if utf8.RuneCountInString(w.text) != 1 || !w.capitals() || !strings.HasPrefix(text[w.to:], ".") || i > 0 && !joined(text, words[i-1], w) {
			return 0
		}
		initials.WriteString(w.text)
		if i > 0 && n.initials[initials.String()] == Name {
			return w.to + 1
		}
	}
	return 0
}
