package nominate

import (
	"strconv"
	"strings"
	"testing"
)

func TestAListOfOfficesMayNameTheirHeads(t *testing.T) {
	for heading, want := range map[string]string{
		"head": "2|3|4 bad_head|5 head_same", "Leitung": "2|3|4 bad_head|5 head_same", "Direction": "2|3|4 bad_head|5 head_same",
		"Direzione": "2|3|4 bad_head|5 head_same", "Bemerkung": "2|3|4|5",
	} {
		list := "code,name,email,language," + heading + "\nZH,Zürich,zh@iv.ch,de,Chefin <chefin@IV.ch>\nBE,Bern,be@iv.ch,de,\n" +
			"VD,Vaud,vd@ai.ch,fr,la directrice\nTI,Ticino,ti@ai.ch,it,TI@ai.ch\n"
		offices, verdicts, err := ReadOffices([]byte(list), func(string) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range DecideOffices(offices, verdicts, nil) {
			line := strconv.Itoa(v.Line)
			for _, p := range v.Problems {
				line += " " + p.Rule
			}
			got = append(got, line)
			if strings.Contains(v.Sentence("fr"), "office.") {
				t.Errorf("a verdict without words: %q", v.Sentence("fr"))
			}
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s: verdicts %q, want %q", heading, strings.Join(got, "|"), want)
		}
		head := map[bool]string{true: "chefin@iv.ch"}[heading != "Bemerkung"]
		if p := Offices(offices)[0]; p.Head != head || p.Email != "zh@iv.ch" {
			t.Errorf("%s: the head is %q", heading, p.Head)
		}
	}
}
