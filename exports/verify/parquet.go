package verify

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
)

// checkParquet compares the Parquet file with the data, cell by cell. The
// library may panic on a damaged file, which is an error here.
func (d table) checkParquet(body []byte, say func(string, ...any)) (err error) {
	defer func() {
		if recover() != nil {
			err = errParquet
		}
	}()
	file, err := parquet.OpenFile(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return errParquet
	}
	if by := file.Metadata().CreatedBy; !strings.HasPrefix(by, "rondo") || strings.ContainsAny(by, "@/0123456789") {
		say("the Parquet file says more than rondo about who wrote it")
	}
	answers, reasons := d.places(file.Schema().Fields())
	if answers == nil || file.NumRows() != int64(len(d.rows)) {
		say("the Parquet file has another shape than the data")
		return nil
	}
	r := 0
	for _, group := range file.RowGroups() {
		rows := group.Rows()
		defer rows.Close()
		batch := make([]parquet.Row, 128)
		for {
			n, err := rows.ReadRows(batch)
			for _, row := range batch[:n] {
				if r >= len(d.rows) || !d.agrees(row, answers, reasons, d.rows[r], say) {
					return nil
				}
				r++
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || n == 0 {
				return errParquet
			}
		}
	}
	if r != len(d.rows) {
		return errParquet
	}
	return nil
}

// places finds for each column of the data its column in the file and the one
// with its missing codes, -1 where there is none; nil where the columns are others.
func (d table) places(fields []parquet.Field) (answers, reasons []int) {
	at := 0
	for _, name := range d.names {
		if at >= len(fields) || fields[at].Name() != name {
			return nil, nil
		}
		answers, reasons = append(answers, at), append(reasons, -1)
		if at++; at < len(fields) && fields[at].Name() == name+"__miss" {
			reasons[len(reasons)-1] = at
			at++
		}
	}
	if at != len(fields) {
		return nil, nil
	}
	return answers, reasons
}

// agrees compares a row. Where a column has no second one, an empty cell may
// stand for any one missing code.
func (d table) agrees(row parquet.Row, answers, reasons []int, want []string, say func(string, ...any)) bool {
	for j, name := range d.names {
		cell, v := want[j], row[answers[j]]
		gap := d.book[name] != nil && d.book[name].gaps && reason(cell)
		fits := v.IsNull() == gap
		if fits && !gap {
			fits = d.printed(name, v) == cell
		}
		if i := reasons[j]; fits && i >= 0 {
			fits = row[i].IsNull() == !gap && (!gap || strconv.Itoa(int(row[i].Int32())) == cell)
		}
		if !fits {
			say("the Parquet file differs from the data in %s", name)
			return false
		}
	}
	return true
}

// printed is a value as the data file shows it.
func (d table) printed(name string, v parquet.Value) string {
	switch v.Kind() {
	case parquet.Int32:
		if e := d.book[name]; e != nil && e.kind == "date" {
			return time.Unix(int64(v.Int32())*86_400, 0).UTC().Format(time.DateOnly)
		}
		return strconv.Itoa(int(v.Int32()))
	case parquet.Double:
		return shown(v.Double())
	}
	return string(v.ByteArray())
}
