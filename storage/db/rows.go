package db

import (
	"context"
	"errors"
	"strings"
)

// Columns gives the names of a table's columns, as they stand in the schema.
// table is a name of ours, never one from outside.
func (d *DB) Columns(ctx context.Context, table string) ([]string, error) {
	rows, err := d.Gorm(ctx).Raw("SELECT * FROM " + table + " LIMIT 0").Rows()
	if err != nil {
		return nil, Refusal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	return columns, errors.Join(err, rows.Err())
}

// EachRow calls do with every row of a table in the order of its first two
// columns; table and columns are those of the schema. Values are nil, int64,
// bool, string or []byte on both databases.
func (d *DB) EachRow(ctx context.Context, table string, columns []string, do func(row []any) error) error {
	query := "SELECT " + strings.Join(columns, ", ") + " FROM " + table + " ORDER BY 1, 2"
	rows, err := d.Gorm(ctx).Raw(query).Rows()
	if err != nil {
		return Refusal(err)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return Refusal(err)
	}
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return Refusal(err)
		}
		for i, value := range row {
			if n, ok := value.(int64); ok && types[i].DatabaseTypeName() == "BOOLEAN" {
				row[i] = n != 0 // SQLite keeps numbers
			}
		}
		if err := do(row); err != nil {
			return err
		}
	}
	return Refusal(rows.Err())
}

// CountRows counts the rows of a table of the schema.
func (d *DB) CountRows(ctx context.Context, table string) (int64, error) {
	return One[int64](ctx, d, "SELECT COUNT(*) FROM "+table)
}

// InsertRow puts one row into a table; table and columns are those of the schema.
func (d *DB) InsertRow(ctx context.Context, table string, columns []string, values []any) error {
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ")
	_, err := d.Exec(ctx, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES ("+marks+")", values...)
	return err
}
