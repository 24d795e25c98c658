package nominate

import "testing"

func TestALineThatCannotBeTakenUsesUpNoQuota(t *testing.T) {
	list := []Employer{
		{Line: 2, Office: "ZH", Name: "Erste AG", Email: "a@example.ch", Language: "de", Size: "1-9", Branch: "f"},
		{Line: 3, Office: "ZH", Name: "Erste AG", Email: "a@example.ch", Language: "de", Size: "1-9", Branch: "f"},
		{Line: 4, Office: "ZH", Name: "Zweite AG", Email: "b@example.ch", Language: "de", Size: "1-9", Branch: "f"},
		{Line: 5, Office: "ZH", Name: "Dritte AG", Email: "c@example.ch", Language: "de", Size: "1-9", Branch: "f"},
	}
	frame := Frame{Offices: map[string]Allowance{"ZH": {Quota: 2}}, Quotas: true}
	var got []string
	for _, v := range Decide(list, make([]Verdict, len(list)), frame) {
		rule := "good"
		if len(v.Problems) > 0 {
			rule = v.Problems[0].Rule
		}
		got = append(got, rule)
	}
	want := []string{"good", "duplicate_in_list", "good", "over_quota"}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d is %s, want %s", list[i].Line, got[i], want[i])
		}
	}
}
