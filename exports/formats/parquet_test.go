package formats

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"rondo/questionnaires"
)

func TestParquet_keeps_the_order_of_columns_and_says_why_a_cell_is_empty(t *testing.T) {
	about, variables, _ := small()
	variables = append(variables, Variable{Name: "a_day", Type: Day, Question: "a_day", Wording: words("Tag")})
	rows := [][]string{{"1", "-98", "-5", "ü", "2026-03-01"}, {"-91", "-98", "3.5", "-92", "-92"}, {"-92", "-98", "0", "=x", "1959-10-02"}}
	var one, two bytes.Buffer
	if err := errors.Join(Parquet(&one, about, variables, rows), Parquet(&two, about, variables, rows)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two files of the same data differ")
	}
	file, err := parquet.OpenFile(bytes.NewReader(one.Bytes()), int64(one.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range file.Schema().Fields() {
		names = append(names, f.Name())
	}
	text := "e_text_with_a_name_longer_than_thirty_two"
	if diff := cmp.Diff([]string{"e_scale", "e_scale__miss", "e_size", "e_n", text, text + "__miss", "a_day", "a_day__miss"}, names); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	got := make([]parquet.Row, 4)
	reader := file.RowGroups()[0].Rows()
	defer reader.Close()
	n, _ := reader.ReadRows(got)
	var cells []string
	for _, row := range got[:n] {
		var line []string
		for _, v := range row {
			line = append(line, v.String())
		}
		cells = append(cells, strings.Join(line, " "))
	}
	want := []string{"1 <null> <null> -5 ü <null> 20513 <null>", "<null> -91 <null> 3.5 <null> -92 <null> -92", "<null> -92 <null> 0 =x <null> -3744 <null>"}
	if diff := cmp.Diff(want, cells); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if by := file.Metadata().CreatedBy; by != "rondo version (build )" && by != "rondo" {
		t.Errorf("created by %q", by)
	}
	var said struct {
		Variables []struct {
			Name    string
			Label   questionnaires.Text
			Missing string `json:"missing_in_all_rows"`
		}
	}
	if raw, ok := file.Lookup("rondo"); !ok || json.Unmarshal([]byte(raw), &said) != nil || len(said.Variables) != 5 ||
		said.Variables[1].Missing != "-98" || said.Variables[1].Label.In("fr") != "Grösse fr" {
		t.Errorf("words: %+v", said)
	}
}

func TestParquet_writes_columns_for_no_rows(t *testing.T) {
	about, variables, _ := small()
	var out bytes.Buffer
	if err := Parquet(&out, about, variables, nil); err != nil {
		t.Fatal(err)
	}
	file, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil || file.NumRows() != 0 || len(file.Schema().Fields()) != len(variables) {
		t.Errorf("%v", err)
	}
}
