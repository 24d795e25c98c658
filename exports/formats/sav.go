package formats

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// The limits of an SPSS system file, in bytes.
const (
	longestText       = 32_767 // a cell; longer text is in the CSV
	longestLabel      = 240    // of a variable; SPSS takes 256
	longestValueLabel = 110    // SPSS takes 120
	segment           = 255    // the widest piece of a very long text
	segmentStep       = 252    // so many bytes of width for each piece
)

// SAV writes data as an SPSS system file, with labels in a language. It is what
// PSPP's manual ("System File Format", GNU Free Documentation License) describes:
// little-endian, UTF-8, byte-code compression, long names, very long texts, the
// missing range -99 to -90. A text holds its missing code as text: SPSS knows no
// ranges there, and programs disagree on how three single codes of a long text
// are written. Nothing in the file comes from the clock or the machine.
// The widths of variables must have been set by Measure.
func SAV(w io.Writer, about About, variables []Variable, rows [][]string, lang string) error {
	s := &sav{names: SPSSNames(variables), variables: variables, lang: lang}
	s.lay()
	s.header(about, len(rows))
	for i := range variables {
		s.variable(i)
	}
	for i := range variables {
		if err := s.valueLabels(i); err != nil {
			return fmt.Errorf("write SPSS file: %w", err)
		}
	}
	s.extensions(len(rows))
	s.put(int32(999), int32(0))
	if _, err := s.WriteTo(w); err != nil {
		return fmt.Errorf("write SPSS file: %w", err)
	}
	return s.cases(w, rows)
}

// sav is the dictionary on its way.
type sav struct {
	bytes.Buffer
	variables []Variable
	names     []string
	lang      string
	first     []int // dictionary index of each variable, from 1
	piece     []int // number of its first piece, from 1
	elements  int   // eight-byte pieces of a case
}

// put writes fixed-size values in little-endian order.
func (s *sav) put(values ...any) {
	for _, v := range values {
		if err := binary.Write(&s.Buffer, binary.LittleEndian, v); err != nil {
			panic(err) // a value without a fixed size: a fault of this file
		}
	}
}

// padded writes a text in exactly n bytes.
func (s *sav) padded(text string, n int) {
	s.WriteString(text)
	s.WriteString(strings.Repeat(" ", n-len(text)))
}

// width is how many bytes a text takes in the file.
func (v Variable) width() int { return min(max(v.Width, 1), longestText) }

// segments are the widths of the pieces of a text.
func segments(width int) []int {
	if width <= segment {
		return []int{width}
	}
	var out []int
	for ; width > segmentStep; width -= segmentStep {
		out = append(out, segment)
	}
	return append(out, width)
}

// shortNamed is the short name of a piece; the long names stand in a record of
// their own.
func shortNamed(piece int) string { return "V" + strconv.Itoa(piece) }

// lay gives each piece of each variable its place.
func (s *sav) lay() {
	pieces := 0
	for _, v := range s.variables {
		s.first = append(s.first, s.elements+1)
		s.piece = append(s.piece, pieces+1)
		if v.kept() != asText {
			pieces++
			s.elements++
			continue
		}
		for _, width := range segments(v.width()) {
			pieces++
			s.elements += (width + 7) / 8
		}
	}
}

func (s *sav) header(about About, n int) {
	s.WriteString("$FL2")
	s.padded("@(#) SPSS DATA FILE - Rondo", 60)
	s.put(int32(2), int32(s.elements), int32(1), int32(0), int32(n), 100.0)
	s.WriteString("01 Jan 8000:00:00") // the same in every file
	label := about.Heading(s.lang)
	if about.Synthetic {
		label = "synthetic – " + label // at the front, where it is not cut off
	}
	s.padded(cut(oneLine(label), 64), 64)
	s.padded("", 3)
}

// format is how a value is shown: its kind, width and decimals.
func format(kind, width, decimals int) int32 {
	return int32(kind<<16 | width<<8 | decimals)
}

const (
	formatA     = 1
	formatF     = 5
	formatSDATE = 39
)

