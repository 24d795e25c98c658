package workbook

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"slices"
)

// gate hands a part to the parser byte by byte, and no more of them than one tag or text may have:
// the parser itself would collect megabytes of attributes before it says a word.
type gate struct {
	from *bufio.Reader
	left int // bytes until the next token must be there
}

var errLongToken = errors.New("a tag or a text is too long")

// ReadByte is what the parser reads with.
func (g *gate) ReadByte() (byte, error) {
	if g.left--; g.left < 0 {
		return 0, errLongToken
	}
	return g.from.ReadByte()
}

// Read is there because the parser asks for an io.Reader; it does not call it.
func (g *gate) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := g.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// part is a part of the workbook that is being read.
type part struct {
	name string
	gate *gate
	dec  *xml.Decoder
	open []xml.Name // the elements that have begun and not ended
	left *int       // elements that may still come
}

// element is one that has just begun.
type element struct {
	xml.StartElement
	part *part
}

func (e *element) name() string { return e.Name.Local }

// parent is the name of the element around this one.
func (e *element) parent() string {
	if n := len(e.part.open); n > 1 {
		return e.part.open[n-2].Local
	}
	return ""
}

func (e *element) attribute(name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// each calls see for every element of a part, and stops at its first error.
func (r *reader) each(from *entry, see func(*element) error) error {
	return r.walk(from, func(p *part, t xml.Token) error {
		if start, ok := t.(xml.StartElement); ok {
			return see(&element{start, p})
		}
		return nil
	})
}

// walk calls see for every beginning, end and text of a part.
func (r *reader) walk(from *entry, see func(*part, xml.Token) error) error {
	in, err := from.file.Open()
	if err != nil {
		return refuse(from.name, 0, NoWorkbook, "the entry cannot be unpacked: %v", err)
	}
	defer in.Close()
	g := &gate{from: bufio.NewReader(in)}
	p := &part{name: from.name, gate: g, dec: xml.NewDecoder(g), left: &r.elements}
	for {
		t, err := p.next()
		if err != nil || t == nil {
			return err
		}
		if err := see(p, t); err != nil {
			return err
		}
	}
}

// next gives the next beginning, end or text; nil where the part ends. Names are not resolved to
// name spaces: the elements that count here have names of their own.
func (p *part) next() (xml.Token, error) {
	for {
		p.gate.left = longestToken
		t, err := p.dec.RawToken()
		if err != nil {
			return nil, p.ended(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if *p.left--; *p.left < 0 {
				return nil, refuse(p.name, 0, TooLarge, "the workbook has more elements than are read")
			}
			if p.open = append(p.open, t.Name); len(p.open) > deepest {
				return nil, refuse(p.name, 0, NoWorkbook, "the part is nested too deeply")
			}
			return t, nil
		case xml.EndElement:
			last := len(p.open) - 1
			if last < 0 || p.open[last] != t.Name {
				return nil, refuse(p.name, 0, NoWorkbook, "the part is broken: </%s> ends what has not begun", t.Name.Local)
			}
			p.open = p.open[:last]
			return t, nil
		case xml.CharData:
			return t, nil
		case xml.Directive:
			return nil, refuse(p.name, 0, NoWorkbook, "the part defines entities of its own")
		}
	}
}

// ended says what an error of the parser means; nil where the part is complete.
func (p *part) ended(err error) error {
	switch {
	case errors.Is(err, errLongToken):
		return refuse(p.name, 0, TooLarge, "the part has a tag or a text of more than %d KB", longestToken>>10)
	case !errors.Is(err, io.EOF):
		return refuse(p.name, 0, NoWorkbook, "the part is broken: %v", err)
	case len(p.open) > 0:
		return refuse(p.name, 0, NoWorkbook, "the part ends in the midst of it")
	}
	return nil
}

// within reports whether the part is inside of an element of that name.
func (p *part) within(name string) bool {
	return slices.ContainsFunc(p.open, func(n xml.Name) bool { return n.Local == name })
}

// in is the name of the element that the part is directly inside of.
func (p *part) in() string {
	if len(p.open) == 0 {
		return ""
	}
	return p.open[len(p.open)-1].Local
}
