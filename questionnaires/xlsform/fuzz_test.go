package xlsform

import (
	"errors"
	"strings"
	"testing"

	"rondo/questionnaires/boundtest"
	"rondo/questionnaires/workbook"
)

// FuzzXPath reads anything as an expression: no panic; what is read, is spelled
// so that it is read again as the same, and is understood or refused.
func FuzzXPath(f *testing.F) {
	for _, s := range []string{"${a} = 'x' and not(selected(${b}, 'y'))", ". >= 0 and . < 100", "if(${a} > 1, ${a} div 2, -1)", "((((", "count-selected(.) <= 3",
		"jr:choice-name(${a}, '${a}')", "${a}!=''or${b}!=“”", "1.5.2", "- - 1", "region=${region}", "/data/a[. = 1]", "today() - 1 mod 2 * 3", "selected-at(${r}, 0)='a'"} {
		f.Add(s)
	}
	u := &understanding{scope: newScope()}
	f.Fuzz(func(t *testing.T, source string) {
		var n node
		var err error
		boundtest.Quick(t, func() {
			if n, err = parse(source); err != nil {
				return
			}
			if l, err := u.condition(n); err == nil {
				_ = l.source()
			}
			_, _ = u.formula(n, true)
			reduce(n, map[string]string{"region": "north"})
		})
		if err != nil {
			return
		}
		spelled := show(n)
		again, err := parse(spelled)
		if err != nil && len(spelled) <= longestExpression && !errors.Is(err, errTooDeep) {
			t.Fatalf("%q is spelled %q, which is not read: %v", source, spelled, err)
		}
		if err == nil && show(again) != spelled {
			t.Fatalf("%q is spelled %q, and that %q", source, spelled, show(again))
		}
	})
}

// longestDrawn is how many bytes of cells are drawn: 8 KB are read in 40 ms, four fifths
// of which are the YAML that is written and read back. Larger forms are in largest_test.go.
const longestDrawn = 8 << 10

// FuzzCells reads any cells as a form: no panic, and what comes out is a
// questionnaire that its own reader accepts. A line is a row, a tab parts cells,
// and an empty line begins the next sheet.
func FuzzCells(f *testing.F) {
	f.Add("type\tname\tlabel\trelevant\tconstraint\nselect_one l or_other\ta\tA?\t\t\ninteger\tb\tB?\t${a} = 'x'\t. > 3\n\nlist_name\tname\tlabel\nl\tx\tX\nl\t98\tY")
	f.Add("type\tname\tappearance\trequired\nbegin group\tg\ttable-list\t\nselect_one l\tg_a\t\tyes\nend group\t\t\t\n\nlist_name\tname\nl\t1\nl\t2\n\nform_title\trondo_format\nT\t1")
	f.Add("type\tname\tcalculation\ttrigger\ncalculate\tc\t${d} + 1\t\ncalculate\td\tround(${c}, 2)\t\nnote\tn\t\t")
	f.Add("type\tname\tchoice_filter\tdefault\tparameters\nselect_multiple l\tm\tr=${x}\tx y\trandomize=true\nrange\tr\t\t\tstart=1 end=0 step=.5\nrank l\tk\t\t\t\n\nlist_name\tname\tr\nl\tx\t1\nl\ty\t2")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > longestDrawn {
			return
		}
		var result *Result
		var err error
		boundtest.Quick(t, func() { result, err = read(cellsOf(text), "k", 1) })
		if err == nil && result.Questionnaire == nil {
			t.Fatal("no questionnaire")
		}
		if refused := new(Refusal); err != nil && !errors.As(err, &refused) {
			t.Fatalf("neither read nor refused: %v", err)
		}
	})
}

// cellsOf gives the sheets that a text stands for.
func cellsOf(text string) *workbook.Book {
	book := &workbook.Book{}
	for i, part := range strings.SplitN(text, "\n\n", 4) {
		s := &workbook.Sheet{Name: []string{"survey", "choices", "settings", "more"}[i]}
		for row, cells := range strings.Split(part, "\n") {
			l := workbook.Line{Row: row + 1}
			for _, c := range strings.Split(cells, "\t") {
				l.Cells = append(l.Cells, tidy(c))
			}
			s.Lines = append(s.Lines, l)
		}
		book.Sheets = append(book.Sheets, s)
	}
	return book
}

// FuzzRead reads any bytes as a workbook: no panic.
func FuzzRead(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("type,name"))
	f.Add(smallest)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var err error
		boundtest.Quick(t, func() { _, err = Read(raw, "k", 1) })
		if refused := new(Refusal); err != nil && !errors.As(err, &refused) {
			t.Fatalf("neither read nor refused: %v", err)
		}
	})
}

// smallest is a workbook with a form of one question.
var smallest = func() []byte {
	survey := &out{name: "survey", rows: []row{{"type": "text", "name": "a", "label::" + languageNames["de"]: "Was?"}}}
	raw, err := pack([]*out{survey})
	if err != nil {
		panic(err)
	}
	return raw
}()
