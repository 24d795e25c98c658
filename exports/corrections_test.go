package exports

import (
	"strings"
	"testing"

	"rondo/questionnaires"
)

func TestAReleaseSaysThatAnswersWereCorrectedAndHidesSmallNumbers(t *testing.T) {
	m := wave(t, "employer/2", 120, 7)
	m.snapshot.Corrections = []Correction{{questionnaires.Correction{Variable: "e_health_mgmt", From: "no such answer", To: "formal", Reason: "typed <b>wrongly</b>"}, 3}}
	m.snapshot.Corrected = map[string]int{"e_health_mgmt": 3, "e_setting": 40}
	for profile, want := range map[string][2]string{Scientific: {"<5", "40"}, Public: {"<10", "40"}, Internal: {"3", "40"}} {
		_, bundle := build(t, m, profile)
		files := unzip(t, bundle)
		report := string(files["report/anonymisation.json"])
		for _, n := range want {
			if got := strings.Count(report, `"corrected": "`+n+`"`); got != 1 {
				t.Errorf("%s: %q stands %d times in the report", profile, n, got)
			}
		}
		if page := string(files["report/anonymisation.html"]); strings.Count(page, "Corrected before freezing") != 1 {
			t.Errorf("%s: the page does not say that answers were corrected", profile)
		}
		list, listed := files["report/corrections.json"]
		page := string(files["report/corrections.html"])
		if listed != (profile == Internal) || listed && (!strings.Contains(string(list), `"no such answer"`) || strings.Contains(page, "<b>")) {
			t.Errorf("%s: the list of corrections is there: %v\n%s", profile, listed, list)
		}
	}
}

func TestNothingIsSaidOfCorrectionsWhereNothingWasCorrected(t *testing.T) {
	_, bundle := build(t, wave(t, "employer/2", 120, 7), Internal)
	for name, body := range unzip(t, bundle) {
		if strings.HasPrefix(name, "report/") && (strings.Contains(name, "corrections") || strings.Contains(string(body), "orrected")) {
			t.Errorf("%s speaks of corrections", name)
		}
	}
}
