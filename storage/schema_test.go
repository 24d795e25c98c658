package storage_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rondo/storage"
	"rondo/storage/storagetest"
)

// answerSide is every column of the answer side, each with the reason why it
// tells neither who, nor when, nor in which order. A new one must be argued here.
var answerSide = map[string]string{
	"windows.wave_id":       "which run; the same for everybody",
	"windows.population":    "which of three; the same for everybody in it",
	"windows.promise":       "what everybody was promised",
	"windows.state":         "of the window, not of a person",
	"windows.opens":         "of the window, not of a person",
	"windows.closes":        "of the window, not of a person",
	"windows.questionnaire": "the same for everybody in it",
	"windows.hash":          "the same for everybody in it",
	"windows.answer_salt":   "one for all bodies; useless without the secret",
	"windows.mixed":         "how many markers there were at the last mixing",

	"drafts.id":         "a hash that only the holder of the secret can compute",
	"drafts.wave_id":    "which run",
	"drafts.population": "which of three",
	"drafts.revision":   "how many saves; the draft is gone when a response is there",
	"drafts.body":       "sealed and padded",

	"responses.id":         "random; of a confidential response a hash that needs the secret",
	"responses.wave_id":    "which run",
	"responses.population": "which of three",
	"responses.receipt":    "SHA-256 of a random receipt only the respondent has; erased at close",
	"responses.body":       "sealed and padded",

	"spent.marker":     "a hash that only the holder of the secret can compute",
	"spent.wave_id":    "which run",
	"spent.population": "which of three",

	"corrections.id":          "random",
	"corrections.wave_id":     "which run",
	"corrections.population":  "which of three",
	"corrections.slot":        "a keyed hash of a variable and a value, never of a response",
	"corrections.state":       "of the entry",
	"corrections.proposed_by": "a member of staff",
	"corrections.decided_by":  "a member of staff",
	"corrections.body":        "sealed and padded; a variable, a value and its correction, no response",

	"snapshots.id":         "random",
	"snapshots.wave_id":    "which run",
	"snapshots.population": "which of three",
	"snapshots.hash":       "over all responses in an order that their content decides",
	"snapshots.responses":  "how many",

	"snapshot_parts.snapshot_id": "random",
	"snapshot_parts.part":        "place in the snapshot, whose order content decides",
	"snapshot_parts.body":        "sealed",

	"free_texts.id":         "random",
	"free_texts.wave_id":    "which run",
	"free_texts.population": "which of three",
	"free_texts.variable":   "which question; how many typed something, not who",
	"free_texts.state":      "what staff did with it, months after",
	"free_texts.revision":   "how often staff changed it",
	"free_texts.body":       "sealed and padded",
}

var answerTables = []string{"windows", "drafts", "responses", "spent", "corrections", "snapshots", "snapshot_parts", "free_texts"}

func TestAnswerSideHasOnlyKnownColumns(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		seen := 0
		for _, table := range answerTables {
			columns, err := s.DB.Columns(t.Context(), table)
			if err != nil {
				t.Fatal(err)
			}
			for _, column := range columns {
				if answerSide[table+"."+column] == "" {
					t.Errorf("%s.%s is a new column of the answer side: say here why it tells nothing about a person", table, column)
				}
				seen++
			}
		}
		if seen != len(answerSide) {
			t.Errorf("%d columns are listed, %d are there", len(answerSide), seen)
		}
	})
}

func TestIdentitySideSaysNothingOfAnswers(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		for _, table := range []string{"participants", "nominations", "selections", "exclusions", "panel", "suppressions", "soft_returns"} {
			columns, err := s.DB.Columns(t.Context(), table)
			if err != nil {
				t.Fatal(err)
			}
			for _, column := range columns {
				for _, word := range []string{"_at", "time", "opened", "clicked", "progress", "answer", "draft", "response", "submitted", "created", "updated"} {
					if strings.Contains(column, word) {
						t.Errorf("%s.%s tells when or what somebody answered", table, column)
					}
				}
			}
		}
	})
}

