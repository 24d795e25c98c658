package questionnaires

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reused looks for codes that meant something else in an earlier version. A
// code is compared with the last version that had it:
//
//   - a question of another kind (integer and decimal, single and yesno are
//     alike), or a calculated variable that was a question: never allowed;
//   - an option or row whose words stood at another code: allowed where the
//     author says breaks_trend;
//   - a question, row or option that was gone and is back with words that have
//     nothing in common with those it had: the same;
//   - one that was there and now has such words: allowed where the author says
//     anything about it, keeps_meaning or breaks_trend.
func (l *comparer) reused() {
	for _, p := range l.q.Pages {
		for _, qu := range p.Questions {
			l.question("pages["+p.Code+"].questions["+qu.Code+"]", qu)
		}
	}
	for _, c := range l.q.Calculated {
		if _, ref := l.before(c.Code); ref != "" {
			l.say("calculated["+c.Code+"]", "was a question in %s and is calculated now: give it another code", ref)
		}
	}
}

func (l *comparer) say(path, format string, args ...any) {
	l.found.add(path, RuleCodeReused, format, args...)
}

// before gives the question of that code in the last version that has it.
func (l *comparer) before(code string) (*Question, string) {
	for _, q := range slices.Backward(l.earlier) {
		if qu := q.Question(code); qu != nil {
			return qu, q.Ref()
		}
	}
	return nil, ""
}

func (l *comparer) question(path string, qu *Question) {
	old, ref := l.before(qu.Code)
	if old == nil {
		for _, q := range l.earlier {
			if s, ok := q.symbols[qu.Code]; ok && s.calculated != nil {
				l.say(path, "was calculated in %s and is a question now: give it another code", q.Ref())
				return
			}
		}
		return
	}
	if !alike(old.Kind, qu.Kind) {
		l.say(path, "was of kind %s in %s and is of kind %s now: give it another code", old.Kind, ref, qu.Kind)
		return
	}
	l.words(path, qu.Code, qu.Code, old.Label, qu.Label, ref)
	l.options(path, qu)
	l.rows(path, qu)
}

func alike(a, b Kind) bool {
	group := map[Kind]Kind{Decimal: Integer, YesNo: Single}
	base := func(k Kind) Kind {
		if g, ok := group[k]; ok {
			return g
		}
		return k
	}
	return base(a) == base(b)
}

// words judges the words of one code: those it had in version ref, and those it
// has now.
func (l *comparer) words(path, variable, question string, old, new Text, ref string) {
	class := l.classes[variable]
	if class == "" {
		class = l.classes[question]
	}
	switch {
	case !unlike(old, new) || class == ClassBreaksTrend:
	case ref != l.last.Ref():
		l.say(path, "had in %s words that have nothing in common with these, and was gone since: give it another code, or say breaks_trend in %s", ref, ChangesFile)
	case class == "":
		l.say(path, "had in %s words that have nothing in common with these: give it another code, or say in %s whether it keeps_meaning or breaks_trend", ref, ChangesFile)
	}
}

// worded is a row or an option.
type worded struct {
	code  string
	label Text
}

func (l *comparer) options(path string, qu *Question) {
	of := func(qu *Question) []worded {
		var out []worded
		for _, o := range qu.Options {
			if o.Missing == 0 { // these codes mean the same everywhere
				out = append(out, worded{o.Code, o.Label})
			}
		}
		return out
	}
	for _, o := range of(qu) {
		l.part(path+".options["+o.code+"]", qu.Code, qu.Code, o, of)
	}
}

func (l *comparer) rows(path string, qu *Question) {
	of := func(qu *Question) []worded {
		var out []worded
		for i := range qu.Rows {
			out = append(out, worded{qu.Rows[i].Code, qu.Rows[i].Label})
		}
		return out
	}
	for _, r := range of(qu) {
		l.part(path+".rows["+r.code+"]", qu.Code+"__"+r.code, qu.Code, r, of)
	}
}

// swap says of which two codes the words changed places since a version, and that
// it was told at the first.
type swap struct{ question, told, other, ref string }

// part judges a row or an option against the last version that had its code.
func (l *comparer) part(path, variable, question string, now worded, of func(*Question) []worded) {
	for _, q := range slices.Backward(l.earlier) {
		qu := q.Question(question)
		if qu == nil {
			continue
		}
		parts := of(qu)
		i := slices.IndexFunc(parts, func(x worded) bool { return x.code == now.code })
		if i < 0 {
			continue
		}
		from := slices.IndexFunc(parts, func(x worded) bool { return x.code != now.code && sameWords(x.label, now.label) })
		breaks := l.classes[variable] == ClassBreaksTrend || l.classes[variable] == "" && l.classes[question] == ClassBreaksTrend
		if from >= 0 && !sameWords(parts[i].label, now.label) {
			other := parts[from].code
			here := slices.IndexFunc(of(l.q.Question(question)), func(x worded) bool { return x.code == other && sameWords(x.label, parts[i].label) })
			switch {
			case breaks, here >= 0 && l.swaps[swap{question, other, now.code, q.Ref()}]: // told already, at the other
			case here >= 0:
				l.swaps[swap{question, now.code, other, q.Ref()}] = true
				l.say(path, "has changed words with %s since %s: keep the codes with their words, or say breaks_trend in %s", other, q.Ref(), ChangesFile)
			default:
				l.say(path, "has the words that %s had in %s: keep the codes with their words, or say breaks_trend in %s", parts[from].code, q.Ref(), ChangesFile)
			}
			return
		}
		l.words(path, variable, question, parts[i].label, now.label, q.Ref())
		return
	}
}

func sameWords(a, b Text) bool {
	for _, lang := range Languages {
		if a[lang] != b[lang] {
			return false
		}
	}
	return true
}

// unlike says whether two texts share no word in any language.
func unlike(a, b Text) bool {
	compared := false
	for _, lang := range Languages {
		if a[lang] == "" || b[lang] == "" {
			continue
		}
		compared = true
		x, y := telling(a[lang]), telling(b[lang])
		if slices.ContainsFunc(x, func(w string) bool { return slices.Contains(y, w) }) {
			return false
		}
	}
	return compared
}

// telling gives the words of a text that carry its meaning: those of four
// letters and more and numbers, or all words where it has none of these.
func telling(s string) []string {
	all := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	long := slices.DeleteFunc(slices.Clone(all), func(w string) bool {
		return utf8.RuneCountInString(w) < 4 && !strings.ContainsFunc(w, unicode.IsDigit)
	})
	if len(long) == 0 {
		return all
	}
	return long
}