// shown is how the numbers of a variable are shown.
func (v Variable) shown() int32 {
	switch {
	case v.kept() == asDay:
		return format(formatSDATE, 10, 0)
	case v.Type == Number:
		return format(formatF, 12, v.Decimals)
	}
	return format(formatF, 8, 0)
}

func (s *sav) variable(i int) {
	v := s.variables[i]
	label := cut(oneLine(v.Label(s.lang)), longestLabel)
	if v.kept() != asText {
		missing := int32(0)
		if v.Reasons() != nil {
			missing = -2 // a range
		}
		s.put(int32(2), int32(0), int32(1), missing, v.shown(), v.shown())
		s.named(s.piece[i], label)
		if missing != 0 {
			s.put(-99.0, -90.0)
		}
		return
	}
	for n, width := range segments(v.width()) {
		s.put(int32(2), int32(width), int32(1), int32(0), format(formatA, width, 0), format(formatA, width, 0))
		s.named(s.piece[i]+n, label)
		for range (width+7)/8 - 1 {
			s.put(int32(2), int32(-1), int32(0), int32(0), format(formatA, 29, 1), format(formatA, 29, 1))
			s.padded("", 8)
		}
	}
}

// named writes the short name and the label of a variable.
func (s *sav) named(piece int, label string) {
	s.padded(shortNamed(piece), 8)
	s.put(int32(len(label)))
	s.padded(label, (len(label)+3)/4*4)
}

func (s *sav) valueLabels(i int) error {
	v := s.variables[i]
	if v.kept() == asText || len(v.Categories)+len(v.Reasons()) == 0 {
		return nil
	}
	places := v.places()
	s.put(int32(3), int32(len(v.Categories)+len(v.Reasons())))
	for _, c := range append(append([]Category(nil), v.Categories...), v.Reasons()...) {
		x, err := v.savNumber(c.Code, places)
		if err != nil {
			return err
		}
		label := cut(oneLine(c.Label.In(s.lang)), longestValueLabel)
		s.put(x, uint8(len(label)))
		s.padded(label, (len(label)+8)/8*8-1)
	}
	s.put(int32(4), int32(1), int32(s.first[i]))
	return nil
}

// extension writes a record that older readers may skip.
func (s *sav) extension(kind, size int, body []byte) {
	s.put(int32(7), int32(kind), int32(size), int32(len(body)/size))
	s.Write(body)
}

func (s *sav) extensions(n int) {
	part := func(values ...any) []byte {
		p := &sav{}
		p.put(values...)
		return p.Bytes()
	}
	s.extension(3, 4, part(int32(20), int32(0), int32(0), int32(-1), int32(1), int32(1), int32(2), int32(65001)))
	s.extension(4, 8, part(-math.MaxFloat64, math.MaxFloat64, math.Nextafter(-math.MaxFloat64, 0)))
	var display, long, wide sav
	for i, v := range s.variables {
		measure, align := v.measure(), int32(1)
		pieces := []int{8}
		if v.kept() == asText {
			pieces, align = segments(v.width()), 0
		}
		for _, width := range pieces {
			display.put(measure, int32(min(max(width, 8), 40)), align)
		}
		fmt.Fprintf(&long, "\t%s=%s", shortNamed(s.piece[i]), s.names[i])
		if len(pieces) > 1 {
			fmt.Fprintf(&wide, "%s=%05d\x00\t", shortNamed(s.piece[i]), v.width())
		}
	}
	s.extension(11, 4, display.Bytes())
	s.extension(13, 1, long.Bytes()[min(1, long.Len()):])
	if wide.Len() > 0 {
		s.extension(14, 1, wide.Bytes())
	}
	s.extension(16, 8, part(int64(1), int64(n)))
	s.extension(20, 1, []byte("UTF-8"))
}

// measure is the level of measurement: 1 nominal, 2 ordinal, 3 scale.
func (v Variable) measure() int32 {
	switch {
	case v.kept() == asText || v.Type == Flag:
		return 1
	case v.Type == Rank || v.Ordered:
		return 2
	case len(v.Categories) > 0:
		return 1
	}
	return 3
}
