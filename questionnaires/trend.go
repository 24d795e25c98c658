package questionnaires

import (
	"slices"
	"strings"
)

// Effect is what the step from one version to the next does to the trend of a
// variable.
type Effect string

// The effects.
const (
	Comparable         Effect = "comparable"           // nothing changed
	ComparableWithNote Effect = "comparable_with_note" // changed, and its author says that the meaning was kept
	Break              Effect = "break"                // the trend starts anew, or nobody said that it does not
	Fresh              Effect = "new"                  // the version before did not ask it
	Dropped            Effect = "dropped"              // the version after no longer asks it
)

var effectWords = map[Effect]Text{
	Comparable:         {"de": "vergleichbar", "fr": "comparable", "it": "confrontabile", "en": "comparable"},
	ComparableWithNote: {"de": "vergleichbar mit Hinweis", "fr": "comparable, avec une remarque", "it": "confrontabile, con una nota", "en": "comparable with a note"},
	Break:              {"de": "Bruch: der Trend beginnt neu", "fr": "rupture: la tendance recommence", "it": "rottura: la tendenza ricomincia", "en": "break: the trend starts anew"},
	Fresh:              {"de": "neu", "fr": "nouveau", "it": "nuovo", "en": "new"},
	Dropped:            {"de": "entfallen", "fr": "supprimé", "it": "eliminato", "en": "dropped"},
}

// Words says an effect in a language.
func (e Effect) Words(lang string) string { return effectWords[e].In(lang) }

// Flag says of one variable of a dataset what a step does to its trend, and why.
type Flag struct {
	Variable string // a column: code, code__row, code__option, code_other
	Question string // its question, or the calculated variable itself
	Effect   Effect
	Why      []Change // the changes that decide; none where it is comparable
}

// Reason says in a language why the flag is what it is: "wording (de, fr)".
func (f Flag) Reason(lang string) string {
	var said []string
	langs := map[string][]string{}
	for _, x := range f.Why {
		what := x.What(lang)
		if _, ok := langs[what]; !ok {
			said = append(said, what)
			langs[what] = nil
		}
		if x.Language != "" {
			langs[what] = append(langs[what], x.Language)
		}
	}
	for i, what := range said {
		if l := langs[what]; len(l) > 0 {
			said[i] = what + " (" + strings.Join(l, ", ") + ")"
		}
	}
	return strings.Join(said, "; ")
}

// column is what the trend follows: a column of the dataset.
type trendColumn struct{ name, question, variable string }

// trendColumns lists the columns of a version with the variable that changes
// name them by.
func (q *Questionnaire) trendColumns() []trendColumn {
	var out []trendColumn
	for _, c := range q.Columns() {
		if c.Calculated != nil {
			out = append(out, trendColumn{c.Name, c.Name, c.Name})
			continue
		}
		variable := c.Question.Code
		if c.Row != nil {
			variable = c.Name
		}
		out = append(out, trendColumn{c.Name, c.Question.Code, variable})
	}
	return out
}

// Comparability says for every variable of the newer version, in its order, and
// then for those it no longer has, what the step from the older one does to its
// trend. A change that nobody has classified breaks it: silence is no promise.
func Comparability(old, new *Questionnaire, classes Classification) []Flag {
	changes := Compare(old, new)
	before := old.trendColumns()
	var flags []Flag
	for _, c := range new.trendColumns() {
		f := Flag{Variable: c.name, Question: c.question, Effect: Comparable}
		if !slices.ContainsFunc(before, func(b trendColumn) bool { return b.name == c.name }) {
			f.Effect = Fresh
			f.Why = c.added(changes)
		} else {
			for _, x := range c.touched(changes) {
				f.Why = append(f.Why, x)
				f.Effect = worse(f.Effect, effectOf(x, classes.Of(x)))
			}
		}
		flags = append(flags, f)
	}
	inherit(new, flags)
	after := new.trendColumns()
	for _, c := range before {
		if !slices.ContainsFunc(after, func(a trendColumn) bool { return a.name == c.name }) {
			flags = append(flags, Flag{Variable: c.name, Question: c.question, Effect: Dropped, Why: c.dropped(changes)})
		}
	}
	return flags
}

