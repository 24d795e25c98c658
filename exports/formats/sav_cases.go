package formats

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// The bytes that stand for a whole element in compressed data; 1 to 251 stand
// for the number that is 100 less.
const (
	opRaw    = 253
	opSpaces = 254
)

// packer writes elements of eight bytes with a byte each where that is enough,
// eight of these bytes before the elements they announce.
type packer struct {
	w    *bufio.Writer
	ops  []byte
	data []byte
	err  error // the first fault of the writer
}

func (p *packer) add(op byte, raw []byte) {
	p.ops = append(p.ops, op)
	p.data = append(p.data, raw...)
	if len(p.ops) == 8 {
		p.flush()
	}
}

// flush writes a group.
func (p *packer) flush() {
	for len(p.ops) > 0 && len(p.ops) < 8 {
		p.ops = append(p.ops, 0)
	}
	for _, part := range [][]byte{p.ops, p.data} {
		if _, err := p.w.Write(part); err != nil && p.err == nil {
			p.err = err
		}
	}
	p.ops, p.data = p.ops[:0], p.data[:0]
}

func (p *packer) number(x float64) {
	if x == math.Trunc(x) && x >= 1-100 && x <= 251-100 {
		p.add(byte(x+100), nil)
		return
	}
	p.add(opRaw, binary.LittleEndian.AppendUint64(nil, math.Float64bits(x)))
}

// text writes a cell over the pieces of its variable: its bytes fill each piece,
// and what is left of the pieces is blank.
func (p *packer) text(cell string, pieces []int) {
	for _, width := range pieces {
		part := cell[:min(len(cell), width)]
		cell = cell[len(part):]
		for range (width + 7) / 8 {
			chunk := part[:min(len(part), 8)]
			part = part[len(chunk):]
			if strings.TrimLeft(chunk, " ") == "" {
				p.add(opSpaces, nil)
				continue
			}
			p.add(opRaw, []byte(chunk+strings.Repeat(" ", 8-len(chunk))))
		}
	}
}

// cases writes the data.
func (s *sav) cases(w io.Writer, rows [][]string) error {
	p := &packer{w: bufio.NewWriter(w)}
	places := make([]map[string]float64, len(s.variables))
	pieces := make([][]int, len(s.variables))
	for j, v := range s.variables {
		places[j], pieces[j] = v.places(), segments(v.width())
	}
	for _, row := range rows {
		for j, v := range s.variables {
			if v.kept() == asText {
				p.text(cut(row[j], longestText), pieces[j])
				continue
			}
			x, err := v.savNumber(row[j], places[j])
			if err != nil {
				return fmt.Errorf("write SPSS file: %w", err)
			}
			p.number(x)
		}
	}
	p.flush()
	if err := errors.Join(p.err, p.w.Flush()); err != nil {
		return fmt.Errorf("write SPSS file: %w", err)
	}
	return nil
}
