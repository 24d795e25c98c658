package exports

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rondo/exports/formats"
	"rondo/exports/verify"
	"rondo/questionnaires"
)

// drawn are variables of every kind and cells that fit them.
func drawn(t *rapid.T) ([]formats.Variable, [][]string) {
	text := func(name string) questionnaires.Text {
		return questionnaires.Text{"de": rapid.StringMatching(`[A-Za-zäöüéàß "'=<>&…0-9]{0,300}`).Draw(t, name)}
	}
	var variables []formats.Variable
	for i := range rapid.IntRange(1, 8).Draw(t, "variables") {
		name := fmt.Sprintf("%s%d", rapid.StringMatching(`[a-z][a-z0-9_+-]{0,80}`).Draw(t, "name"), i)
		v := formats.Variable{Name: name, Question: name, Wording: text("wording"), Type: rapid.SampledFrom([]string{
			formats.Code, formats.Number, formats.Flag, formats.Rank, formats.Words, formats.Day,
		}).Draw(t, "type")}
		if v.Type == formats.Code {
			for n, code := range rapid.SliceOfNDistinct(rapid.StringMatching(`[0-9]{1,2}|[A-Z<+-]{1,9}`), 1, 12, rapid.ID[string]).Draw(t, "codes") {
				v.Categories = append(v.Categories, formats.Category{Code: code, Label: text("label" + strconv.Itoa(n))})
			}
		}
		variables = append(variables, v)
	}
	rows := make([][]string, rapid.IntRange(0, 12).Draw(t, "rows"))
	for r := range rows {
		for _, v := range variables {
			rows[r] = append(rows[r], cellOf(t, v))
		}
	}
	formats.Measure(variables, rows)
	return variables, rows
}

func cellOf(t *rapid.T, v formats.Variable) string {
	if rapid.IntRange(0, 3).Draw(t, "missing") == 0 {
		return rapid.SampledFrom(formats.Missing).Draw(t, "reason").Code
	}
	switch v.Type {
	case formats.Code:
		return rapid.SampledFrom(v.Categories).Draw(t, "code").Code
	case formats.Number:
		return questionnaires.FormatNumber(rapid.SampledFrom([]float64{0, 1, -0.5, 151, 152, -89, 1e9, 0.1, 12345.678}).Draw(t, "number"))
	case formats.Day:
		return rapid.SampledFrom([]string{"1900-01-01", "1959-10-02", "2015-06-30", "2026-02-28"}).Draw(t, "day")
	case formats.Words:
		return strings.TrimRight(rapid.StringMatching(`[a-zéü =@+"';,]{0,40}`).Draw(t, "text"), " ") + strings.Repeat("Zürich ", rapid.SampledFrom([]int{0, 1, 30, 35, 70, 300, 5000}).Draw(t, "long"))
	}
	return strconv.Itoa(rapid.IntRange(0, 1).Draw(t, "flag"))
}

// TestSAV_is_read_back_cell_by_cell draws files with every kind of variable and
// reads them with the reader of verify, which knows nothing of the writer.
func TestSAV_is_read_back_cell_by_cell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		variables, rows := drawn(t)
		var one, two bytes.Buffer
		about := formats.About{Title: questionnaires.Text{"de": "Prüfung"}}
		if err := formats.SAV(&one, about, variables, rows, "de"); err != nil {
			t.Fatal(err)
		}
		if err := formats.SAV(&two, about, variables, rows, "de"); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Fatalf("two files of the same data differ: %v", err)
		}
		file, err := verify.ReadSAV(one.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		names := formats.SPSSNames(variables)
		if len(file.Variables) != len(variables) || len(file.Texts) != len(rows) {
			t.Fatalf("%d variables, %d cases", len(file.Variables), len(file.Texts))
		}
		seen := map[string]bool{}
		for j, v := range variables {
			got := file.Variables[j]
			if got.Name != names[j] || seen[strings.ToLower(names[j])] || len(names[j]) > 64 {
				t.Fatalf("%s is called %q, want %q", v.Name, got.Name, names[j])
			}
			seen[strings.ToLower(names[j])] = true
			compareColumn(t, v, got, file, rows, j)
		}
	})
}

func compareColumn(t *rapid.T, v formats.Variable, got verify.SAVVariable, file *verify.SAV, rows [][]string, j int) {
	codes := map[float64]string{}
	for i, l := range got.Labels {
		all := append(append([]formats.Category(nil), v.Categories...), formats.Missing...)
		codes[l.Value] = all[i].Code
	}
	if !got.Text && (got.Low != -99 || got.High != -90 || len(got.Labels) != len(v.Categories)+len(formats.Missing)) {
		t.Fatalf("%s: missing %v to %v, %d labels", v.Name, got.Low, got.High, len(got.Labels))
	}
	for r, row := range rows {
		cell := questionnaires.FormatNumber(file.Numbers[r][j])
		if code, ok := codes[file.Numbers[r][j]]; ok {
			cell = code
		} else if v.Type == formats.Day {
			cell = dayOf(file.Numbers[r][j])
		}
		want := row[j]
		if got.Text {
			cell, want = file.Texts[r][j], strings.TrimRight(want, " ")
			if short, cut := strings.CutSuffix(cell, "…"); cut && len(cell) > 32_000 && strings.HasPrefix(want, short) {
				continue
			}
		}
		if cell != want {
			t.Fatalf("%s, row %d: %.80q (%d bytes), want %.80q (%d bytes)", v.Name, r, cell, len(cell), want, len(want))
		}
	}
}

// dayOf counts days by hand: seconds since the first day of the Gregorian
// calendar.
func dayOf(seconds float64) string {
	days := int(seconds/86_400) + 13 // since 1 October 1582
	year, month := 1582, 10
	for {
		length := []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
		if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			length++
		}
		if days < length {
			return fmt.Sprintf("%04d-%02d-%02d", year, month, days+1)
		}
		days -= length
		if month++; month > 12 {
			year, month = year+1, 1
		}
	}
}

func TestSAV_refuses_a_cell_that_is_no_value_and_does_not_repeat_it(t *testing.T) {
	v := formats.Variable{Name: "e_x", Question: "e_x", Type: formats.Code, Categories: []formats.Category{{Code: "a"}}}
	err := formats.SAV(&bytes.Buffer{}, formats.About{}, []formats.Variable{v}, [][]string{{"secret"}}, "de")
	if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "e_x") {
		t.Errorf("%v", err)
	}
}
