package verify

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// forbidden are parts of names under which an identity would travel.
var forbidden = []string{"email", "e_mail", "mail", "phone", "address", "token", "link", "_ip", "user_agent", "time", "stamp", "contact_name"}

// checkData reads the data files and recomputes the promises from them. It gives the release for
// more checks, nil where the bundle is none.
func checkData(files map[string][]byte, m manifest, out *Report, say func(string, ...any)) *release {
	main := "data/" + m.Population + ".csv"
	body := files[main]
	if bytes.HasPrefix(body, []byte("\xef\xbb\xbf")) || bytes.Contains(body, []byte("\r")) || !utf8.Valid(body) {
		say("%s is not plain UTF-8 with LF", main)
	}
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil || len(rows) == 0 {
		say("%s is no table", main)
		return nil
	}
	names, rows := rows[0], rows[1:]
	out.Records, out.Columns = len(rows), len(names)
	if len(rows) != m.Records {
		say("%s has another number of records than the manifest says", main)
	}
	if m.Synthetic && names[0] != "synthetic" {
		say("%s does not begin with the column synthetic", main)
	}
	checkCodebook(files["codebook/codebook.csv"], names, rows, m, say)
	checkExcel(files["data/"+m.Population+"-excel.csv"], names, rows, say)
	checkStatistics(files, m, names, rows, say)
	checkCorrections(files, m, names, rows, say)
	if m.K == 0 {
		return nil
	}
	checkNames(names, say)
	out.K, out.Classes = smallest(names, rows, m.Keys, say)
	if out.K < m.K {
		say("a combination of keys stands in fewer than k=%d rows", m.K)
	}
	return checkRelease(files, m, names, rows, say)
}

// smallest counts every combination of keys as it stands, a suppressed cell
// being a value like any other.
func smallest(names []string, rows [][]string, keys []string, say func(string, ...any)) (k, classes int) {
	var at []int
	for _, key := range keys {
		found := false
		for i, n := range names {
			if n == key {
				at, found = append(at, i), true
			}
		}
		if !found {
			say("the key %s is no column", key)
		}
	}
	if len(keys) == 0 {
		say("no keys are declared")
	}
	counts := map[string]int{}
	for _, row := range rows {
		var b strings.Builder
		for _, i := range at {
			fmt.Fprintf(&b, "%q,", row[i])
		}
		counts[b.String()]++
	}
	for _, n := range counts {
		if k == 0 || n < k {
			k = n
		}
	}
	return k, len(counts)
}

func checkNames(names []string, say func(string, ...any)) {
	for _, n := range names {
		if n == "office" || n == "language" || n == "shuffle" || strings.HasPrefix(n, "stratum") || strings.HasSuffix(n, "_other") && !strings.HasSuffix(n, "__other") { // __other: whether other was ticked
			say("the column %s must not leave the house", n)
		}
	}
}

// checkCodebook compares the data with the codebook: the same columns, no role
// that must not leave, no value that is not described.
func checkCodebook(book []byte, names []string, rows [][]string, m manifest, say func(string, ...any)) {
	lines, err := csv.NewReader(bytes.NewReader(book)).ReadAll()
	if err != nil || len(lines) == 0 || len(lines[0]) < 7 {
		say("codebook/codebook.csv is no table")
		return
	}
	var order []string
	values, kinds := map[string]map[string]bool{}, map[string]string{}
	for _, line := range lines[1:] {
		name, kind, role, code := line[0], line[1], line[2], line[6]
		if values[name] == nil {
			values[name] = map[string]bool{}
			order = append(order, name)
		}
		values[name][code], kinds[name] = true, kind
		if m.K > 0 && (role == "direct" || role == "freetext" || role == "stable_fact" || role == "public_fact" || kind == "text" || kind == "date") {
			say("%s has the role %s and must not leave the house", name, role)
		}
	}
	if strings.Join(order, ",") != strings.Join(names, ",") {
		say("the columns of the data are not those of the codebook")
		return
	}
	for i, name := range names {
		if m.K == 0 {
			for _, part := range forbidden {
				if name == part {
					say("the column %s looks like an identity", name)
				}
			}
		}
		for _, row := range rows {
			if bad := !allowed(row[i], kinds[name], values[name], m.K > 0); bad {
				say("%s holds a value that the codebook does not describe", name)
				break
			}
		}
	}
}

func allowed(cell, kind string, values map[string]bool, release bool) bool {
	if values[cell] && cell != "" {
		return true
	}
	switch kind {
	case "number", "rank":
		_, err := strconv.ParseFloat(cell, 64)
		return err == nil
	case "code", "flag":
		return release && cell == "-99"
	}
	return true
}

// checkExcel compares the spreadsheet file with the data and looks for cells
// that would run as a formula.
func checkExcel(body []byte, names []string, rows [][]string, say func(string, ...any)) {
	content, marked := bytes.CutPrefix(body, []byte("\xef\xbb\xbf"))
	if !marked {
		say("the file for Excel has no byte order mark")
	}
	cr := csv.NewReader(bytes.NewReader(content))
	cr.Comma = ';'
	lines, err := cr.ReadAll()
	if err != nil || len(lines) != len(rows)+1 || len(lines[0]) != len(names) {
		say("the file for Excel has another shape than the data")
		return
	}
	for r, row := range rows {
		for i, cell := range row {
			got := lines[r+1][i]
			if got != cell && got != "'"+cell {
				say("the file for Excel differs from the data in %s", names[i])
				return
			}
			if runs(got) {
				say("the file for Excel holds a cell in %s that would run as a formula", names[i])
				return
			}
		}
	}
}

// runs says whether a spreadsheet would take a cell for a formula.
func runs(cell string) bool {
	trimmed := strings.TrimLeft(cell, " ")
	if trimmed == "" {
		return false
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil && !strings.HasPrefix(cell, "+") {
		return false
	}
	first, _ := utf8.DecodeRuneInString(trimmed)
	switch first {
	case '=', '+', '-', '@', '\t', '\r', '\n', 0, '＝', '＋', '－', '＠':
		return true
	}
	return false
}
