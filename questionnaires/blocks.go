package questionnaires

import "strings"

// Block is what changed at one question, for a person who reads it.
type Block struct {
	Question string // its code; "" for the words around the questions
	Label    Text   // of the newer version, else of the older
	Lines    []Line
}

// Line is one change, with the words of all languages beside each other.
type Line struct {
	Change        // of the first language, where it is one of words
	Class  string // what the author says it does to the trend; "" where nothing is said
	Effect Effect // on the trend of the variable; "" for words around the questions
	Cells  []Cell // of words: one for each language, in the order of Languages; else one
}

// Cell is the old and the new side of a change in one language.
type Cell struct {
	Language   string // "" for what is not words
	Same       bool   // nothing differs in this language
	Before, Is []Piece
}

// Worded says whether the line is about words, which every language has.
func (l Line) Worded() bool { return l.Language != "" }

// SaidByWhat says whether the words of the change already tell its class: what is added is new.
func (l Line) SaidByWhat() bool { return l.Kind == "added" && l.Class == ClassNew }

// Blocks groups the changes by question, in the order of the newer version; the
// words around come first.
func Blocks(old, new *Questionnaire, classes Classification) []Block {
	var blocks []Block
	at := map[string]int{}
	last := -1
	for _, x := range Compare(old, new) {
		i, ok := at[x.Question]
		if !ok {
			i, last = len(blocks), -1
			at[x.Question] = i
			blocks = append(blocks, Block{Question: x.Question, Label: labelOf(x.Question, new, old)})
		}
		lines := &blocks[i].Lines
		if last == i && x.Language != "" && len(*lines) > 0 && (*lines)[len(*lines)-1].sameWords(x) {
			(*lines)[len(*lines)-1].fill(x)
			continue
		}
		*lines = append(*lines, newLine(x, classes))
		last = i
	}
	return blocks
}

// sameWords says whether x is the same change in another language.
func (l Line) sameWords(x Change) bool {
	return l.Language != "" && l.Language != x.Language && l.Variable == x.Variable && l.Kind == x.Kind && l.Part == x.Part &&
		l.Cells[place(x.Language)].Same
}

func place(lang string) int {
	for i, l := range Languages {
		if l == lang {
			return i
		}
	}
	return 0
}

func newLine(x Change, classes Classification) Line {
	l := Line{Change: x}
	if x.Question != "" {
		l.Class = classes.Of(x)
		l.Effect = effectOf(x, l.Class)
	}
	if x.Language == "" {
		l.Cells = []Cell{{}}
		l.Cells[0].Before, l.Cells[0].Is = Marks(x.Old, x.New)
		return l
	}
	for _, lang := range Languages {
		l.Cells = append(l.Cells, Cell{Language: lang, Same: true})
	}
	l.fill(x)
	return l
}

func (l *Line) fill(x Change) {
	c := &l.Cells[place(x.Language)]
	c.Same = false
	c.Before, c.Is = Marks(x.Old, x.New)
}

// labelOf gives the words of a question or of a calculated variable.
func labelOf(code string, versions ...*Questionnaire) Text {
	for _, q := range versions {
		if qu := q.Question(code); qu != nil {
			return qu.Label
		}
		for _, x := range q.Calculated {
			if x.Code == code {
				return x.Label
			}
		}
	}
	return nil
}

// Anchor is a name for the block that an address may end with.
func (b Block) Anchor() string {
	if b.Question == "" {
		return "around"
	}
	return strings.ReplaceAll(b.Question, ".", "-")
}
