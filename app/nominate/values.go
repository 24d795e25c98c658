package nominate

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Sizes are the size classes of an employer, as in the question e_size.
var Sizes = []string{"1-9", "10-49", "50-249", "250+"}

// Branches are the branch groups of an employer, as in the question e_branch:
// the group's letters are the first and last NOGA section in it.
var Branches = []string{"a", "be", "f", "gi", "j", "k", "l", "mn", "oq", "ru"}

// Branch gives the branch group of a NOGA 2008 section letter or of a group's
// own code, and whether there is one.
func Branch(typed string) (string, bool) {
	code := strings.ToLower(Plain(typed))
	code = strings.NewReplacer("-", "", "–", "", " ", "").Replace(code)
	for _, group := range Branches {
		first, last := group[0], group[len(group)-1]
		if code == group || (len(code) == 1 && first <= code[0] && code[0] <= last) {
			return group, true
		}
	}
	return "", false
}

var (
	spans   = regexp.MustCompile(`^(?:da|de|von|from)?(\d+)(?:-|bis|a|à|to)(\d+)$`)
	persons = regexp.MustCompile(`(\d\+?)(?:personen|mitarbeitende|mitarbeiter|ma|beschäftigte|angestellte|personnes|employés|employées|collaborateurs|persone|addetti|dipendenti|persons|people|employees)$`)
	opened  = regexp.MustCompile(`^(?:>=?)?(\d+)(?:\+|undmehr|odermehr|etplus|epiu|epiù|ormore|andmore)?$`)
)

// Size gives the size class of a class in words or figures ("10 bis 49",
// "250+") or of a number of persons ("1'200"), and whether there is one.
func Size(typed string) (string, bool) {
	s := strings.ToLower(Plain(typed))
	s = strings.NewReplacer("–", "-", "—", "-", " ", "", "'", "", "’", "").Replace(s)
	s = persons.ReplaceAllString(s, "$1")
	if span := spans.FindStringSubmatch(s); span != nil {
		for _, class := range Sizes {
			if class == span[1]+"-"+span[2] {
				return class, true
			}
		}
		return "", false
	}
	if s == "250+" {
		return s, true
	}
	match := opened.FindStringSubmatch(s)
	if match == nil {
		return "", false
	}
	n, err := strconv.Atoi(match[1])
	if err != nil || n < 1 || (match[1] != s && n != 250) {
		return "", false
	}
	switch {
	case n < 10:
		return "1-9", true
	case n < 50:
		return "10-49", true
	case n < 250:
		return "50-249", true
	}
	return "250+", true
}

var languages = map[string]string{
	"de": "d deutsch german allemand tedesco ger", "fr": "f franzosisch franzoesisch francais french francese fre",
	"it": "i italienisch italien italiano italian ita", "en": "e englisch anglais inglese english eng",
}

// Language gives the language code of a code or a language's name in any of
// the four languages, and whether there is one.
func Language(typed string) (string, bool) {
	folded := fold(typed)
	if folded == "" {
		return "", false
	}
	for code, names := range languages {
		if folded == code || folded == code+"ch" {
			return code, true
		}
		for _, name := range strings.Fields(names) {
			if name == folded {
				return code, true
			}
		}
	}
	return "", false
}

// clock is a time of day behind a day, which Excel writes with some.
var clock = regexp.MustCompile(`\s+\d{1,2}:\d{2}(:\d{2})?$`)

// Day gives a day as people and Excel write it ("3.11.2026", "2026-11-03") in the form 2026-11-03,
// and whether it is one; nothing typed is no day and no error.
func Day(typed string) (string, bool) {
	typed = strings.Join(strings.Fields(clock.ReplaceAllString(Plain(typed), "")), "")
	if typed == "" {
		return "", true
	}
	for _, layout := range []string{time.DateOnly, "2.1.2006", "2.1.06", "2/1/2006"} {
		if day, err := time.Parse(layout, typed); err == nil && day.Year() >= 2000 && day.Year() < 2200 {
			return day.Format(time.DateOnly), true
		}
	}
	return typed, false
}

// Row gives the number of a row as people write it ("17", "17.", "Nr. 17"); 0 where it is none.
func Row(typed string) int {
	digits := strings.Trim(strings.TrimLeft(strings.ToLower(Plain(typed)), "abcdefghijklmnopqrstuvwxyz°º# ."), " .")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > MostFirms {
		return 0
	}
	return n
}
