package verify

import (
	"bytes"
	"strings"
	"testing"
)

// listed is a bundle that stays in the house, with these corrections listed.
func listed(t *testing.T, sheet string) (Report, error) {
	t.Helper()
	bundle := zipped(t, edit{
		files: func(f map[string]string) {
			f["README"] = "synthetic, not anonymised"
			f[correctionsFile] = `{"synthetic": true, "corrections": [` + sheet + `]}`
			f["report/corrections.html"] = "synthetic"
		},
		manifest: func(m map[string]any) { m["k"], m["profile"], m["keys"] = 0, "internal", nil },
	})
	return Bundle(bytes.NewReader(bundle), int64(len(bundle)))
}

func TestDataHoldNoValueThatWasCorrected(t *testing.T) {
	for sheet, want := range map[string]string{
		`{"variable": "e_free", "from": "7", "to": "1", "responses": 3}`:                                                                   "",
		`{"variable": "e_free", "from": "1", "to": "-92", "responses": 3}`:                                                                 "still holds a value that was corrected",
		`{"variable": "e_free", "from": "1", "to": "-92", "responses": 3}, {"variable": "e_free", "from": "2", "to": "1", "responses": 6}`: "",
		`{"variable": "e_gone", "from": "1", "to": "2", "responses": 3}`:                                                                   "is no column",
		`{"variable": "e_free", "from": "7", "to": "1", "responses": 13}`:                                                                  "more records than there are",
		`{"variable": "e_free", "office": "BE", "from": "7", "to": "1", "responses": 1}`:                                                   "without offices",
		``: "is no list",
	} {
		got, err := listed(t, sheet)
		if found := strings.Join(got.Findings, "\n"); want == "" && err != nil || !strings.Contains(found, want) {
			t.Errorf("%s: found %q, want %q", sheet, found, want)
		}
	}
}

func TestWhatLeavesTheHouseTellsNoSmallNumberOfCorrections(t *testing.T) {
	for change, want := range map[string]string{
		`{"columns": [{"variable": "e_free", "corrected": "4"}]}`:  "counts fewer than k=5 corrected",
		`{"columns": [{"variable": "e_free", "corrected": "5"}]}`:  "",
		`{"columns": [{"variable": "e_free", "corrected": "<5"}]}`: "",
		`listed`: "must not leave the house",
	} {
		bundle := zipped(t, edit{files: func(f map[string]string) {
			f["report/anonymisation.json"] = "\"synthetic\""
			if change == "listed" {
				f[correctionsFile] = `{"synthetic": true}`
			} else {
				f["report/anonymisation.json"] = strings.Replace(change, "{", `{"synthetic": true, `, 1)
			}
		}})
		got, _ := Bundle(bytes.NewReader(bundle), int64(len(bundle)))
		found := strings.Join(got.Findings, "\n") // a report of so few words breaks other promises too
		if want == "" && strings.Contains(found, "corrected") || !strings.Contains(found, want) {
			t.Errorf("%s: found %q, want %q", change, found, want)
		}
	}
}
