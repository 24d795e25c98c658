package office

import (
	"slices"
	"strings"
	"testing"

	"rondo/app/nominate"
)

func TestAListSaysWhichLetterMeansWhichBranchAndReadsItBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		for _, list := range []string{"", "Eins;eins@eins.ch;de;5;Dienstleistung\n"} {
			h.Open("/office/nominations/list")
			if list != "" {
				h.Form("main form").Fill("list", list).Submit()
			}
			words, said := labels("de", "e_branch", nominate.Branches), []string{}
			for _, line := range h.Texts("details.letters li") {
				letter, branch, _ := strings.Cut(line, " ")
				group, ok := nominate.Branch(letter)
				if !ok || words(group) != branch || group == branch {
					t.Errorf("%q is read as %q", line, words(group))
				}
				said = append(said, group)
			}
			if !slices.Equal(said, nominate.Branches) {
				t.Errorf("after %q the page explains %v", list, said)
			}
		}
	})
}
