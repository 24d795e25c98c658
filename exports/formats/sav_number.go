package formats

import (
	"fmt"
	"strconv"
	"time"
)

// As what a statistics program keeps a variable.
const (
	asNumber = iota // numbers; categories whose codes are none are numbered from 1
	asDay           // a day
	asText
)

// kept says as what a statistics program keeps the variable.
func (v Variable) kept() int {
	switch {
	case v.Type == Day:
		return asDay
	case len(v.Categories) > 0, v.Numeric():
		return asNumber
	}
	return asText
}

// spssEpoch is where SPSS begins to count seconds.
var spssEpoch = time.Date(1582, 10, 14, 0, 0, 0, 0, time.UTC)

// savNumber is a cell as SPSS keeps it: reasons as their codes, categories as
// stand says, days as seconds. A cell that is none of these is an error, which
// does not repeat it.
func (v Variable) savNumber(cell string, places map[string]float64) (float64, error) {
	if v.Reason(cell) {
		return strconv.ParseFloat(cell, 64)
	}
	if x, ok := places[cell]; ok {
		return x, nil
	}
	switch {
	case v.kept() == asDay:
		if day, err := time.Parse(time.DateOnly, cell); err == nil {
			return float64(day.Unix() - spssEpoch.Unix()), nil // a Duration does not reach that far
		}
	case v.Numeric() && plainNumber(cell):
		return strconv.ParseFloat(cell, 64)
	}
	return 0, fmt.Errorf("a cell of %s is neither a value of it nor a missing code", v.Name)
}

// places are the numbers that stand for the categories.
func (v Variable) places() map[string]float64 {
	out := map[string]float64{}
	for i, c := range v.Categories {
		if x, err := strconv.ParseFloat(stand(v, i), 64); err == nil {
			out[c.Code] = x
		}
	}
	return out
}
