package respond

import (
	"encoding/binary"
	"errors"
	"math"

	"rondo/questionnaires"
)

// Drafts rest in a form of their own, not as JSON: every page opens one and every save writes
// one, and JSON took a tenth of a page's time and twice the bytes. Counts and whole numbers are
// unsigned varints (encoding/binary), texts a count of bytes and the bytes.
//
//	form 1: language, at, order, warned (count, texts),
//	        variables (count, each: name, revision set, kind of value, value),
//	        unread (count, each: field, question, value)
const draftForm = 1

// Kinds of value in a draft.
const (
	noValue      = iota // the variable was cleared
	codesValue          // count, texts
	numberValue         // IEEE 754, 8 bytes, most significant first
	textValue           // text
	missingValue        // whole number
)

var errDraft = errors.New("the draft is not in a form this version knows")

// WriteDraft gives the bytes of a draft as they are sealed; ReadDraft reads them.
func WriteDraft(d Draft) []byte {
	w := writer(make([]byte, 0, 2048))
	w = append(w, draftForm)
	w.text(d.Language)
	w.text(d.At)
	w.whole(d.Order)
	w.texts(d.Warned)
	cleared := 0
	for name := range d.Set {
		if _, has := d.Answers[name]; !has {
			cleared++
		}
	}
	w.whole(len(d.Answers) + cleared)
	for name, value := range d.Answers {
		w.variable(name, d.Set[name])
		w.value(value)
	}
	for name, revision := range d.Set {
		if _, has := d.Answers[name]; !has {
			w.variable(name, revision)
			w = append(w, noValue)
		}
	}
	w.whole(len(d.Unread))
	for field, entry := range d.Unread {
		w.text(field)
		w.text(entry.Question)
		w.text(entry.Value)
	}
	return w
}

type writer []byte

func (w *writer) whole(n int) { *w = binary.AppendUvarint(*w, uint64(n)) }

func (w *writer) text(s string) {
	w.whole(len(s))
	*w = append(*w, s...)
}

func (w *writer) texts(list []string) {
	w.whole(len(list))
	for _, s := range list {
		w.text(s)
	}
}

func (w *writer) variable(name string, revision int) {
	w.text(name)
	w.whole(revision)
}

func (w *writer) value(v questionnaires.Value) {
	switch {
	case v.Missing != 0:
		*w = append(*w, missingValue)
		w.whole(int(v.Missing))
	case v.Number != nil:
		*w = append(*w, numberValue)
		*w = binary.BigEndian.AppendUint64(*w, math.Float64bits(*v.Number))
	case v.Codes != nil:
		*w = append(*w, codesValue)
		w.texts(v.Codes)
	default:
		*w = append(*w, textValue)
		w.text(v.Text)
	}
}

// ReadDraft reads what WriteDraft wrote, and refuses everything else. The maps are never nil.
func ReadDraft(body []byte) (Draft, error) {
	r := &readerOf{rest: string(body)} // one copy, which the texts are parts of
	if r.byte() != draftForm {
		return Draft{}, errDraft
	}
	d := Draft{Language: r.text(), At: r.text(), Order: r.whole(), Warned: r.texts()}
	n := r.count()
	d.Answers, d.Set = make(questionnaires.Answers, n), make(map[string]int, n)
	for range n {
		name, revision := r.text(), r.whole()
		if value, has := r.value(); has {
			d.Answers[name] = value
		}
		if revision > 0 {
			d.Set[name] = revision
		}
	}
	n = r.count()
	d.Unread = make(map[string]Unread, n)
	for range n {
		field := r.text()
		d.Unread[field] = Unread{Question: r.text(), Value: r.text()}
	}
	if r.bad || r.rest != "" {
		return Draft{}, errDraft
	}
	return d, nil
}

// readerOf reads from the front of rest; after a fault it gives zero values.
type readerOf struct {
	rest string
	bad  bool
}

func (r *readerOf) byte() byte {
	if r.rest == "" {
		r.bad = true
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (r *readerOf) whole() int {
	n, shift := uint64(0), 0
	for {
		b := r.byte()
		n |= uint64(b&0x7f) << shift
		if shift += 7; b < 0x80 || r.bad {
			break
		}
		if shift > 56 {
			r.bad = true
			break
		}
	}
	return int(n)
}

// count is a whole number of things that follow, each of one byte at least.
func (r *readerOf) count() int {
	n := r.whole()
	if r.bad || n > len(r.rest) {
		r.bad = true
		return 0
	}
	return n
}

func (r *readerOf) text() string {
	n := r.count()
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *readerOf) texts() []string {
	n := r.count()
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = r.text()
	}
	return list
}

func (r *readerOf) value() (v questionnaires.Value, has bool) {
	switch r.byte() {
	case noValue:
		return v, false
	case codesValue:
		v.Codes = r.texts()
	case numberValue:
		if len(r.rest) < 8 {
			r.bad = true
			return v, false
		}
		n := math.Float64frombits(binary.BigEndian.Uint64([]byte(r.rest[:8])))
		v.Number, r.rest = &n, r.rest[8:]
	case textValue:
		v.Text = r.text()
	case missingValue:
		v.Missing = questionnaires.Missing(r.whole())
	default:
		r.bad = true
	}
	return v, !r.bad
}
