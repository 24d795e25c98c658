package questionnaires

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// widest is where long lists are folded.
const widest = 110

// layout is a YAML document in the making.
type layout struct{ buf bytes.Buffer }

func (l *layout) bytes() []byte { return l.buf.Bytes() }

func (l *layout) comment(s string) { fmt.Fprintf(&l.buf, "# %s\n", s) }

func (l *layout) pair(indent int, key, value string) {
	fmt.Fprintf(&l.buf, "%s%s: %s\n", strings.Repeat(" ", indent), key, value)
}

// item begins an entry of a list: its first key stands beside the dash.
func (l *layout) item(indent int, key, value string) {
	fmt.Fprintf(&l.buf, "%s- %s: %s\n", strings.Repeat(" ", indent), key, value)
}

// heading begins a list or mapping of n entries; an empty list says so.
func (l *layout) heading(indent int, key string, n int) {
	empty := ""
	if n == 0 {
		empty = " []"
	}
	fmt.Fprintf(&l.buf, "%s%s:%s\n", strings.Repeat(" ", indent), key, empty)
}

// list writes a list of items that are YAML already: on one line or folded
// where they are plain, one for each line where one of them is a mapping.
func (l *layout) list(indent int, key string, items []string) {
	if len(items) == 0 {
		return
	}
	space := strings.Repeat(" ", indent)
	line := space + key + ": [" + strings.Join(items, ", ") + "]"
	if len(line) <= widest {
		l.buf.WriteString(line + "\n")
		return
	}
	if slices.ContainsFunc(items, func(s string) bool { return strings.HasPrefix(s, "{") }) {
		l.heading(indent, key, len(items))
		for _, item := range items {
			fmt.Fprintf(&l.buf, "%s  - %s\n", space, item)
		}
		return
	}
	line = space + key + ": ["
	for i, item := range items {
		if i < len(items)-1 {
			item += ","
		}
		if len(line)+1+len(item) > widest && i > 0 {
			l.buf.WriteString(line + "\n")
			line = space + "   "
		}
		if i > 0 {
			line += " "
		}
		line += item
	}
	l.buf.WriteString(line + "]\n")
}

var (
	bareForm  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	plainForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*([ ()=<>.*/+-]+[A-Za-z0-9_]+)*\)*$`)
	yamlWords = []string{"y", "n", "yes", "no", "true", "false", "on", "off", "null", "nan", "inf"}
	escapes   = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\u2028", `\L`, "\u2029", `\P`, "\ufeff", `\uFEFF`)
)

// asWord gives a code: bare where YAML takes it for a word, else in quotation marks.
func asWord(code string) string {
	if bareForm.MatchString(code) && !slices.Contains(yamlWords, strings.ToLower(code)) {
		return code
	}
	return inQuotes(code)
}

// plain gives a condition, formula or role: bare where that is safe, also within
// { }, else in the quotation marks that need no escapes.
func plain(s string) string {
	switch {
	case plainForm.MatchString(s) && quotedWord(s):
		return s
	case strings.ContainsAny(s, "'\n\t\u2028\u2029\ufeff") || strings.TrimSpace(s) != s || s == "":
		return inQuotes(s)
	}
	return "'" + s + "'"
}

func quotedWord(s string) bool { return !slices.Contains(yamlWords, strings.ToLower(s)) }

// inQuotes gives words in quotation marks.
func inQuotes(s string) string { return `"` + escapes.Replace(s) + `"` }
