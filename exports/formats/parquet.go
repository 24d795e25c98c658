package formats

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"

	"rondo/questionnaires"
)

// missSuffix names the column beside one that has several reasons for empty
// cells.
const missSuffix = "__miss"

// Parquet writes data as an Apache Parquet file, columns in the order of the
// CSV: whole numbers for codes that are numbers, else text; a cell without an
// answer is null. Where its reason is not the same in all rows, the column
// beside it, name__miss, holds the missing code, null where there is an answer;
// where it is the same in all rows it stands in the metadata. These, under the
// key rondo, hold the words of variables and values in all languages. Pages are
// not compressed: compressors differ between machines, and the bundle is.
func Parquet(w io.Writer, about About, variables []Variable, rows [][]string) error {
	columns := columnsOf(variables, rows)
	words, err := parquetWords(about, columns)
	if err != nil {
		return err
	}
	schema := parquet.NewSchema("rondo", ordered(columns))
	pw := parquet.NewWriter(w, schema, parquet.CreatedBy("rondo", "", ""), parquet.KeyValueMetadata("rondo", words), parquet.Compression(&parquet.Uncompressed))
	batch := make([]parquet.Row, 0, 256)
	for r, row := range rows {
		line := make(parquet.Row, 0, len(columns))
		for i, c := range columns {
			v, err := c.value(row[c.at])
			if err != nil {
				return fmt.Errorf("write Parquet file: %w", err)
			}
			level := 0
			if c.optional && !v.IsNull() {
				level = 1
			}
			line = append(line, v.Level(0, level, i))
		}
		if batch = append(batch, line); len(batch) == cap(batch) || r == len(rows)-1 {
			if _, err := pw.WriteRows(batch); err != nil {
				return fmt.Errorf("write Parquet file: %w", err)
			}
			batch = batch[:0]
		}
	}
	if err := pw.Close(); err != nil {
		return fmt.Errorf("write Parquet file: %w", err)
	}
	return nil
}

// parquetColumn is one column of the file: the answers of a variable or the
// reasons for their absence.
type parquetColumn struct {
	parquet.Node
	variable Variable
	name     string
	at       int // column of the CSV
	optional bool
	reasons  bool
	all      string // the reason of all rows
}

func columnsOf(variables []Variable, rows [][]string) []parquetColumn {
	var out []parquetColumn
	for j, v := range variables {
		answers, reasons, last := 0, 0, ""
		same := true
		for _, row := range rows {
			if !v.Reason(row[j]) {
				answers++
				continue
			}
			same = same && (reasons == 0 || row[j] == last)
			last = row[j]
			reasons++
		}
		c := parquetColumn{variable: v, name: v.Name, at: j, optional: v.Reasons() != nil, Node: v.node()}
		if c.optional {
			c.Node = parquet.Optional(c.Node)
		}
		if reasons > 0 && answers == 0 && same {
			c.all = last
		}
		out = append(out, c)
		if reasons > 0 && c.all == "" {
			out = append(out, parquetColumn{variable: v, name: v.Name + missSuffix, at: j, optional: true, reasons: true, Node: parquet.Optional(parquet.Int(32))})
		}
	}
	return out
}

// whole says whether all values of a variable are whole numbers by definition.
func (v Variable) whole() bool {
	if v.Type == Number || !v.Numeric() {
		return false
	}
	for _, c := range v.Categories {
		if _, err := strconv.ParseInt(c.Code, 10, 32); err != nil {
			return false
		}
	}
	return true
}

func (v Variable) node() parquet.Node {
	switch {
	case v.Type == Day:
		return parquet.Date()
	case v.whole():
		return parquet.Int(32)
	case v.Numeric():
		return parquet.Leaf(parquet.DoubleType)
	}
	return parquet.String()
}

// value is a cell as the file keeps it.
func (c parquetColumn) value(cell string) (parquet.Value, error) {
	reason := c.variable.Reason(cell)
	if reason != c.reasons {
		return parquet.NullValue(), nil
	}
	switch v := c.variable; {
	case c.reasons || v.whole():
		if x, err := strconv.ParseInt(cell, 10, 32); err == nil {
			return parquet.Int32Value(int32(x)), nil
		}
	case v.Type == Day:
		if day, err := time.Parse(time.DateOnly, cell); err == nil {
			return parquet.Int32Value(int32(day.Unix() / 86_400)), nil
		}
	case v.Numeric():
		if x, err := strconv.ParseFloat(cell, 64); err == nil && plainNumber(cell) {
			return parquet.DoubleValue(x), nil
		}
	default:
		return parquet.ByteArrayValue([]byte(cell)), nil
	}
	return parquet.Value{}, fmt.Errorf("a cell of %s is neither a value of it nor a missing code", c.variable.Name)
}

// inOrder is a group whose fields stay in the order given; that of the library
// sorts them by name.
type inOrder struct {
	parquet.Group
	fields []parquet.Field
}

// Fields are the columns.
func (g inOrder) Fields() []parquet.Field { return g.fields }

func ordered(columns []parquetColumn) parquet.Node {
	g := inOrder{Group: parquet.Group{}}
	for _, c := range columns {
		g.Group[c.name] = c.Node
	}
	sorted := map[string]parquet.Field{}
	for _, f := range g.Group.Fields() {
		sorted[f.Name()] = f
	}
	for _, c := range columns {
		g.fields = append(g.fields, sorted[c.name])
	}
	return g
}

func parquetWords(about About, columns []parquetColumn) (string, error) {
	type value struct {
		Code  string              `json:"code"`
		Label questionnaires.Text `json:"label"`
	}
	type variable struct {
		Name    string              `json:"name"`
		Label   questionnaires.Text `json:"label"`
		Values  []value             `json:"values,omitempty"`
		Missing string              `json:"missing_in_all_rows,omitempty"`
	}
	about.Title = questionnaires.Text{"de": about.Heading("de"), "fr": about.Heading("fr"), "it": about.Heading("it"), "en": about.Heading("en")}
	words := struct {
		Title     questionnaires.Text `json:"title"`
		Profile   questionnaires.Text `json:"profile"`
		Missing   []value             `json:"missing_codes"`
		Variables []variable          `json:"variables"`
	}{Title: about.Title, Profile: about.Label}
	for _, m := range Missing {
		words.Missing = append(words.Missing, value(m))
	}
	for _, c := range columns {
		if c.reasons {
			continue
		}
		v := variable{Name: c.name, Label: questionnaires.Text{}, Missing: c.all}
		for _, lang := range questionnaires.Languages {
			v.Label[lang] = c.variable.Label(lang)
		}
		for _, category := range c.variable.Categories {
			v.Values = append(v.Values, value(category))
		}
		words.Variables = append(words.Variables, v)
	}
	out, err := json.Marshal(words)
	if err != nil {
		return "", fmt.Errorf("write Parquet file: %w", err)
	}
	return string(out), nil
}