// inherit gives the calculated variables what their inputs suffered: an index of
// four rows cannot be compared where one of them cannot.
func inherit(q *Questionnaire, flags []Flag) {
	for _, x := range q.Calculated {
		if x.Formula == nil {
			continue
		}
		at := slices.IndexFunc(flags, func(f Flag) bool { return f.Variable == x.Code })
		if at < 0 || flags[at].Effect == Fresh {
			continue
		}
		index := &flags[at]
		for _, input := range x.Formula.Variables() {
			for _, f := range flags[:at] {
				if (f.Variable == input || f.Question == input) && (f.Effect == Break || f.Effect == ComparableWithNote) {
					index.Effect = worse(index.Effect, f.Effect)
					index.Why = append(index.Why, f.Why...)
				}
			}
		}
	}
}

// touched gives the changes that bear on a column both versions have: those of
// its question, but not those that only concern another row.
func (c trendColumn) touched(changes []Change) []Change {
	var out []Change
	for _, x := range changes {
		if x.Question != c.question || strings.HasPrefix(x.Variable, c.question+"__") && x.Variable != c.variable {
			continue
		}
		out = append(out, x)
	}
	return out
}

func (c trendColumn) added(changes []Change) []Change {
	return slices.DeleteFunc(c.touched(changes), func(x Change) bool {
		return !strings.HasSuffix(x.Kind, "added") || x.Part != "" && !strings.HasSuffix(c.name, "__"+x.Part)
	})
}

func (c trendColumn) dropped(changes []Change) []Change {
	return slices.DeleteFunc(c.touched(changes), func(x Change) bool {
		return !strings.HasSuffix(x.Kind, "removed") || x.Part != "" && !strings.HasSuffix(c.name, "__"+x.Part)
	})
}

// effectOf is what one change of a class does to what was there before.
func effectOf(x Change, class string) Effect {
	switch {
	case x.Family() == "dropped" && x.Kind != "check_removed":
		return Dropped
	case class == ClassBreaksTrend:
		return Break
	case x.Family() == "new" && x.Kind != "check_added":
		return Fresh
	case class == ClassKeepsMeaning || class == ClassNew:
		return ComparableWithNote
	}
	return Break
}

// worse gives the one of two effects that says less can be compared.
func worse(a, b Effect) Effect {
	order := []Effect{Comparable, ComparableWithNote, Break}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// Version is a questionnaire with what its author said of its changes.
type Version struct {
	Questionnaire *Questionnaire
	Classes       Classification
}

// Series is the trend of one variable over several versions.
type Series struct {
	Variable string
	Question string
	From     string  // the first version, as employer/1, from which all answers can be compared
	Until    string  // the last version that asks it
	Joints   []Joint // the steps at which something changed, in order
}

// Joint is the flag of one variable between two versions.
type Joint struct {
	From, To string
	Flag
}

// Trend follows every variable through versions of one key, given in order. The
// variables of the newest version come first, in its order, then the dropped ones.
func Trend(versions []Version) []Series {
	var all []Series
	at := map[string]int{}
	for i, v := range versions {
		ref := v.Questionnaire.Ref()
		if i == 0 {
			for _, c := range v.Questionnaire.trendColumns() {
				at[c.name] = len(all)
				all = append(all, Series{Variable: c.name, Question: c.question, From: ref, Until: ref})
			}
			continue
		}
		before := versions[i-1].Questionnaire
		for _, f := range Comparability(before, v.Questionnaire, v.Classes) {
			n, known := at[f.Variable]
			if !known {
				n = len(all)
				at[f.Variable] = n
				all = append(all, Series{Variable: f.Variable, Question: f.Question, From: ref})
			}
			s := &all[n]
			if f.Effect != Comparable {
				s.Joints = append(s.Joints, Joint{before.Ref(), ref, f})
			}
			if f.Effect == Break || f.Effect == Fresh {
				s.From = ref
			}
			if f.Effect != Dropped {
				s.Until = ref
			}
		}
	}
	return newestFirst(all, versions)
}

// newestFirst puts the variables of the newest version first, in its order.
func newestFirst(all []Series, versions []Version) []Series {
	if len(versions) == 0 {
		return nil
	}
	rank := map[string]int{}
	for i, c := range versions[len(versions)-1].Questionnaire.trendColumns() {
		rank[c.name] = i - 1<<20
	}
	slices.SortStableFunc(all, func(a, b Series) int { return rank[a.Variable] - rank[b.Variable] })
	return all
}
