package verify

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// promises is the public report, as far as it says something that can be counted again.
type promises struct {
	Wave       string             `json:"wave"`
	Population string             `json:"population"`
	Profile    string             `json:"profile"`
	Records    int                `json:"records"`
	Target     int                `json:"k_target"`
	Capacity   int                `json:"capacity"`
	Classes    int                `json:"classes"`
	MinClass   int                `json:"min_class"`
	K          int                `json:"k"`
	Candidates int                `json:"candidates_min"`
	MaxRisk    float64            `json:"max_risk"`
	Expected   float64            `json:"expected_reidentifications"`
	NCP        float64            `json:"ncp"`
	Losses     map[string]float64 `json:"ncp_by_key"`
	Before     float64            `json:"expected_reidentifications_before"`
	LeftOut    string             `json:"suppressed_records"`
	Node       map[string]int     `json:"node"`
	Ways       map[string]string  `json:"hierarchies"`
	Weights    map[string]float64 `json:"weights"`
	Rules      map[string]float64 `json:"rules"`
	Columns    []struct {
		Variable   string  `json:"variable"`
		Role       string  `json:"role"`
		Treatment  string  `json:"treatment"`
		Merged     string  `json:"merged_rare"`
		Local      string  `json:"suppressed_local"`
		Routed     string  `json:"suppressed_routing"`
		L          int     `json:"distinct_l"`
		EntropyL   float64 `json:"entropy_l"`
		T          float64 `json:"t"`
		Calculated bool    `json:"calculated"`
	} `json:"columns"`
}

// atLeast and atMost are the rules of the profiles, written here a second time: a bundle that
// promises less is not what its name says.
var (
	atLeast = map[string]map[string]float64{
		"scientific": {"k": 5, "distinct_l": 2, "rare_minimum": 3},
		"public":     {"k": 10, "distinct_l": 3, "rare_minimum": 5},
	}
	atLeastShare = .8 // of all who may have given what a whole class agrees on
	atMost       = map[string]map[string]float64{
		"scientific": {"suppressed_cells_max": .05, "left_out_max": .05, "hidden_answers_max": .1},
		"public":     {"suppressed_cells_max": .02, "left_out_max": .05, "hidden_answers_max": .1},
	}
)

// release is the data file of a release with what its codebook and its report say about it.
type release struct {
	table
	m       manifest
	r       promises
	keys    []int   // places of the keys
	classes [][]int // rows that share a combination of keys
	say     func(string, ...any)
}

// checkRelease counts again what the report promises about the records. It gives nil where there
// is nothing to count.
func checkRelease(files map[string][]byte, m manifest, names []string, rows [][]string, say func(string, ...any)) *release {
	d := &release{table: table{names, rows, readBook(files["codebook/codebook.csv"])}, m: m, say: say}
	if err := json.Unmarshal(files["report/anonymisation.json"], &d.r); err != nil || d.book == nil {
		say("report/anonymisation.json cannot be read")
		return nil
	}
	if slices.ContainsFunc(names, func(n string) bool { return d.book[n] == nil }) {
		return nil // said elsewhere
	}
	for _, key := range m.Keys {
		if j := slices.Index(names, key); j >= 0 {
			d.keys = append(d.keys, j)
		}
	}
	at := map[string]int{}
	for r, row := range rows {
		combination := ""
		for _, j := range d.keys {
			combination += strconv.Quote(row[j])
		}
		i, ok := at[combination]
		if !ok {
			i = len(d.classes)
			at[combination] = i
			d.classes = append(d.classes, nil)
		}
		d.classes[i] = append(d.classes[i], r)
	}
	d.checkRules()
	d.checkFigures()
	d.checkCounts()
	for j, name := range names {
		switch {
		case slices.Contains(d.keys, j):
			d.checkSuppressed(j)
		case d.book[name].role != "technical":
			d.checkRare(j)
			if d.book[name].role == "sensitive_high" {
				d.checkAgreement(j)
				d.checkHiding(j)
				d.checkDiversity(j)
			}
		}
	}
	d.checkHidden()
	d.checkChoices()
	d.checkRoutes()
	return d
}

// checkRules looks at what is promised, before whether it is kept.
func (d *release) checkRules() {
	least, most := atLeast[d.m.Profile], atMost[d.m.Profile]
	if least == nil {
		d.say("the profile %s is not known", d.m.Profile)
		return
	}
	low := float64(d.m.K) < least["k"] || d.r.Target != d.m.K || d.r.Rules["agree_share"] < atLeastShare
	for _, rule := range []string{"distinct_l", "rare_minimum"} {
		low = low || d.r.Rules[rule] < least[rule]
	}
	for rule, x := range most {
		low = low || d.r.Rules[rule] > x
	}
	if low {
		d.say("the report promises less than the profile %s", d.m.Profile)
	}
}

// checkFigures compares the figures of the report with the data.
func (d *release) checkFigures() {
	smallest := len(d.rows)
	for _, class := range d.classes {
		smallest = min(smallest, len(class))
	}
	if d.r.Wave != d.m.Wave || d.r.Population != d.m.Population || d.r.Profile != d.m.Profile {
		d.say("report/anonymisation.json is that of another bundle")
	}
	for what, holds := range map[string]bool{
		"records":                    d.r.Records == len(d.rows),
		"capacity":                   d.r.Capacity == len(d.rows)/max(1, d.m.K),
		"classes":                    d.r.Classes == len(d.classes),
		"min_class":                  d.r.MinClass == smallest,
		"k":                          d.r.K == smallest,
		"candidates_min":             d.r.Candidates >= smallest,
		"max_risk":                   near(d.r.MaxRisk, 1/float64(max(1, smallest))),
		"expected_reidentifications": near(d.r.Expected, float64(len(d.classes))),
		"suppressed_records":         d.masked(d.r.LeftOut),
		"node":                       len(d.r.Node) == len(d.keys),
	} {
		if !holds {
			d.say("the report says another %s than the data", what)
		}
	}
}

