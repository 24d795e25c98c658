package workbook

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readTexts reads the texts that cells share: each once, however many cells show it.
func (r *reader) readTexts(from *entry) error {
	if from == nil {
		return nil
	}
	var text strings.Builder
	return r.walk(from, func(p *part, t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "si" {
				text.Reset()
			}
		case xml.CharData:
			if p.in() == "t" && !p.within("rPh") {
				text.Write(t)
			}
		case xml.EndElement:
			if t.Name.Local == "si" {
				r.shared = append(r.shared, unescape(text.String()))
			}
		}
		if text.Len() > longestToken {
			return refuse(from.name, 0, TooLarge, "a text has more than %d characters, more than a cell can hold", LongestText)
		}
		return nil
	})
}

var escape = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape gives a text with the characters that XML cannot hold and a spreadsheet spells _x000D_.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escape.ReplaceAllStringFunc(s, func(code string) string {
		n, err := strconv.ParseUint(code[2:6], 16, 16)
		if err != nil || !utf8.ValidRune(rune(n)) {
			return code
		}
		return string(rune(n))
	})
}
