package anonymise

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
)

// Report is what risk and anonymise found; its keys are part of the product's
// contract.
type Report struct {
	Records          int                `json:"records"`
	Classes          int                `json:"classes"`
	MinClass         int                `json:"min_class"`
	Uniques          int                `json:"uniques"`
	Violations       map[string]int     `json:"violations"`     // k → records in classes smaller than k
	CandidatesMin    int                `json:"candidates_min"` // fewest rows an attacker with the true keys cannot exclude
	Expected         float64            `json:"expected_reidentifications"`
	Wildcard         map[string]int     `json:"wildcard_violations,omitempty"` // the same as violations where a suppressed cell matches anything: for comparison, no protection
	K                int                `json:"k"`                             // reached: the smallest class
	L                *int               `json:"l,omitempty"`
	Alpha            *float64           `json:"alpha,omitempty"` // largest share of one sensitive value in a class
	EntropyL         *float64           `json:"entropy_l,omitempty"`
	T                *float64           `json:"t,omitempty"`
	Node             map[string]int     `json:"node,omitempty"`
	NCP              *float64           `json:"ncp,omitempty"`
	Loss             *float64           `json:"loss,omitempty"`
	LossName         string             `json:"loss_name,omitempty"`
	Losses           map[string]float64 `json:"losses,omitempty"` // every measure, at record suppression
	SuppressedCells  map[string]int     `json:"suppressed_cells,omitempty"`
	SuppressedRecord *int               `json:"suppressed_records,omitempty"`
	Seconds          float64            `json:"seconds"` // set by whoever holds a clock
	Rows             []Row              `json:"rows,omitempty"`
}

// Row is one record in a report that lists them.
type Row struct {
	Size   int      `json:"fk"`
	Weight *float64 `json:"Fk,omitempty"`
	Risk   float64  `json:"risk"`
}

// RiskOptions say what is looked at.
type RiskOptions struct {
	Keys      []string
	Weight    string // column of sampling weights; may be empty
	Sensitive string // column for l and t; may be empty
	Records   bool   // list every record
}

// Risk reports how exposed the records of a file are.
func Risk(t *Table, o RiskOptions) (Report, error) {
	columns, err := t.columns(o.Keys)
	if err != nil {
		return Report{}, err
	}
	var weights []float64
	if o.Weight != "" {
		cells, err := t.Column(o.Weight)
		if err != nil {
			return Report{}, err
		}
		if weights, err = numbers(cells); err != nil {
			return Report{}, err
		}
	}
	cells := transpose(columns, len(t.Rows))
	report := describe(cells, cells, weights, 0)
	if o.Sensitive != "" {
		if err := report.diversity(t, cells, o.Sensitive); err != nil {
			return Report{}, err
		}
	}
	if o.Records {
		report.list(Expose(cells, weights))
	}
	return report, nil
}

// describe measures released cells against the truth at the same levels.
func describe(truth, released [][]string, weights []float64, k int) Report {
	e := Expose(released, weights)
	report := Report{
		Records: len(released), Classes: e.Classes, MinClass: e.MinClass, Uniques: e.Uniques,
		K: e.MinClass, CandidatesMin: least(Candidates(truth, released)), Expected: e.Expected(), Violations: map[string]int{},
	}
	for _, n := range []int{2, 3, 5, 10, k} {
		if n > 0 {
			report.Violations[strconv.Itoa(n)] = e.Below(n)
		}
	}
	report.compare(released)
	return report
}

// mostCompared bounds the comparison with the wildcard way, which looks at each pair of patterns.
const mostCompared = 5_000

// compare counts the wildcard way where that says something else.
func (r *Report) compare(released [][]string) {
	suppressed := slices.ContainsFunc(released, func(row []string) bool { return slices.Contains(row, Suppressed) })
	if !suppressed || r.Classes > mostCompared {
		return
	}
	r.Wildcard = map[string]int{}
	matching := Wildcard(released, func(cell string) bool { return cell == Suppressed })
	for name := range r.Violations {
		k, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		r.Wildcard[name] = 0
		for _, n := range matching {
			if n < k {
				r.Wildcard[name]++
			}
		}
	}
}

func (r *Report) diversity(t *Table, cells [][]string, column string) error {
	sensitive, err := t.Column(column)
	if err != nil {
		return err
	}
	d := Diverse(cells, sensitive)
	if math.IsInf(d.EntropyL, 0) {
		d.EntropyL = 0
	}
	r.L, r.Alpha, r.EntropyL, r.T = &d.L, &d.Alpha, &d.EntropyL, &d.T
	return nil
}

func (r *Report) list(e Exposure) {
	r.Rows = make([]Row, len(e.Sizes))
	for i, size := range e.Sizes {
		r.Rows[i] = Row{Size: size, Risk: e.Risks[i]}
		if e.Weights != nil {
			r.Rows[i].Weight = &e.Weights[i]
		}
	}
}

// WriteJSON writes the report, indented, with keys in a fixed order.
func (r Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func transpose(columns [][]string, n int) [][]string {
	rows := make([][]string, n)
	for r := range rows {
		rows[r] = make([]string, len(columns))
		for j := range columns {
			rows[r][j] = columns[j][r]
		}
	}
	return rows
}