// masked says whether a printed count tells nothing small.
func (d *release) masked(n string) bool {
	x, err := strconv.Atoi(n)
	return n == d.hiding() || err == nil && (x == 0 || x >= d.m.K)
}

func (d *release) hiding() string { return "<" + strconv.Itoa(d.m.K) }

// shows says whether a printed count is n, or hides it where it is small.
func (d *release) shows(printed string, n int) bool {
	if n > 0 && n < d.m.K {
		return printed == d.hiding()
	}
	return printed == strconv.Itoa(n) || n == 0 && printed == ""
}

// checkCounts compares every count of the codebook and of the report with the data; small ones
// must not show.
func (d *release) checkCounts() {
	counts := map[string]map[string]int{}
	for j, name := range d.names {
		n, answered := map[string]int{}, 0
		for _, row := range d.rows {
			n[row[j]]++
			if !reason(row[j]) && row[j] != suppressed {
				answered++
			}
		}
		counts[name] = n
		e := d.book[name]
		right := d.shows(e.valid, answered)
		for code, printed := range e.counts {
			right = right && (e.role == "technical" && printed == "" || d.shows(printed, n[code]))
		}
		if !right {
			d.say("the codebook counts %s otherwise than the data, or shows a small count", name)
		}
	}
	for _, c := range d.r.Columns {
		if n := counts[c.Variable]; n != nil && !(d.shows(c.Merged, n["-97"]) && d.shows(c.Local, n["-96"]) && d.shows(c.Routed, n["-95"])) {
			d.say("the report counts what was hidden of %s otherwise than the data, or shows a small count", c.Variable)
		}
	}
}

// suppressed is what a key shows at its coarsest.
const suppressed = "*"

// answered says whether a cell tells an answer; that it is one of the rare ones is told, too.
func answered(cell string) bool { return !reason(cell) || cell == "-97" }

// hiddenCell says whether protection took the answer away.
func hiddenCell(cell string) bool { return cell == "-95" || cell == "-96" || cell == "-97" }

// checkSuppressed counts the suppressed cells of a key.
func (d *release) checkSuppressed(j int) {
	n := 0
	for _, row := range d.rows {
		if row[j] == "-96" {
			n++
		}
	}
	if float64(n) > d.r.Rules["suppressed_cells_max"]*float64(len(d.rows))+1e-9 {
		d.say("more cells of the key %s are suppressed than the profile allows", d.names[j])
	}
}

// tally counts the answers of a column, in some rows or in all (nil).
func (d *release) tally(j int, rows []int) (n map[string]int, total int) {
	n = map[string]int{}
	count := func(cell string) {
		if answered(cell) {
			n[cell]++
			total++
		}
	}
	if rows == nil {
		for _, row := range d.rows {
			count(row[j])
		}
		return n, total
	}
	for _, r := range rows {
		count(d.rows[r][j])
	}
	return n, total
}

func (d *release) checkRare(j int) {
	all, _ := d.tally(j, nil)
	for _, n := range all {
		if float64(n) < d.r.Rules["rare_minimum"] {
			d.say("%s shows an answer that too few gave", d.names[j])
			return
		}
	}
}

// checkAgreement looks for a class that gives away what its members answered to a sensitive
// question: fewer different answers than promised, one that nearly all gave anyway excepted.
func (d *release) checkAgreement(j int) {
	all, total := d.tally(j, nil)
	for _, class := range d.classes {
		mine, _ := d.tally(j, class)
		few := len(mine) > 0 && float64(len(mine)) < min(d.r.Rules["distinct_l"], float64(len(all)))
		for cell := range mine {
			if len(mine) == 1 {
				few = float64(all[cell]) < d.r.Rules["agree_share"]*float64(total)
			}
		}
		if few {
			d.say("a class agrees on what it answered to %s", d.names[j])
			return
		}
	}
}

// checkChoices looks at questions with a column per option: what still shows must not tell what
// was suppressed.
func (d *release) checkChoices() {
	blocks, order := map[string][]int{}, []string{}
	for j, name := range d.names {
		kind := d.book[name].kind
		at := strings.LastIndex(name, "__")
		if at < 0 || kind != "flag" && kind != "rank" {
			continue
		}
		question := name[:at]
		if blocks[question] == nil {
			order = append(order, question)
		}
		blocks[question] = append(blocks[question], j)
	}
	for _, question := range order {
		block := blocks[question]
		ranked := d.book[d.names[block[0]]].kind == "rank"
		for _, row := range d.rows {
			gone, zeros, others := 0, 0, 0
			for _, j := range block {
				switch {
				case row[j] == "-96" || row[j] == "-97":
					gone++
				case row[j] == "0":
					zeros++
				case !reason(row[j]):
					others++
				}
			}
			if gone > 0 && (others == 0 && zeros > 0 || ranked && others > 0) {
				d.say("what shows of %s tells what was suppressed", question)
				break
			}
		}
	}
}
