package storage

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"

	"rondo/storage/db"
)

// backupTables are what a backup holds, in an order in which the rows can be put
// back. Sessions, one-time links and failed sign-ins stay behind.
var backupTables = []string{
	"instance", "waves", "populations", "schedule", "message_texts", "participants", "nominations", "selections", "exclusions", "messages", "soft_returns", "taken_back", "suppressions", "panel",
	"windows", "drafts", "responses", "spent", "corrections", "snapshot_parts", "snapshots", "free_texts",
	"accounts", "journal", "release_parts", "releases", "settings", "published", "questionnaire_drafts",
	"nonresponse",
}

// tableSince names the migration that made a table, where it was not the first.
var tableSince = map[string]int64{"questionnaire_drafts": 2, "selections": 5, "exclusions": 5, "schedule": 6, "message_texts": 6, "soft_returns": 7, "nonresponse": 8, "free_texts": 9, "corrections": 10, "taken_back": 12}

// tablesOf are the tables that a backup of a schema holds, in order.
func tablesOf(schema int64) []string {
	return slices.DeleteFunc(slices.Clone(backupTables), func(table string) bool { return schema < tableSince[table] })
}

// backupLine is one line of a backup; exactly one of its parts is set.
type backupLine struct {
	Rondo   *backupHead `json:"rondo,omitempty"`
	Table   string      `json:"table,omitempty"` // the rows that follow are of this table,
	Columns []string    `json:"columns,omitempty"`
	Row     []cell      `json:"row,omitempty"`
	SHA256  string      `json:"sha256,omitempty"` // of all lines before, hex
}

type backupHead struct {
	Schema int64 `json:"schema"` // number of the newest migration
}

// cell is one value of a row; bytes are told from text by their own form.
type cell struct{ value any }

type bytesCell struct {
	Bytes []byte `json:"b"`
}

// MarshalJSON writes null, a number, true or false, a text, or {"b": base64}.
func (c cell) MarshalJSON() ([]byte, error) {
	if b, ok := c.value.([]byte); ok {
		return json.Marshal(bytesCell{b})
	}
	return json.Marshal(c.value)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *cell) UnmarshalJSON(text []byte) error {
	var err error
	switch {
	case text[0] == '{':
		var b bytesCell
		err = json.Unmarshal(text, &b)
		if b.Bytes == nil {
			b.Bytes = []byte{}
		}
		c.value = b.Bytes
	case text[0] == '-' || text[0] >= '0' && text[0] <= '9':
		var n int64
		err = json.Unmarshal(text, &n)
		c.value = n
	default:
		err = json.Unmarshal(text, &c.value)
	}
	return err
}

// Backup writes everything but the secret, as it is at one moment, while others
// go on working. Row order is that of the keys.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	version, err := s.DB.Version(ctx)
	if err != nil {
		return err
	}
	out := &backupWriter{to: bufio.NewWriterSize(w, 1<<16), sum: sha256.New()}
	err = s.DB.InSnapshot(ctx, func(tx *db.DB) error {
		if err := waitForMixing(ctx, tx); err != nil {
			return err
		}
		if err := out.line(backupLine{Rondo: &backupHead{version}}); err != nil {
			return err
		}
		for _, table := range backupTables {
			if err := out.table(ctx, tx, table); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
		return nil
	})
	if err == nil {
		err = out.line(backupLine{SHA256: hex.EncodeToString(out.sum.Sum(nil))})
	}
	if err == nil {
		err = out.to.Flush()
	}
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

// waitForMixing keeps mixing away while the backup reads, before its snapshot is taken: mixing
// empties tables in a way that an older snapshot sees at once.
func waitForMixing(ctx context.Context, tx *db.DB) error {
	if !tx.Postgres() {
		return nil
	}
	_, err := tx.Exec(ctx, "LOCK TABLE drafts, responses, spent IN ACCESS SHARE MODE") // takes no snapshot
	return err
}

type backupWriter struct {
	to  *bufio.Writer
	sum hash.Hash
}

func (b *backupWriter) line(l backupLine) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	text = append(text, '\n')
	b.sum.Write(text)
	_, err = b.to.Write(text)
	return err
}

