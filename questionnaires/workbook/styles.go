package workbook

import (
	"regexp"
	"strconv"
	"strings"
)

// aside is what stands in a format without being part of a date: words in quotation marks, single
// characters, colours and currencies. [h] and [mm], hours and minutes beyond a day, stay.
var aside = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]hmsHMS][^\]]*\]`)

// showsDate says whether a number in that format is shown as a date or a time. The numbers below
// 164 are those of formats that every spreadsheet has built in.
func showsDate(id int, format string) bool {
	switch {
	case format != "":
		return strings.ContainsAny(strings.ToLower(aside.ReplaceAllString(format, "")), "dmyhs")
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 45 && id <= 47, id >= 50 && id <= 58:
		return true
	}
	return false
}

// readStyles notes which styles of cells show a number as a date; nothing else of them matters.
func (r *reader) readStyles(from *entry) error {
	if from == nil {
		return nil
	}
	formats := map[int]string{}
	return r.each(from, func(e *element) error {
		id, err := strconv.Atoi(e.attribute("numFmtId"))
		switch {
		case err != nil:
			id = 0
		case e.name() == "numFmt":
			formats[id] = e.attribute("formatCode")
		}
		if e.name() == "xf" && e.parent() == "cellXfs" {
			r.dates = append(r.dates, showsDate(id, formats[id]))
		}
		return nil
	})
}
