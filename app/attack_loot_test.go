package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rondo/storage"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

// loot is what the attacker of ANON-07 holds: every table with what the database notes about
// its rows, the bytes on disk, who the invited are, and perhaps the master secret.
type loot struct {
	tables   []storagetest.Table
	raw      []byte
	names    map[string]string   // what stands for a participant in some row → its id
	known    map[string][]string // by participant: everything a submitted row could be a trace of
	expected map[string]int      // by participant: bytes of the answers, which a good acquaintance can guess
}

// plunder takes a dump. It cannot see inside what is sealed.
func plunder(t *testing.T, s *storage.Store, expected map[string]int) loot {
	t.Helper()
	l := loot{tables: storagetest.Dump(t, s), raw: storagetest.RawBytes(t, s), expected: expected, names: map[string]string{}, known: map[string][]string{}}
	for _, table := range l.tables {
		if table.Name != "participants" {
			continue
		}
		for _, row := range table.Rows {
			id := text(row[slices.Index(table.Columns, "id")])
			if row[slices.Index(table.Columns, "population")] != "employer" {
				continue
			}
			for _, column := range []string{"id", "code", "email", "colleague", "token_hash"} {
				l.names[text(row[slices.Index(table.Columns, column)])] = id
			}
		}
	}
	delete(l.names, "")
	for _, table := range l.tables {
		for _, row := range table.Rows {
			if id := l.owner(table, row); id != "" {
				for _, value := range row {
					l.known[id] = append(l.known[id], text(value))
				}
			}
		}
	}
	return l
}

// withSecret adds all that the master secret and a link salt tell about each participant.
func (l loot) withSecret(secret keys.Secret, salt []byte) loot {
	l.known = cloneLists(l.known)
	names := map[string]string{}
	for name, id := range l.names {
		names[name] = id
	}
	for id := range l.known {
		key, wish := secret.DraftKey(salt, id), secret.DraftKey(salt, "panel "+id)
		link, passed := secret.Link(salt, id, 0), secret.Link(salt, id, 1)
		names[string(key.Spent())], names[string(key.ID())], names[string(wish.ID())] = id, id, id
		l.known[id] = append(l.known[id], string(key[:]), string(key.Spent()), string(key.ID()), key.ResponseID(), link, passed, string(keys.HashToken(link)), string(keys.HashToken(passed)), secret.Stop(id))
	}
	l.names = names
	return l
}

func cloneLists(m map[string][]string) map[string][]string {
	out := map[string][]string{}
	for k, v := range m {
		out[k] = slices.Clone(v)
	}
	return out
}

// text is a value as bytes; a number or a flag is "".
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

// owner is the participant a row is about, or "".
func (l loot) owner(table storagetest.Table, row []any) string {
	if table.Name == "responses" {
		return ""
	}
	for _, value := range row {
		if id, ok := l.names[text(value)]; ok {
			return id
		}
	}
	return ""
}

// table finds a table.
func (l loot) table(name string) storagetest.Table {
	i := slices.IndexFunc(l.tables, func(t storagetest.Table) bool { return t.Name == name })
	return l.tables[i]
}

// traces are the beginnings of all that could have been made of a value: itself, its hash.
func traces(value string) []string {
	if len(value) < 8 {
		return nil
	}
	sum := sha256.Sum256([]byte(value))
	var out []string
	for _, b := range [][]byte{[]byte(value), sum[:]} {
		base := strings.ToLower(base32.StdEncoding.EncodeToString(b[:8]))
		out = append(out, string(b[:8]), hex.EncodeToString(b[:4]), base[:8])
	}
	return out
}

// byTraces pairs whoever shares a trace with exactly one response.
func (l loot) byTraces() pairs {
	found := map[string][]string{} // trace → response ids
	responses := l.table("responses")
	for _, row := range responses.Rows {
		id := text(row[slices.Index(responses.Columns, "id")])
		for _, value := range row {
			for _, trace := range traces(text(value)) {
				if !slices.Contains(found[trace], id) {
					found[trace] = append(found[trace], id)
				}
			}
		}
	}
	out := pairs{}
	for id, values := range l.known {
		for _, value := range values {
			for _, trace := range traces(value) {
				if len(found[trace]) == 1 {
					out[id] = found[trace][0]
				}
			}
		}
	}
	return out
}

// offsets finds where each of the values lies on disk for the first and the last time.
func offsets(raw []byte, values []string) (first, last map[string]int) {
	first, last = map[string]int{}, map[string]int{}
	begins := map[uint64][]string{}
	var maybe [1 << 16]bool
	for _, v := range values {
		if len(v) >= 8 {
			begin := binary.BigEndian.Uint64([]byte(v[:8]))
			begins[begin] = append(begins[begin], v)
			maybe[begin>>48] = true
		}
	}
	for i := 0; i+8 <= len(raw); i++ {
		if !maybe[uint16(raw[i])<<8|uint16(raw[i+1])] {
			continue
		}
		for _, v := range begins[binary.BigEndian.Uint64(raw[i:])] {
			if bytes.HasPrefix(raw[i:], []byte(v)) {
				if _, again := first[v]; !again {
					first[v] = i
				}
				last[v] = i
			}
		}
	}
	return first, last
}

// String keeps a failed test short.
func (l loot) String() string { return fmt.Sprintf("%d tables, %d bytes", len(l.tables), len(l.raw)) }
