package identity

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"rondo/storage/db"
)

// stamp reads unix seconds.
type stamp struct{ into *time.Time }

// Scan implements sql.Scanner.
func (s stamp) Scan(value any) error {
	n, ok := value.(int64)
	if !ok {
		return fmt.Errorf("%T is no unix seconds", value)
	}
	*s.into = db.FromSeconds(n)
	return nil
}

// number reads an int, which database/sql would write out as digits and read again.
type number struct{ into *int }

// Scan implements sql.Scanner.
func (n number) Scan(value any) error {
	v, ok := value.(int64)
	if !ok {
		return fmt.Errorf("%T is no number", value)
	}
	*n.into = int(v)
	return nil
}

// text reads a text of a row that may be missing; then it is empty.
type text struct{ into *string }

// Scan implements sql.Scanner.
func (t text) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*t.into = ""
	case string:
		*t.into = v
	case []byte:
		*t.into = string(v)
	default:
		return fmt.Errorf("%T is no text", value)
	}
	return nil
}

// pairs reads a JSON object of texts; of a row that is missing it is nil.
type pairs struct{ into *map[string]string }

// Scan implements sql.Scanner.
func (p pairs) Scan(value any) error {
	var raw []byte
	switch v := value.(type) {
	case nil:
		*p.into = nil
		return nil
	case string:
		raw = []byte(v)
	case []byte:
		raw = v
	default:
		return fmt.Errorf("%T is no JSON", value)
	}
	read, ok := plainPairs(raw)
	if !ok {
		if err := json.Unmarshal(raw, &read); err != nil {
			return err
		}
	}
	*p.into = read
	return nil
}

// plainPairs reads an object as we write nearly all of them: without spaces and escapes. For
// anything else ok is false, and encoding/json, which takes ten times as long, has to read it.
func plainPairs(raw []byte) (read map[string]string, ok bool) {
	if len(raw) < 2 || raw[0] != '{' || raw[len(raw)-1] != '}' || !utf8.Valid(raw) {
		return nil, false
	}
	rest := raw[1 : len(raw)-1]
	read = make(map[string]string, bytes.Count(rest, []byte(`":"`)))
	for len(rest) > 0 {
		var key, value string
		if key, rest, ok = plainText(rest); !ok || len(rest) == 0 || rest[0] != ':' {
			return nil, false
		}
		if value, rest, ok = plainText(rest[1:]); !ok {
			return nil, false
		}
		read[key] = value
		if len(rest) == 0 {
			break
		}
		if rest[0] != ',' || len(rest) == 1 {
			return nil, false
		}
		rest = rest[1:]
	}
	return read, true
}

// plainText takes a text in quotes off the front of raw, if it has no escapes.
func plainText(raw []byte) (text string, rest []byte, ok bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", nil, false
	}
	for i := 1; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '"':
			return string(raw[1:i]), raw[i+1:], true
		case c == '\\' || c < ' ':
			return "", nil, false
		}
	}
	return "", nil, false
}
