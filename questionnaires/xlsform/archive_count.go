package xlsform

import (
	"bytes"
	"fmt"
)

// counter is where an entry of the archive is unpacked to: it keeps nothing, but
// stops at XML that no workbook of a questionnaire has. It looks at bytes only,
// so it is fast; the real parser sees nothing it has not seen.
type counter struct {
	xml      bool
	macros   bool // the part names the content type of a workbook with macros
	elements int
	rows     int
	depth    int
	tail     []byte // the end of what came before, for words across two pieces
	rule     string
	err      error
}

var (
	macroType = []byte("macroenabled")
	rowTag    = []byte("<row")
	entityTag = []byte("<!ENTITY")
	docType   = []byte("<!DOCTYPE")
)

func (c *counter) Write(p []byte) (int, error) {
	if !c.xml {
		return len(p), nil
	}
	joined := append(c.tail, p...)
	fresh := len(c.tail)
	c.look(joined, fresh)
	c.tail = append([]byte(nil), joined[max(0, len(joined)-16):]...)
	if c.err != nil {
		return 0, c.err
	}
	return len(p), nil
}

func (c *counter) look(b []byte, fresh int) {
	from := max(0, fresh-len(macroType)+1)
	c.macros = c.macros || bytes.Contains(bytes.ToLower(b[from:]), macroType)
	c.rows += bytes.Count(b[max(0, fresh-len(rowTag)+1):], rowTag)
	c.elements += bytes.Count(b[fresh:], []byte{'<'})
	if bytes.Contains(b[max(0, fresh-len(docType)+1):], docType) || bytes.Contains(b[max(0, fresh-len(entityTag)+1):], entityTag) {
		c.stop("no_workbook", "the part defines entities of its own")
	}
	for i := max(fresh, 1); i < len(b); i++ {
		switch {
		case b[i-1] == '<' && b[i] == '/':
			c.depth--
		case b[i-1] == '<' && b[i] != '!' && b[i] != '?':
			c.depth++
		case b[i-1] == '/' && b[i] == '>':
			c.depth--
		}
		if c.depth > deepestXML {
			c.stop("no_workbook", "the part is nested too deeply")
			return
		}
	}
	if c.rows > mostRows {
		c.stop("too_many_rows", "the sheet has more than %d rows; delete the empty ones below the table", mostRows)
	}
	if c.elements > mostElements {
		c.stop("too_large", "the part has more than %d elements", mostElements)
	}
}

func (c *counter) stop(rule, format string, args ...any) {
	if c.err == nil {
		c.rule, c.err = rule, fmt.Errorf(format, args...)
	}
}
