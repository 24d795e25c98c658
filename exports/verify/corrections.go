package verify

import (
	"encoding/json"
	"strconv"
	"strings"
)

const correctionsFile = "report/corrections.json"

type correction struct {
	Variable  string `json:"variable"`
	Office    string `json:"office"`
	From      string `json:"from"`
	To        string `json:"to"`
	Responses int    `json:"responses"`
}

// checkCorrections looks whether the data are what the list of corrections says they became, and
// whether what leaves the house says so in no number that is too small.
func checkCorrections(files map[string][]byte, m manifest, names []string, rows [][]string, say func(string, ...any)) {
	body, there := files[correctionsFile]
	if m.K > 0 {
		if there || len(files["report/corrections.html"]) > 0 {
			say("the list of corrections holds answers and must not leave the house")
		}
		checkCorrectedCounts(files["report/anonymisation.json"], m.K, say)
		return
	}
	if !there {
		return
	}
	var sheet struct {
		Corrections []correction `json:"corrections"`
	}
	if err := json.Unmarshal(body, &sheet); err != nil || len(sheet.Corrections) == 0 {
		say("%s is no list", correctionsFile)
		return
	}
	for _, c := range sheet.Corrections {
		at, office := place(names, c.Variable), place(names, "office")
		switch {
		case at < 0:
			say("%s was corrected and is no column", c.Variable)
		case c.Responses < 0 || c.Responses > len(rows):
			say("%s was corrected in more records than there are", c.Variable)
		case c.Office != "" && office < 0:
			say("%s was corrected for one office in data without offices", c.Variable)
		case strings.HasSuffix(c.Variable, "_other") && !strings.HasSuffix(c.Variable, "__other"):
			// Texts are cleaned on their way into a file; two that were told apart may look alike there.
		case becomes(sheet.Corrections, c.Variable, c.From):
		default:
			for _, row := range rows {
				if row[at] == c.From && (c.Office == "" || row[office] == c.Office) {
					say("%s still holds a value that was corrected", c.Variable)
					break
				}
			}
		}
	}
}

// becomes says whether a correction of the variable, or of the text beside it, makes this value.
func becomes(sheet []correction, variable, value string) bool {
	for _, c := range sheet {
		if (c.Variable == variable || c.Variable == variable+"_other") && c.To == value {
			return true
		}
	}
	return false
}

func place(names []string, name string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return -1
}

func checkCorrectedCounts(report []byte, k int, say func(string, ...any)) {
	var r struct {
		Columns []struct {
			Variable  string `json:"variable"`
			Corrected string `json:"corrected"`
		} `json:"columns"`
	}
	if json.Unmarshal(report, &r) != nil {
		return // other checks speak of a report that cannot be read
	}
	for _, c := range r.Columns {
		if n, err := strconv.Atoi(c.Corrected); err == nil && n > 0 && n < k {
			say("the report counts fewer than k=%d corrected answers of %s", k, c.Variable)
		}
	}
}
