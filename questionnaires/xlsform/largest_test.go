package xlsform_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestWhatWouldKeepTheReaderBusyIsRefused has workbooks of which each cell costs
// far more than it takes up.
func TestWhatWouldKeepTheReaderBusyIsRefused(t *testing.T) {
	b, form := newBench(t), small(t, nil)
	b.refuses(t, []refusedCase{
		{"cells far apart in every row", "too_large", "survey row 5026", withEntry(t, form, sheet1, sheetOf(numbered(40_000, `<row r="%[1]d"><c r="GR%[1]d"><v>1</v></c></row>`)))},
		{"a row of a hundred thousand cells", "too_many_columns", "survey row 1", withEntry(t, form, sheet1, sheetOf(`<row r="1">`+numbered(100_000, `<c><v>%d</v></c>`)+`</row>`))},
		{"one text in a hundred thousand cells", "too_large", "survey row 44", withEntry(t, withEntry(t, form, "xl/sharedStrings.xml", strings.NewReader("<sst><si>"+strings.Repeat("<r><t>abcdefgh</t></r>", 4000)+"</si></sst>")),
			sheet1, sheetOf(numbered(33_000, `<row r="%d"><c t="s"><v>0</v></c><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>`)))},
		{"a text of a million codes of characters", "too_large", "xl/sharedStrings.xml", withEntry(t, form, "xl/sharedStrings.xml", strings.NewReader("<sst><si><t>"+strings.Repeat("_x0041_", 1_000_000)+"</t></si></sst>"))},
		{"a hundred thousand sheets", "no_workbook", "s2", withEntry(t, form, "xl/workbook.xml", strings.NewReader("<workbook><sheets>"+numbered(100_000, `<sheet name="s%d" r:id="rId1"/>`)+"</sheets></workbook>"))},
		{"a hundred thousand relations", "too_large", "xl/_rels/workbook.xml.rels", withEntry(t, form, "xl/_rels/workbook.xml.rels", strings.NewReader("<Relationships>"+numbered(100_000, `<Relationship Id="r%d" Target="a"/>`)+"</Relationships>"))},
		{"a million attributes", "too_large", sheet1, withEntry(t, form, sheet1, strings.NewReader("<worksheet "+numbered(1_000_000, `a%d="" `)+"/>"))},
		{"twenty thousand rows", "too_large", "survey row 10002", rows(t, slicesOf(20_000, []any{"text", "a"})...)},
		{"long expressions in every row", "too_large", "survey row 128", rows(t, slicesOf(500, []any{"integer", "a", "${a} = 1" + strings.Repeat(" or ${a} = 1", 7_900/12)})...)},
		{"a list of a thousand choices in every row", "too_large", "survey row 52 type", withList(t, 1000, rows(t, slicesOf(1000, []any{"select_one l", "a"})...))},
		{"a million references to answers", "too_large", "workbook", rows(t, slicesOf(120, []any{"text", "a", "", "", strings.Repeat("${a} ", 6_500)})...)},
	})
}

// TestTheLargestFormsAreReadInTime has workbooks that are just small enough to be
// read. They must be done in 2 s and 128 MB like those that are refused.
func TestTheLargestFormsAreReadInTime(t *testing.T) {
	b := newBench(t)
	of := func(n int, column string, line func(i int) []any) []byte {
		lines := [][]any{{"type", "name", column, "label::English (en)", "label::Deutsch (de)", "label::Français (fr)", "label::Italiano (it)"}}
		for i := range n {
			lines = append(lines, append(line(i), "What about this?", "Was ist damit?", "Et cela?", "E questo?"))
		}
		return formOf(t, lines...)
	}
	cases := []struct {
		name, want string
		raw        []byte
	}{
		{"a thousand questions", "1000 questions, ", of(1000, "relevant", func(i int) []any {
			return []any{"integer", fmt.Sprint("q", i), strings.Repeat(fmt.Sprintf("${q%d} > 3 or ", max(i-1, 0)), min(i, 3)) + "true()"}
		})},
		{"ten thousand rows", "refused: workbook: too_large: ", of(9_990, "relevant", func(i int) []any { return []any{"integer", fmt.Sprint("q", i), ""} })},
		{"as many conditions as are read", "125 questions, ", of(125, "relevant", func(i int) []any {
			return []any{"integer", fmt.Sprint("q", i), "${q0} = 1" + strings.Repeat(" or ${q0} = 1", 7_900/13)}
		})},
		{"as many demands as are read", "125 questions, ", of(125, "constraint", func(i int) []any {
			return []any{"integer", fmt.Sprint("q", i), ". > 3" + strings.Repeat(" and . != 5", 7_900/11)}
		})},
		{"as many calculations as are read", "1 questions, ", of(125, "calculation", func(i int) []any {
			if i == 0 {
				return []any{"integer", "q", ""}
			}
			return []any{"calculate", fmt.Sprint("c", i), "${q}" + strings.Repeat(fmt.Sprintf(" + ${c%d}", i+1), 7_900/9)}
		})},
		{"as many choices as are read", "49 questions, ", withList(t, 1000, of(49, "relevant", func(i int) []any { return []any{"select_multiple l", fmt.Sprint("q", i), ""} }))},
		{"as many choices with a condition", "49 questions, ", withList(t, 1000, of(49, "choice_filter", func(i int) []any {
			return []any{"select_one l", fmt.Sprint("q", i), "r = ${q0} or r = 3"}
		}))},
		{"as many words as are read", "", of(120, "hint::English (en)", func(i int) []any {
			return []any{"text", fmt.Sprint("q", i), strings.Repeat("${q0} ", 5_400)}
		})},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if said := b.read(t, c.raw); !strings.HasPrefix(said, c.want) {
				t.Errorf("%.500q, want %q", said, c.want)
			}
		})
	}
}
