package exports

import (
	"strings"
	"testing"

	"rondo/questionnaires"
)

func TestLicence_holds_the_terms_of_the_house_only_in_what_leaves_it(t *testing.T) {
	m := wave(t, "employer/2", 109, 5)
	for profile, want := range map[string]string{Scientific: "under contract", Public: "any statistical purpose", Internal: "stays in the house"} {
		m.snapshot.Terms = ""
		_, bundle := build(t, m, profile)
		text := string(unzip(t, bundle)["LICENCE"])
		for _, lang := range questionnaires.Languages {
			if !strings.Contains(text, licenceTitle.In(lang)) {
				t.Errorf("%s: nothing in %s", profile, lang)
			}
		}
		if !strings.Contains(text, want) || !strings.Contains(text, "synthetic") || strings.Contains(text, "{") {
			t.Errorf("%s: %s", profile, text)
		}
		m.snapshot.Terms = "Nur für das Projekt Ä.\r\nBis 2031 zu löschen."
		_, bundle = build(t, m, profile)
		text = string(unzip(t, bundle)["LICENCE"])
		if own := strings.HasSuffix(text, "\nNur für das Projekt Ä.\nBis 2031 zu löschen.\n"); own != (profile != Internal) {
			t.Errorf("%s with terms of the house: %s", profile, text)
		}
	}
}
