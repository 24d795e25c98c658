package wave

import (
	_ "embed"
	"encoding/csv"
	"strconv"
	"strings"
)

// Office is one of the 26 cantonal IV offices.
type Office struct {
	Number    int               // of the AHV/IV system: 1-25, 150 for Jura
	Code      string            // canton: ZH, BE, …
	Names     map[string]string // by language
	Languages []string          // working languages, the first one is written to
	Large     bool              // one of the fifteen most populous cantons; our own assignment, for synthetic data and grouping only
}

//go:embed offices.csv
var officesCSV string

// Offices are the 26 cantonal offices, in the order of their numbers.
// Source: ahv-iv.ch, contacts of the IV offices; names checked by the users of the study.
var Offices = readOffices()

func readOffices() []Office {
	rows, err := csv.NewReader(strings.NewReader(officesCSV)).ReadAll()
	if err != nil {
		panic("offices.csv: " + err.Error())
	}
	var list []Office
	for _, r := range rows[1:] {
		nr, err := strconv.Atoi(r[0])
		if err != nil {
			panic("offices.csv: " + err.Error())
		}
		list = append(list, Office{
			Number: nr, Code: r[1], Languages: strings.Fields(r[2]), Large: r[3] == "L",
			Names: map[string]string{"de": r[4], "fr": r[5], "it": r[6], "en": r[7]},
		})
	}
	return list
}

// OfficeByCode finds one of the 26 offices.
func OfficeByCode(code string) (Office, bool) {
	for _, o := range Offices {
		if o.Code == code {
			return o, true
		}
	}
	return Office{}, false
}
