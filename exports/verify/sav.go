package verify

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// SAV is an SPSS system file as a receiver reads it.
type SAV struct {
	Label     string
	Variables []SAVVariable
	Numbers   [][]float64 // by case and variable; of texts 0
	Texts     [][]string  // by case and variable; of numbers ""
}

// SAVVariable is one variable of it.
type SAVVariable struct {
	Name     string
	Label    string
	Text     bool
	Width    int         // of a text
	Format   int         // 1 text, 5 number, 39 day
	Measure  int         // 1 nominal, 2 ordinal, 3 scale
	Low      float64     // of the missing range; above High where there is none
	High     float64     //
	Labels   []SAVLabel  // in their order
	segments []savRecord // pieces of a very long text
}

// SAVLabel is the label of one value.
type SAVLabel struct {
	Value float64
	Label string
}

// savRecord is a variable record as it stands in the file.
type savRecord struct {
	short    string
	width    int
	elements int
}

var errSAV = errors.New("it is no SPSS system file that can be read")

// savReader walks through the bytes; after the first fault it gives nothing but
// zeros.
type savReader struct {
	body  []byte
	at    int
	fault error
}

func (r *savReader) bytes(n int) []byte {
	if r.fault == nil && (n < 0 || n > len(r.body)-r.at) {
		r.fault = fmt.Errorf("%w: it ends too early", errSAV)
	}
	if r.fault != nil {
		return nil
	}
	out := r.body[r.at : r.at+n]
	r.at += n
	return out
}

func (r *savReader) int() int {
	if b := r.bytes(4); b != nil {
		return int(int32(binary.LittleEndian.Uint32(b)))
	}
	return 0
}

