package synthetic

import (
	"testing"

	"rondo/questionnaires"
)

func instruments(t *testing.T) Instruments {
	t.Helper()
	book := func(ref string) *questionnaires.Questionnaire {
		q, err := questionnaires.Builtin(ref)
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	return Instruments{book("office/1"), book("employer/1"), book("discussion/1")}
}

// share counts respondents whose answer to a variable is one of codes.
func share(all []questionnaires.Answers, variable string, codes ...string) (n int) {
	for _, a := range all {
		for _, c := range codes {
			if v := a[variable]; len(v.Codes) == 1 && v.Codes[0] == c {
				n++
			}
		}
	}
	return n
}

func made(t *testing.T) (Study, []questionnaires.Answers, []questionnaires.Answers) {
	s := Make(Seed, instruments(t))
	var offices, employers []questionnaires.Answers
	for _, o := range s.Offices {
		if o.Answers != nil {
			offices = append(offices, o.Answers)
		}
	}
	for _, e := range s.Employers {
		if e.Answers != nil {
			employers = append(employers, e.Answers)
		}
	}
	return s, offices, employers
}

func TestEverySetOfAnswersSettles(t *testing.T) {
	with := instruments(t)
	s := Make(Seed, with)
	for _, o := range s.Offices {
		if o.Answers == nil {
			continue
		}
		setting := questionnaires.Setting{RefFrom: 2010, RefTo: 2015, Today: "2015-12-20", Prefill: map[string]string{"o_canton": o.Code}}
		if _, problems := with.Office.Settle(o.Answers, setting); len(problems) > 0 {
			t.Errorf("office %s: %+v", o.Code, problems)
		}
		if _, problems := with.Discussion.Settle(o.Protocol, setting); len(problems) > 0 {
			t.Errorf("protocol %s: %+v", o.Code, problems)
		}
	}
	for i, e := range s.Employers {
		if e.Answers == nil {
			continue
		}
		if _, problems := with.Employer.Settle(e.Answers, questionnaires.Setting{RefFrom: 2010, RefTo: 2015}); len(problems) > 0 {
			t.Errorf("employer %d: %+v", i, problems)
		}
	}
}

func TestThePublishedFiguresOf2015ComeOut(t *testing.T) {
	s, offices, employers := made(t)
	protocols, perOffice := 0, map[string]int{}
	for _, o := range s.Offices {
		if o.Protocol != nil {
			protocols++
		}
	}
	for _, e := range s.Employers {
		if e.Answers != nil {
			perOffice[e.Office]++
		}
	}
	top := func(variable string) int { return share(employers, variable, "3", "4") }
	for _, target := range []struct {
		name      string
		got       int
		low, high int
	}{
		{"T1 invited offices", len(s.Offices), 26, 26},
		{"T1 answering offices", len(offices), 23, 23},
		{"T2 answering employers", len(employers), 109, 109},
		{"T3 good support", top("e_support"), 75, 75},
		{"T4 reaction time", top("e_sat_contact__reaction_time"), 82, 82},
		{"T5 quality of answers", top("e_sat_contact__answer_quality"), 81, 81},
		{"T6 cases too long", share(offices, "o_case_duration", "1", "2"), 11, 12},
		{"T7 detailed strategy", share(offices, "o_strategy", "detailed"), 15, 15},
		{"T8 protocols", protocols, 23, 23},
		{"T9 results", top("e_results__results"), 77, 109},
		{"T9 efficiency", top("e_results__efficiency"), 77, 109},
		{"T9 effectiveness", top("e_results__effectiveness"), 77, 109},
		{"T12 the firm itself", share(employers, "e_initiator", "company"), 55, 109},
		{"T13 early detection", top("e_effects__early_detection"), 0, 35},
		{"T13 hiring", top("e_effects__hiring"), 0, 35},
		{"T14 too long", share(employers, "e_duration", "1", "2"), 55, 109},
		{"T18 own field", share(offices, "o_noncase_field", "own_field"), 5, 7},
		{"T20 important", top("e_importance"), 82, 109},
		{"offices with an answering employer", len(perOffice), 23, 23},
	} {
		if target.got < target.low || target.got > target.high {
			t.Errorf("%s: %d, want %d to %d", target.name, target.got, target.low, target.high)
		}
	}
}

func TestPublishedOrdersOf2015Hold(t *testing.T) {
	s, offices, employers := made(t)
	phone, visit := share(employers, "e_first_channel", "phone"), share(employers, "e_first_channel", "visit")
	if rest := len(employers) - phone - visit; phone <= visit || visit <= rest/2 {
		t.Errorf("T10: telephone %d, visit %d, others %d", phone, visit, rest)
	}
	often := func(row string) int { return share(employers, "e_info_channels__"+row, "4") }
	if min(often("phone"), often("visit")) < 2*max(often("brochure"), often("website")) {
		t.Errorf("T11: phone %d visit %d brochure %d website %d", often("phone"), often("visit"), often("brochure"), often("website"))
	}
	for _, high := range databaseUse[:5] {
		for _, low := range databaseUse[5:] {
			if h, l := share(offices, "o_db_use__"+high.row, "4"), share(offices, "o_db_use__"+low.row, "4"); h <= l {
				t.Errorf("T15: %s %d is not above %s %d", high.row, h, low.row, l)
			}
		}
	}
	for i, row := range []string{"fast_contact", "personal", "exchange_will", "fixed_contact", "clear_agreement", "financial", "benefit", "constancy"} {
		if m := mean(offices, "o_case_success__"+row); (i < 3) != (m >= 3.6) {
			t.Errorf("T16: %s has mean %.2f", row, m)
		}
	}
	small, large := 0, 0
	for _, o := range s.Offices {
		if o.Answers == nil {
			continue
		}
		one := []questionnaires.Answers{o.Answers}
		agrees := share(one, "o_stance__reactive", "3", "4")
		if o.Large {
			large += agrees
		} else {
			small += agrees
		}
		a, b, c := form(o.Answers, "a_"), form(o.Answers, "b_"), form(o.Answers, "c_")
		above := 0
		for _, m := range []float64{a, b, c} {
			if m > 2.5 {
				above++
			}
		}
		if above < 2 {
			t.Errorf("T19: %s has only one form above the midpoint: %.1f %.1f %.1f", o.Code, a, b, c)
		}
		if !o.Large && (c < a || c < b) {
			t.Errorf("T19: the small office %s does not lean to C: %.1f %.1f %.1f", o.Code, a, b, c)
		}
	}
	if small != 8 || large < 9 {
		t.Errorf("T17: reactive in %d of 8 small and %d of 15 large offices", small, large)
	}
}

func mean(all []questionnaires.Answers, variable string) float64 {
	sum, n := 0.0, 0
	for _, a := range all {
		if v := a[variable]; len(v.Codes) == 1 {
			sum += float64(v.Codes[0][0] - '0')
			n++
		}
	}
	return sum / float64(n)
}

// form is the mean of an office's four rows of one form of cooperation.
func form(a questionnaires.Answers, prefix string) float64 {
	sum, n := 0.0, 0
	for _, row := range []string{"a_new_measures", "a_whole_company", "a_health_challenges", "a_org_relations", "b_processes", "b_instruments", "b_interfaces", "b_internal", "c_single_case", "c_personal_relation", "c_request", "c_tailored"} {
		if v := a["o_type__"+row]; row[:2] == prefix && len(v.Codes) == 1 {
			sum += float64(v.Codes[0][0] - '0')
			n++
		}
	}
	return sum / float64(n)
}
