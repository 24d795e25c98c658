package questionnaires

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ReadRecord reads a response as encoding/json writes a Record, several times faster than that
// package does, and gives the part of the line that holds the answers. What is written in any other
// way is left to encoding/json, with its errors; answers is nil then.
func ReadRecord(line []byte) (r Record, answers []byte, err error) {
	p := recordReader{text: string(line)} // all strings of the record are parts of this one
	if from, to, ok := p.record(&r); ok && utf8.ValidString(p.text) {
		return r, line[from:to], nil
	}
	r = Record{}
	err = json.Unmarshal(line, &r)
	return r, nil, err
}

// ReadHead is ReadRecord of all but the answers, which stay written for ReadAnswers or Rows: whether
// these can be read shows there.
func ReadHead(line []byte) (r Record, answers []byte, err error) {
	if at := bytes.Index(line, []byte(`,"a":{`)); at >= 0 { // in no text: there a " has a \ before it
		at += len(`,"a":`)
		p := recordReader{text: string(line[:at])}
		if p.head(&r) && p.at == at && utf8.ValidString(p.text) && line[len(line)-1] == '}' {
			return r, line[at : len(line)-1], nil
		}
	}
	return ReadRecord(line)
}

// ReadAnswers reads answers as encoding/json writes them. What is written in any other way is left
// to encoding/json, with its errors.
func ReadAnswers(written []byte) (Answers, error) {
	var r Record
	p := recordReader{text: string(written)}
	if p.answers(&r) && p.at == len(p.text) && utf8.ValidString(p.text) {
		return r.Answers, nil
	}
	r.Answers = nil
	err := json.Unmarshal(written, &r.Answers)
	return r.Answers, err
}

// recordReader walks through a line. Its methods say false where the line goes on otherwise than a
// Record is written.
type recordReader struct {
	text  string
	at    int
	codes []string // room for the codes of the answers to come
}

func (p *recordReader) record(r *Record) (from, to int, ok bool) {
	ok = p.head(r)
	from = p.at
	ok = ok && p.answers(r)
	to = p.at
	return from, to, ok && p.is("}") && p.at == len(p.text)
}

// head reads what stands before the answers.
func (p *recordReader) head(r *Record) bool {
	ok := p.is(`{"q":`) && p.word(&r.Questionnaire) && p.is(`,"h":`) && p.word(&r.Hash) && p.is(`,"l":`) && p.word(&r.Language)
	if ok && p.is(`,"o":`) {
		ok = p.word(&r.Office)
	}
	if ok && p.is(`,"s":`) {
		ok = p.stratum(r)
	}
	return ok && p.is(`,"p":`) && p.whole(&r.Shuffle) && p.is(`,"a":`)
}

func (p *recordReader) stratum(r *Record) bool {
	r.Stratum = map[string]string{}
	return p.members(func(name string) bool {
		var value string
		ok := p.word(&value)
		r.Stratum[name] = value
		return ok
	})
}

func (p *recordReader) answers(r *Record) bool {
	r.Answers = make(Answers, (len(p.text)-p.at)/24) // an answer takes about so many bytes
	return p.members(func(name string) bool {
		var v Value
		ok := p.value(&v)
		r.Answers[name] = v
		return ok
	})
}

// members reads an object and lets value read what stands behind each name.
func (p *recordReader) members(value func(name string) bool) bool {
	if !p.is("{") {
		return false
	}
	for first := true; !p.is("}"); first = false {
		var name string
		if !first && !p.is(",") || !p.word(&name) || !p.is(":") || !value(name) {
			return false
		}
	}
	return true
}

// value reads an answer, of which one field is set.
func (p *recordReader) value(v *Value) (ok bool) {
	switch {
	case p.is(`{"c":`):
		v.Codes, ok = p.list()
	case p.is(`{"n":`):
		v.Number = new(float64)
		ok = p.number(v.Number)
	case p.is(`{"t":`):
		ok = p.word(&v.Text)
	case p.is(`{"m":`):
		var m int
		ok = p.whole(&m)
		v.Missing = Missing(m)
	}
	return ok && p.is("}")
}

// list reads strings, at least one.
func (p *recordReader) list() ([]string, bool) {
	if !p.is("[") {
		return nil, false
	}
	from := len(p.codes)
	for {
		var code string
		if !p.word(&code) {
			return nil, false
		}
		if len(p.codes) == cap(p.codes) { // those of this list move to a new room
			p.codes = append(make([]string, 0, 64+2*(len(p.codes)-from)), p.codes[from:]...)
			from = 0
		}
		p.codes = append(p.codes, code)
		if p.is("]") {
			return p.codes[from:len(p.codes):len(p.codes)], true
		}
		if !p.is(",") {
			return nil, false
		}
	}
}

// is steps over a text that stands here.
func (p *recordReader) is(text string) bool {
	if !strings.HasPrefix(p.text[p.at:], text) {
		return false
	}
	p.at += len(text)
	return true
}

// word reads a string.
func (p *recordReader) word(into *string) bool {
	if !p.is(`"`) {
		return false
	}
	plain := true
	for i := p.at; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '"':
			from := p.at
			p.at = i + 1
			if plain {
				*into = p.text[from:i]
				return true
			}
			var word string // of its own: what goes to encoding/json goes to the heap
			err := json.Unmarshal([]byte(p.text[from-1:p.at]), &word)
			*into = word
			return err == nil
		case c == '\\':
			plain = false
			i++
		case c < ' ':
			return false
		}
	}
	return false
}

// whole reads a whole number of few digits.
func (p *recordReader) whole(into *int) bool {
	from := p.at
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
	}
	digits := p.text[from:p.at]
	if len(digits) == 0 || len(digits) > 15 || len(digits) > 1 && digits[0] == '0' {
		return false
	}
	n, err := strconv.Atoi(digits)
	*into = n
	return err == nil
}

func (p *recordReader) number(into *float64) bool {
	from := p.at
	for p.at < len(p.text) && strings.IndexByte("+-.0123456789eE", p.text[p.at]) >= 0 {
		p.at++
	}
	var number float64
	err := json.Unmarshal([]byte(p.text[from:p.at]), &number)
	*into = number
	return err == nil
}
