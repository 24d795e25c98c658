package formats

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"rondo/questionnaires"
	"rondo/questionnaires/boundtest"
)

func words(s string) questionnaires.Text {
	return questionnaires.Text{"de": s + " de", "fr": s + " fr", "it": s + " it", "en": s + " en"}
}

// small is a file with one variable of each kind that behaves differently.
func small() (About, []Variable, [][]string) {
	about := About{Wave: "2026", Population: "employer", Profile: "internal", Label: words("label"), Title: words("Titel"), Questionnaire: "employer/9", Records: 2}
	scale := []Category{{"1", words("gar nicht")}, {"2", words("sehr")}}
	sizes := []Category{{"1-9", words("1 bis 9")}, {"10-49", words("10 bis 49")}}
	variables := []Variable{
		{Name: "e_scale", Type: Code, Question: "e_scale", Wording: words("Wie \"gut\"?"), Categories: scale, Role: "plain", Treatment: "open", Valid: "1"},
		{Name: "e_size", Type: Code, Question: "e_size", Wording: words("Grösse"), Categories: sizes, Role: "qi(size)", Treatment: "coarse", Valid: "2"},
		{Name: "e_n", Type: Number, Question: "e_n", Wording: words("Zahl"), Role: "plain", Treatment: "open", Valid: "2"},
		{Name: "e_text_with_a_name_longer_than_thirty_two", Type: Words, Question: "e_text", Wording: words("Text"), Role: "freetext", Treatment: "open", Valid: "2"},
	}
	rows := [][]string{{"1", "1-9", "-5", "=1+1; \"ä\""}, {"-91", "10-49", "3.5", "@x"}}
	return about, variables, rows
}

func TestCSV_writes_codes_as_they_are(t *testing.T) {
	_, variables, rows := small()
	var out bytes.Buffer
	if err := CSV(&out, variables, rows); err != nil {
		t.Fatal(err)
	}
	want := "e_scale,e_size,e_n,e_text_with_a_name_longer_than_thirty_two\n1,1-9,-5,\"=1+1; \"\"ä\"\"\"\n-91,10-49,3.5,@x\n"
	if out.String() != want {
		t.Errorf("got\n%q\nwant\n%q", out.String(), want)
	}
}

func TestExcelCSV_neutralises_text_and_leaves_numbers(t *testing.T) {
	_, variables, rows := small()
	var out bytes.Buffer
	if err := ExcelCSV(&out, variables, rows); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffe_scale;e_size;e_n;e_text_with_a_name_longer_than_thirty_two\r\n1;1-9;-5;\"'=1+1; \"\"ä\"\"\"\r\n-91;10-49;3.5;'@x\r\n"
	if out.String() != want {
		t.Errorf("got\n%q\nwant\n%q", out.String(), want)
	}
}

func TestRisky_knows_what_a_spreadsheet_runs(t *testing.T) {
	for cell, want := range map[string]bool{
		"": false, "a": false, "-5": false, "-5.25": false, "-91": false, "1-9": false, "10-49": false,
		"=1+1": true, "+a": true, "+41": true, "-a": true, "@x": true, "\tx": true, "\rx": true, "\nx": true, "\x00x": true,
		"＝1": true, "＋1": true, "－1": true, "＠x": true, " =1": true, "\u200b=1": true, "\u202e=1": true, "-1e5": true, "-": true, "'=1": false,
	} {
		if got := Risky(cell); got != want {
			t.Errorf("Risky(%q) = %v, want %v", cell, got, want)
		}
	}
}

func FuzzExcelCSV(f *testing.F) {
	for _, seed := range []string{"=1", "a;b", "\"", "-5", "\r\n", " \t=x", "＝"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		var out bytes.Buffer
		boundtest.Quick(t, func() {
			out.Reset()
			if err := ExcelCSV(&out, []Variable{{Name: "x", Type: Words}, {Name: "y", Type: Words}}, [][]string{{cell, "end"}}); err != nil {
				t.Fatal(err)
			}
		})
		cr := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff")))
		cr.Comma = ';'
		lines, err := cr.ReadAll()
		if err != nil || len(lines) != 2 || lines[1][1] != "end" {
			t.Fatalf("%q: %v %q", cell, err, lines)
		}
		if Risky(lines[1][0]) {
			t.Fatalf("%q went out as %q", cell, lines[1][0])
		}
	})
}