func TestAnswerSideHasNoOrder(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		for _, table := range storagetest.Dump(t, s) {
			if slices.Contains(answerTables, table.Name) && slices.Contains(table.Columns, "rowid") {
				t.Errorf("%s has a rowid, which tells the order", table.Name)
			}
		}
		if !s.DB.Postgres() {
			return
		}
		for name, query := range map[string]string{
			"sequences":    "SELECT COUNT(*) FROM information_schema.sequences WHERE sequence_name NOT LIKE 'goose%'",
			"foreign keys": "SELECT COUNT(*) FROM pg_constraint WHERE contype = 'f' AND (conrelid::regclass::text IN ('windows','drafts','responses','spent','corrections','snapshots','snapshot_parts','free_texts') OR confrelid::regclass::text IN ('windows','drafts','responses','spent','corrections','snapshots','snapshot_parts','free_texts'))",
			"triggers":     "SELECT COUNT(*) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text IN ('windows','drafts','responses','spent')",
		} {
			var n int
			if err := s.DB.Conn().QueryRowContext(t.Context(), query).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s on the answer side: %d, %v", name, n, err)
			}
		}
	})
}

// column is what both dialects must agree on.
type column struct {
	Name, Kind string
	Null       bool
	Key        bool
}

func TestBothSchemasAreTheSame(t *testing.T) {
	lite, pg := storagetest.Open(t, "sqlite"), storagetest.Open(t, "postgres")
	fromLite := schema(t, lite, `SELECT m.name, c.name, lower(c.type), c."notnull" = 0, c.pk > 0
		FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid`)
	fromPG := schema(t, pg, `SELECT c.table_name::text, c.column_name::text, c.data_type::text, c.is_nullable = 'YES',
			EXISTS (SELECT 1 FROM information_schema.key_column_usage k JOIN information_schema.table_constraints tc USING (constraint_name, table_name)
				WHERE tc.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name AND k.column_name = c.column_name)
		FROM information_schema.columns c WHERE c.table_schema = 'public' ORDER BY c.table_name, c.ordinal_position`)
	if diff := cmp.Diff(fromLite, fromPG); diff != "" {
		t.Errorf("SQLite and PostgreSQL differ (-sqlite +postgres):\n%s", diff)
	}
	indexesLite := names(t, lite, `SELECT m.name || ': ' || group_concat(c.name, ', ') FROM sqlite_master m JOIN pragma_index_list(m.name) i ON i."unique" = 1 AND i.origin <> 'pk'
		JOIN pragma_index_info(i.name) c WHERE m.type = 'table' GROUP BY m.name, i.name ORDER BY 1`)
	indexesPG := names(t, pg, `SELECT i.indrelid::regclass::text || ': ' || string_agg(a.attname, ', ' ORDER BY array_position(i.indkey::int2[], a.attnum))
		FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[]) JOIN pg_class c ON c.oid = i.indrelid
		WHERE i.indisunique AND NOT i.indisprimary AND c.relnamespace = 'public'::regnamespace GROUP BY i.indexrelid, i.indrelid ORDER BY 1`)
	slices.Sort(indexesLite)
	slices.Sort(indexesPG)
	if diff := cmp.Diff(indexesLite, indexesPG); diff != "" {
		t.Errorf("unique columns differ (-sqlite +postgres):\n%s", diff)
	}
	triggersLite := names(t, lite, `SELECT name FROM sqlite_master WHERE type = 'trigger' AND name <> 'submission_arrives' ORDER BY name`) // PostgreSQL does that in one statement
	triggersPG := names(t, pg, "SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal AND tgname NOT LIKE '%_no_truncate' ORDER BY 1")
	if diff := cmp.Diff(triggersLite, triggersPG); diff != "" {
		t.Errorf("triggers differ (-sqlite +postgres):\n%s", diff)
	}
}

func schema(t *testing.T, s *storage.Store, query string) map[string][]column {
	t.Helper()
	rows, err := s.DB.Conn().QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	tables := map[string][]column{}
	for rows.Next() {
		var table string
		var c column
		if err := rows.Scan(&table, &c.Name, &c.Kind, &c.Null, &c.Key); err != nil {
			t.Fatal(err)
		}
		if table == "goose_db_version" {
			continue
		}
		c.Kind = strings.NewReplacer("bytea", "blob").Replace(c.Kind)
		tables[table] = append(tables[table], c)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return tables
}

func names(t *testing.T, s *storage.Store, query string) []string {
	t.Helper()
	rows, err := s.DB.Conn().QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
