package synthetic

import (
	"math/rand/v2"

	"rondo/questionnaires"
)

// Office is one office of the made-up wave. Answers and Protocol are nil for the three that took no part.
type Office struct {
	Code, Name, Language, Email string
	Large                       bool
	Answers                     questionnaires.Answers
	Protocol                    questionnaires.Answers
}

// officeTargets are T6 and T15-T18 as counts of the 23 answering offices; strategy, stance and
// typology depend on size and are forced apart.
var officeTargets = []target{
	{"o_case_duration", 0, []quota{{"1", 3}, {"2", 9}, {"3", 11}}}, // T6: 12 of 23
	{"o_case_success__fast_contact", 0, []quota{{"4", 21}, {"3", 2}}},
	{"o_case_success__personal", 0, []quota{{"4", 19}, {"3", 4}}},
	{"o_case_success__exchange_will", 0, []quota{{"4", 17}, {"3", 6}}},
	{"o_case_success__fixed_contact", 0, []quota{{"4", 11}, {"3", 10}, {"2", 2}}},
	{"o_case_success__clear_agreement", 0, []quota{{"4", 10}, {"3", 10}, {"2", 3}}},
	{"o_case_success__financial", 0, []quota{{"4", 5}, {"3", 10}, {"2", 7}, {"1", 1}}},
	{"o_case_success__benefit", 0, []quota{{"4", 11}, {"3", 9}, {"2", 3}}},
	{"o_case_success__constancy", 0, []quota{{"4", 10}, {"3", 11}, {"2", 2}}},
	{"o_group_ok", 0, []quota{{"1", 23}}}, // T8
}

// databaseUse is T15, as counts of the 20 offices with a database that use the entry often.
var databaseUse = []struct {
	row   string
	often int
}{
	{"branch", 18}, {"occupations", 17}, {"activities", 16}, {"vacancies", 16}, {"placements", 15},
	{"contact_notes", 8}, {"size", 7}, {"deadlines", 6},
}

// answerOffices makes up what the answering offices say.
func answerOffices(r *rand.Rand, q *questionnaires.Questionnaire, setting func(code string) questionnaires.Setting, list []*Office) {
	forced := blank(len(list))
	distribute(r, normals(r, len(list)), officeTargets, forced)
	large, small := 0, 0
	for i, o := range list {
		if o.Large {
			largeOffice(forced[i], large)
			large++
		} else {
			smallOffice(forced[i], small)
			small++
		}
		o.Answers = q.Random(r, setting(o.Code), forced[i])
		size(r, o)
	}
	useDatabase(r, list)
}

// largeOffice forces what follows from size on the k-th of the fifteen large offices.
func largeOffice(w weights, k int) {
	force(w, "o_strategy", "detailed")                     // T7
	force(w, "o_stance__reactive", pick(k < 10, "3", "2")) // T17: 10 of 15
	force(w, "o_db", pick(k%4 == 0, "shared", "own"))
	force(w, "o_noncase", "1")
	force(w, "o_noncase_field", pick(k < 6, "own_field", "partly")) // T18: 6 of 23
	for _, row := range []string{"a_new_measures", "a_whole_company", "a_health_challenges", "a_org_relations"} {
		w["o_type__"+row] = map[string]float64{"3": 3, "4": 1}
	}
	for _, row := range []string{"b_processes", "b_instruments", "b_interfaces", "b_internal"} {
		w["o_type__"+row] = map[string]float64{"3": 2, "4": 2}
	}
	for _, row := range []string{"c_single_case", "c_personal_relation", "c_request", "c_tailored"} {
		w["o_type__"+row] = map[string]float64{"2": 1, "3": 3, "4": 1}
	}
}

// smallOffice forces what follows from size on the k-th of the eight small offices.
func smallOffice(w weights, k int) {
	force(w, "o_strategy", []string{"no_need", "outline", "informal", "no_need", "informal", "outline", "informal", "no_need"}[k])
	force(w, "o_stance__reactive", pick(k%2 == 0, "4", "3")) // T17: all of them
	force(w, "o_stance__informal", pick(k%2 == 0, "3", "4"))
	force(w, "o_db", pick(k < 5, "own", "no"))
	force(w, "o_noncase", pick(k < 6, "1", "0"))
	force(w, "o_noncase_field", pick(k < 4, "partly", "no"))
	for _, row := range []string{"a_new_measures", "a_whole_company", "a_health_challenges", "a_org_relations"} {
		w["o_type__"+row] = map[string]float64{"1": 1, "2": 3}
	}
	for _, row := range []string{"b_processes", "b_instruments", "b_interfaces"} {
		force(w, "o_type__"+row, "3")
	}
	w["o_type__b_internal"] = map[string]float64{"2": 1, "3": 2}
	for _, row := range []string{"c_single_case", "c_personal_relation", "c_request"} {
		force(w, "o_type__"+row, "4")
	}
	w["o_type__c_tailored"] = map[string]float64{"3": 1, "4": 2}
}

// size sets the numbers of an office: posts, and the weight of the three forms (T19).
func size(r *rand.Rand, o *Office) {
	total := float64(12 + r.IntN(40))
	mix := []float64{10 + 5*float64(r.IntN(2)), 25}
	if o.Large {
		total = float64(90 + r.IntN(420))
		mix = []float64{30 + 5*float64(r.IntN(3)), 35}
	}
	employer := float64(int(total*(.03+.04*r.Float64())*10)) / 10
	number(o.Answers, "o_fte_total", total)
	number(o.Answers, "o_fte_employer", max(employer, .5))
	number(o.Answers, "o_type_mix__A", mix[0])
	number(o.Answers, "o_type_mix__B", mix[1])
	number(o.Answers, "o_type_mix__C", 100-mix[0]-mix[1])
	if _, ok := o.Answers["o_case_days"]; ok {
		number(o.Answers, "o_case_days", float64(2+r.IntN(14)))
	}
}

// useDatabase sets T15 exactly among the offices that keep a database.
func useDatabase(r *rand.Rand, list []*Office) {
	var keep []*Office
	for _, o := range list {
		if _, ok := o.Answers["o_db_use__branch"]; ok {
			keep = append(keep, o)
		}
	}
	for _, use := range databaseUse {
		r.Shuffle(len(keep), func(i, j int) { keep[i], keep[j] = keep[j], keep[i] })
		for i, o := range keep {
			code := pick(i < use.often, "4", pick(i%2 == 0, "3", "2"))
			o.Answers["o_db_use__"+use.row] = questionnaires.Value{Codes: []string{code}}
		}
	}
}

// protocols makes up the minutes of the discussion with each answering office.
func protocols(r *rand.Rand, q *questionnaires.Questionnaire, setting func(code string) questionnaires.Setting, list []*Office) {
	for _, o := range list {
		w := weights{}
		force(w, "g_office", o.Code)
		force(w, "g_survey_fit", "agree")
		a := q.Random(r, setting(o.Code), w)
		a["g_office"] = questionnaires.Value{Codes: []string{o.Code}}
		a["g_date"] = questionnaires.Value{Text: []string{"2015-12-03", "2015-12-08", "2015-12-10", "2015-12-15"}[r.IntN(4)]}
		a["g_language"] = questionnaires.Value{Codes: []string{o.Language}}
		number(a, "g_minutes", float64(90+10*r.IntN(7)))
		number(a, "g_participants__integration", float64(2+r.IntN(3)))
		o.Protocol = a
	}
}

func number(a questionnaires.Answers, variable string, n float64) {
	a[variable] = questionnaires.Value{Number: &n}
}

func pick(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}