func (b *backupWriter) table(ctx context.Context, tx *db.DB, table string) error {
	columns, err := tx.Columns(ctx, table)
	if err != nil {
		return err
	}
	if err := b.line(backupLine{Table: table, Columns: columns}); err != nil {
		return err
	}
	return tx.EachRow(ctx, table, columns, func(row []any) error {
		cells := make([]cell, len(row))
		for i, value := range row {
			cells[i].value = value
		}
		return b.line(backupLine{Row: cells})
	})
}

// Restore puts a backup into an empty database. What was still to be sent is unknown
// from then on, because it may have been sent since, and sending is paused. The secret the
// backup was made with must be in its file: ErrNoSecret, ErrWrongSecret.
// ErrNotEmpty when the database holds anything; ErrBackup when the backup is
// damaged, and then nothing is kept.
func Restore(ctx context.Context, address, secretFile string, r io.Reader) error {
	path, err := SecretPath(address, secretFile)
	if err != nil {
		return err
	}
	secret, err := loadSecret(path)
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, address)
	if err != nil {
		return err
	}
	defer d.Close()
	in := &backupReader{from: bufio.NewReaderSize(r, 1<<16), sum: sha256.New()}
	head, err := in.line()
	if err != nil {
		return err
	}
	if head.Rondo == nil {
		return ErrBackup
	}
	if err := d.MigrateTo(ctx, head.Rondo.Schema); err != nil {
		return err
	}
	err = d.InTx(ctx, func(tx *db.DB) error {
		if err := empty(ctx, tx, head.Rondo.Schema); err != nil {
			return err
		}
		if err := in.rows(ctx, tx, tablesOf(head.Rondo.Schema)); err != nil {
			return err
		}
		if err := checkSecret(ctx, tx, secret, path); err != nil {
			return err
		}
		who := newStore(tx, secret).Identity
		if err := who.DoubtMessages(ctx); err != nil {
			return err
		}
		if head.Rondo.Schema >= tableSince["schedule"] { // before, nothing was sent without a hand
			if err := who.HandSchedules(ctx); err != nil {
				return err
			}
		}
		return who.PauseAllMail(ctx)
	})
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	_, err = d.Migrate(ctx)
	return err
}

func empty(ctx context.Context, tx *db.DB, schema int64) error {
	for _, table := range tablesOf(schema) {
		n, err := tx.CountRows(ctx, table)
		if err != nil {
			return err
		}
		if n > 0 {
			return ErrNotEmpty
		}
	}
	return nil
}

type backupReader struct {
	from *bufio.Reader
	sum  hash.Hash
}

func (b *backupReader) line() (backupLine, error) {
	var l backupLine
	text, err := b.from.ReadBytes('\n')
	if err != nil {
		return l, ErrBackup // also at the end of the file: the last line is the sum
	}
	if err := json.Unmarshal(text, &l); err != nil {
		return l, ErrBackup
	}
	if l.SHA256 == "" {
		b.sum.Write(text)
	} else if l.SHA256 != hex.EncodeToString(b.sum.Sum(nil)) {
		return l, ErrBackup
	}
	return l, nil
}

// rows puts all rows of the tables back until the sum, which decides whether they count.
func (b *backupReader) rows(ctx context.Context, tx *db.DB, tables []string) error {
	var table backupLine
	next := 0
	for {
		l, err := b.line()
		switch {
		case err != nil:
			return err
		case l.SHA256 != "" && next == len(tables):
			return nil
		case l.Table != "":
			if next == len(tables) || l.Table != tables[next] {
				return ErrBackup
			}
			if err := sameColumns(ctx, tx, l); err != nil {
				return err
			}
			table, next = l, next+1
		case l.Row != nil && len(l.Row) == len(table.Columns):
			values := make([]any, len(l.Row))
			for i, c := range l.Row {
				values[i] = c.value
			}
			if err := tx.InsertRow(ctx, table.Table, table.Columns, values); errors.Is(err, ErrBusy) {
				return err // it is not the backup that is wrong where the disk is full
			} else if err != nil {
				return errors.Join(ErrBackup, err)
			}
		default:
			return ErrBackup
		}
	}
}

// sameColumns refuses a table whose columns are not those of the schema: their
// names become part of a statement.
func sameColumns(ctx context.Context, tx *db.DB, table backupLine) error {
	columns, err := tx.Columns(ctx, table.Table)
	if err == nil && !slices.Equal(slices.Sorted(slices.Values(columns)), slices.Sorted(slices.Values(table.Columns))) {
		err = ErrBackup
	}
	return err
}