func (r *savReader) number() float64 {
	if b := r.bytes(8); b != nil {
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return 0
}

func (r *savReader) text(n int) string { return strings.TrimRight(string(r.bytes(n)), " ") }

func (r *savReader) fail(why string) {
	if r.fault == nil {
		r.fault = fmt.Errorf("%w: %s", errSAV, why)
	}
}

// ReadSAV reads an SPSS system file in UTF-8 with byte-code compression.
func ReadSAV(body []byte) (*SAV, error) {
	r := &savReader{body: body}
	if string(r.bytes(4)) != "$FL2" {
		return nil, errSAV
	}
	r.bytes(60)
	layout, elements, compressed := r.int(), r.int(), r.int()
	r.int() // weight
	cases := r.int()
	if bias := r.number(); layout != 2 || compressed != 1 || bias != 100 || cases < 0 || elements < 0 {
		r.fail("another layout than ours")
	}
	if date := string(r.bytes(17)); date != "01 Jan 8000:00:00" {
		r.fail("it carries a time")
	}
	d := &savDictionary{reader: r, file: &SAV{Label: r.text(64)}, at: map[int]int{}}
	r.bytes(3)
	for d.record() {
	}
	if r.fault == nil && (d.elements != elements || !d.utf8 || d.counted != cases) {
		r.fail("its parts contradict one another")
	}
	if r.fault == nil {
		d.cases(cases)
	}
	return d.file, r.fault
}

// savDictionary is what stands before the data.
type savDictionary struct {
	reader   *savReader
	file     *SAV
	at       map[int]int // dictionary index from 1 → variable
	elements int
	utf8     bool
	counted  int
}

// record reads one record; false at the end of the dictionary.
func (d *savDictionary) record() bool {
	switch r := d.reader; r.int() {
	case 2:
		d.variable()
	case 3:
		d.labels()
	case 7:
		d.extension()
	case 999:
		r.int()
		return false
	default:
		r.fail("an unknown record")
	}
	return d.reader.fault == nil
}

func (d *savDictionary) variable() {
	r := d.reader
	width, labelled, missing := r.int(), r.int(), r.int()
	kind := r.int()
	r.int()
	v := SAVVariable{Text: width > 0, Width: width, Format: kind >> 16 & 0xff, Low: 1, High: 0}
	d.elements++
	rec := savRecord{short: r.text(8), width: width, elements: 1}
	if labelled == 1 {
		n := r.int()
		v.Label = r.text(n)
		r.bytes((4 - n%4) % 4)
	}
	switch {
	case missing == -2:
		v.Low, v.High = r.number(), r.number()
	case missing != 0:
		r.fail("other missing values than ours")
	}
	if width == -1 { // the record before goes on
		last := len(d.file.Variables) - 1
		if last < 0 {
			r.fail("it begins in the middle")
			return
		}
		d.file.Variables[last].segments[0].elements++
		return
	}
	v.segments = []savRecord{rec}
	d.at[d.elements] = len(d.file.Variables)
	d.file.Variables = append(d.file.Variables, v)
}

func (d *savDictionary) labels() {
	r := d.reader
	var all []SAVLabel
	for n := r.int(); len(all) < n && r.fault == nil; {
		l := SAVLabel{Value: r.number()}
		size := 0
		if b := r.bytes(1); b != nil {
			size = int(b[0])
		}
		l.Label = r.text(size)
		r.bytes((8 - (size+1)%8) % 8)
		all = append(all, l)
	}
	if r.int() != 4 {
		r.fail("labels without variables")
	}
	for n := r.int(); n > 0 && r.fault == nil; n-- {
		i, ok := d.at[r.int()]
		if !ok || d.file.Variables[i].Text {
			r.fail("labels of a variable that is none")
			return
		}
		d.file.Variables[i].Labels = all
	}
}

func (d *savDictionary) extension() {
	r := d.reader
	kind, size, count := r.int(), r.int(), r.int()
	if size < 0 || count < 0 || size > 1<<20 || count > 1<<30 {
		r.fail("a record of no size")
		return
	}
	body := r.bytes(size * count)
	part := &savReader{body: body}
	switch kind {
	case 11:
		for i := range d.file.Variables {
			d.file.Variables[i].Measure = part.int()
			part.int()
			part.int()
		}
	case 13:
		d.renamed(string(body))
	case 14:
		d.stitched(string(body))
	case 16:
		part.bytes(8)
		if b := part.bytes(8); b != nil {
			d.counted = int(binary.LittleEndian.Uint64(b))
		}
	case 20:
		d.utf8 = string(body) == "UTF-8"
	}
	if r.fault == nil {
		r.fault = part.fault
	}
}

// renamed gives variables their long names.
func (d *savDictionary) renamed(pairs string) {
	for pair := range strings.SplitSeq(pairs, "\t") {
		short, long, ok := strings.Cut(pair, "=")
		if i := d.byShort(short); ok && i >= 0 {
			d.file.Variables[i].Name = long
		}
	}
}

func (d *savDictionary) byShort(short string) int {
	for i, v := range d.file.Variables {
		if v.segments[0].short == short {
			return i
		}
	}
	return -1
}

// stitched joins the pieces of very long texts.
func (d *savDictionary) stitched(pairs string) {
	for pair := range strings.SplitSeq(pairs, "\x00\t") {
		short, length, ok := strings.Cut(pair, "=")
		if !ok {
			continue
		}
		i := d.byShort(short)
		width, err := strconv.Atoi(length)
		n := (width + 251) / 252
		if err != nil || i < 0 || width <= 255 || i+n > len(d.file.Variables) {
			d.reader.fail("a very long text that is none")
			return
		}
		v := &d.file.Variables[i]
		v.Width = width
		for _, piece := range d.file.Variables[i+1 : i+n] {
			v.segments = append(v.segments, piece.segments[0])
		}
		d.file.Variables = append(d.file.Variables[:i+1], d.file.Variables[i+n:]...)
	}
}

// cases reads the data.
func (d *savDictionary) cases(n int) {
	in := &savElements{reader: d.reader}
	if n > len(d.reader.body)*8 { // each case takes a byte at least
		d.reader.fail("more cases than it can hold")
		return
	}
	for range n {
		numbers, texts := make([]float64, len(d.file.Variables)), make([]string, len(d.file.Variables))
		for i, v := range d.file.Variables {
			if !v.Text {
				numbers[i] = in.number()
				continue
			}
			texts[i] = in.text(v)
		}
		if d.reader.fault != nil {
			return
		}
		d.file.Numbers, d.file.Texts = append(d.file.Numbers, numbers), append(d.file.Texts, texts)
	}
	if rest := d.reader.body[d.reader.at:]; len(rest) > 0 || in.left() {
		d.reader.fail("something stands behind the last case")
	}
}

// savElements takes compressed data apart.
type savElements struct {
	reader *savReader
	ops    []byte
}

func (e *savElements) left() bool { return strings.Trim(string(e.ops), "\x00") != "" }

// next gives the next element: a small number, or eight bytes.
func (e *savElements) next() (small float64, raw []byte) {
	if len(e.ops) == 0 {
		e.ops = e.reader.bytes(8)
	}
	if len(e.ops) == 0 {
		return 0, nil
	}
	op := e.ops[0]
	e.ops = e.ops[1:]
	switch {
	case op >= 1 && op <= 251:
		return float64(op) - 100, nil
	case op == 253:
		return 0, e.reader.bytes(8)
	case op == 254:
		return 0, []byte("        ")
	}
	e.reader.fail("an unknown sign in the data")
	return 0, nil
}

func (e *savElements) number() float64 {
	small, raw := e.next()
	if raw == nil {
		return small
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(raw))
}

func (e *savElements) text(v SAVVariable) string {
	var all []byte
	for _, s := range v.segments {
		var piece []byte
		for range s.elements {
			_, raw := e.next()
			piece = append(piece, raw...)
		}
		all = append(all, piece[:min(len(piece), s.width)]...)
	}
	text := strings.TrimRight(string(all[:min(len(all), v.Width)]), " ")
	if !utf8.ValidString(text) {
		e.reader.fail("a text that is not UTF-8")
	}
	return text
}
