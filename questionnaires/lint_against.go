package questionnaires

import (
	"maps"
	"slices"
	"strings"
)

// LintAgainst gives what an author should mend in a version that follows
// others of the same key: translations that were left behind when another
// language changed, and codes that now mean something else. earlier are the
// versions before, the oldest first; c is what the author says in changes.yaml.
func LintAgainst(q *Questionnaire, earlier []*Questionnaire, c Classification) []Finding {
	if len(earlier) == 0 {
		return nil
	}
	l := &comparer{q: q, earlier: earlier, last: earlier[len(earlier)-1], classes: c.Classes, swaps: map[swap]bool{}}
	l.stale(c.Checked)
	l.reused()
	return l.found
}

type comparer struct {
	q       *Questionnaire
	earlier []*Questionnaire
	last    *Questionnaire
	classes map[string]string
	swaps   map[swap]bool
	found   findings
}

// stale looks for words that stayed the same although those of another language
// changed. The author may have looked at them and found them still right.
func (l *comparer) stale(checked map[string][]string) {
	for _, place := range slices.Sorted(maps.Keys(l.q.words)) {
		old, new := l.last.words[place], l.q.words[place]
		var changed, same []string
		for _, lang := range Languages {
			switch {
			case old[lang] == "" || new[lang] == "":
			case old[lang] != new[lang]:
				changed = append(changed, lang)
			case !slices.Contains(checked[place], lang):
				same = append(same, lang)
			}
		}
		for _, lang := range same {
			if len(changed) > 0 {
				l.found.add(TextFile(lang)+": "+place, RuleStaleTranslation,
					"the words in %s changed since %s and these did not; if they are still right, write under translations in %s: %s: [%s]",
					listed(changed), l.last.Ref(), ChangesFile, place, strings.Join(same, ", "))
			}
		}
	}
	for _, place := range slices.Sorted(maps.Keys(checked)) {
		if l.q.words[place] == nil {
			l.found.add(ChangesFile+": translations."+place, RuleUnknownKey, "there are no words at this place")
		}
	}
}
