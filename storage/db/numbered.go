package db

import (
	"strconv"
	"strings"
	"sync"
)

// numberings keeps statements as PostgreSQL wants them.
var numberings sync.Map

// numbered gives a statement with ? parameters as the dialect wants it: $1, $2, …
// on PostgreSQL. No statement of ours has a ? elsewhere.
func (d *DB) numbered(query string) string {
	if !d.Postgres() || !strings.Contains(query, "?") {
		return query
	}
	if known, ok := numberings.Load(query); ok {
		return known.(string)
	}
	var b strings.Builder
	for i, part := range strings.Split(query, "?") {
		if i > 0 {
			b.WriteString("$" + strconv.Itoa(i))
		}
		b.WriteString(part)
	}
	numberings.Store(query, b.String())
	return b.String()
}
