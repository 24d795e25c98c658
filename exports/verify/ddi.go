package verify

import "encoding/xml"

// ddiBook is what the XML codebook counts.
type ddiBook struct {
	Variables []struct {
		Name       string `xml:"name,attr"`
		Valid      string `xml:"sumStat"`
		Categories []struct {
			Value string `xml:"catValu"`
			Count string `xml:"catStat"`
		} `xml:"catgry"`
	} `xml:"dataDscr>var"`
}

// checkDDI compares every variable, value and count of the XML codebook with the one in CSV, which is
// compared with the data: a count that is hidden there must not show here.
func (d table) checkDDI(body []byte, say func(string, ...any)) {
	const name = "codebook/ddi-codebook-2.5.xml"
	var book ddiBook
	if err := xml.Unmarshal(body, &book); err != nil || len(book.Variables) != len(d.names) {
		say("%s does not describe the columns of the data", name)
		return
	}
	for j, v := range book.Variables {
		e := d.book[d.names[j]]
		if e == nil || v.Name != d.names[j] {
			say("%s does not describe the columns of the data", name)
			return
		}
		same := v.Valid == e.valid
		for _, c := range v.Categories {
			_, known := e.codes[c.Value]
			same = same && known && c.Count == e.counts[c.Value]
		}
		if !same {
			say("%s counts %s otherwise than the codebook in CSV", name, v.Name)
		}
	}
}