func TestXLSX_holds_numbers_and_texts_and_the_same_bytes_again(t *testing.T) {
	about, variables, rows := small()
	var one, two bytes.Buffer
	if err := errors.Join(XLSX(&one, about, variables, rows), XLSX(&two, about, variables, rows)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two workbooks of the same data differ")
	}
	book, err := excelize.OpenReader(&one)
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{"A2": "1", "A3": "-91", "B2": "1-9", "C2": "-5", "C3": "3.5", "D2": `=1+1; "ä"`} {
		if got, _ := book.GetCellValue("employer", cell); got != want {
			t.Errorf("%s is %q, want %q", cell, got, want)
		}
		if formula, _ := book.GetCellFormula("employer", cell); formula != "" {
			t.Errorf("%s is the formula %q", cell, formula)
		}
	}
	if sheets := strings.Join(book.GetSheetList(), " "); sheets != "employer labels codebook" {
		t.Errorf("sheets %s", sheets)
	}
	for sheet, want := range map[string]string{"labels": "1 bis 9 de", "codebook": "Grösse fr"} {
		rows, err := book.GetRows(sheet)
		if err != nil || !strings.Contains(fmt.Sprint(rows), want) {
			t.Errorf("the sheet %s lacks %q: %v", sheet, want, err)
		}
	}
	for cell, want := range map[string]excelize.CellType{"C2": excelize.CellTypeUnset, "A3": excelize.CellTypeUnset, "B2": excelize.CellTypeInlineString} {
		if got, _ := book.GetCellType("employer", cell); got != want {
			t.Errorf("%s has type %v, want %v", cell, got, want)
		}
	}
}

func TestSyntax_carries_labels_and_missing_codes(t *testing.T) {
	about, variables, _ := small()
	for name, c := range map[string]struct {
		script []byte
		want   []string
	}{
		"R":     {R(about, variables, "de"), []string{`read.csv("../data/employer.csv"`, `"Wie \"gut\"? de", c("1", "2"), c("gar nicht de", "sehr de")`, `"-91" = "nicht gefragt (Filter)"`, "number = TRUE"}},
		"SPSS":  {SPSS(about, variables, "fr"), []string{"RECODE @raw2\n  ('1-9'=1)\n  ('10-49'=2)", "VARIABLE LABELS e_size\n  'Grösse fr'.", "MISSING VALUES e_n (-99 THRU -90).", "-97 'regroupé car rare'"}},
		"Stata": {Stata(about, variables, "it"), []string{"replace e_n = .a if _raw3 == \"-90\"", "label define l2 2 `\"10 bis 49 it\"', add", "e_text_with_a_name_longer"}},
	} {
		for _, want := range c.want {
			if !strings.Contains(string(c.script), want) {
				t.Errorf("%s lacks %q:\n%s", name, want, c.script)
			}
		}
	}
	if n := StataNames(variables)[3]; len(n) != 32 || n == StataNames([]Variable{{Name: variables[3].Name + "x"}})[0] {
		t.Errorf("short name %q", n)
	}
}

func TestCodebooks_show_wording_values_and_missing_codes_in_each_language(t *testing.T) {
	about, variables, _ := small()
	for _, lang := range questionnaires.Languages {
		page, err := CodebookHTML(about, variables, lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`<html lang="` + lang + `">`, "Wie &#34;gut&#34;? " + lang, "10 bis 49 " + lang, Missing[1].Label.In(lang)} {
			if !strings.Contains(string(page), want) {
				t.Errorf("%s lacks %q", lang, want)
			}
		}
	}
	list, err := CodebookCSV(variables)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(list)).ReadAll()
	if err != nil || len(lines) != 1+12+12+11+11 {
		t.Errorf("%d lines, %v", len(lines), err)
	}
}

func TestDDI_is_well_formed_with_each_variable_once(t *testing.T) {
	about, variables, _ := small()
	body, err := DDI(about, variables)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	dec := xml.NewDecoder(bytes.NewReader(body))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			seen[start.Name.Local]++
			if start.Name.Space != "ddi:codebook:2_5" {
				t.Fatalf("%s stands in the namespace %q", start.Name.Local, start.Name.Space)
			}
		}
	}
	if seen["var"] != len(variables) || seen["titl"] != 1 || seen["parTitl"] != 3 || seen["catgry"] != 2+2+4*10 {
		t.Errorf("%v", seen)
	}
}

func TestMissing_codes_and_marks_have_words_in_every_language(t *testing.T) {
	texts := []questionnaires.Text{Mark}
	for _, m := range Missing {
		texts = append(texts, m.Label)
	}
	for _, h := range headings {
		texts = append(texts, h)
	}
	for _, text := range texts {
		for _, lang := range questionnaires.Languages {
			if text[lang] == "" {
				t.Errorf("%v has no words in %s", text, lang)
			}
		}
	}
}
