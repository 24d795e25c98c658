package synthetic

import (
	"fmt"
	"math/rand/v2"

	"rondo/questionnaires"
)

// Answering is how many employers answered in 2015 (published).
const Answering = 109

// Invited is how many were invited; the real number is not published (assumed).
const Invited = 138

// Employer is one made-up firm. Answers is nil for those who were invited and did not answer.
type Employer struct {
	Office, Name, Email, Language, Size, Branch, Town string
	Answers                                           questionnaires.Answers
}

// employerTargets are T3-T5, T9-T14 and T20, as counts of 109.
var employerTargets = []target{
	{"e_contact", 0, []quota{{"1", 109}}},
	{"e_support", 1.6, []quota{{"4", 30}, {"3", 45}, {"2", 24}, {"1", 10}}},                                                                // T3: 75 of 109
	{"e_sat_contact__reaction_time", 1.2, []quota{{"4", 30}, {"3", 52}, {"2", 20}, {"1", 7}}},                                              // T4: 82
	{"e_sat_contact__answer_quality", 1.2, []quota{{"4", 34}, {"3", 47}, {"2", 21}, {"1", 7}}},                                             // T5: 81
	{"e_results__results", 1.4, []quota{{"4", 33}, {"3", 56}, {"2", 15}, {"1", 5}}},                                                        // T9: 89
	{"e_results__efficiency", 1.4, []quota{{"4", 27}, {"3", 59}, {"2", 18}, {"1", 5}}},                                                     // T9: 86
	{"e_results__effectiveness", 1.4, []quota{{"4", 31}, {"3", 56}, {"2", 17}, {"1", 5}}},                                                  // T9: 87
	{"e_results__contact_making", 1.2, []quota{{"4", 40}, {"3", 52}, {"2", 13}, {"1", 4}}},                                                 // majority positive
	{"e_results_overall", 1.6, []quota{{"4", 32}, {"3", 56}, {"2", 16}, {"1", 5}}},                                                         // majority positive
	{"e_first_channel", 0, []quota{{"phone", 48}, {"visit", 33}, {"email", 14}, {"letter", 5}, {"third", 5}, {"event", 2}, {"online", 2}}}, // T10
	{"e_info_channels__phone", .4, []quota{{"4", 63}, {"3", 30}, {"2", 12}, {"1", 4}}},                                                     // T11: 58 %
	{"e_info_channels__visit", .4, []quota{{"4", 57}, {"3", 31}, {"2", 15}, {"1", 6}}},                                                     // T11: 52 %
	{"e_info_channels__brochure", .2, []quota{{"4", 23}, {"3", 40}, {"2", 32}, {"1", 14}}},                                                 // T11: 21 %
	{"e_info_channels__website", .2, []quota{{"4", 19}, {"3", 35}, {"2", 36}, {"1", 19}}},                                                  // T11: 17 %
	{"e_initiator", 0, []quota{{"company", 73}, {"insurer", 14}, {"employee", 11}, {"iv_office", 6}, {"doctor", 3}, {"nobody", 2}}},        // T12: 67 %
	{"e_effects__early_detection", .8, []quota{{"4", 6}, {"3", 19}, {"2", 50}, {"1", 34}}},                                                 // T13: 23 %
	{"e_effects__hiring", .8, []quota{{"4", 5}, {"3", 19}, {"2", 49}, {"1", 36}}},                                                          // T13: 22 %
	{"e_duration", 1.0, []quota{{"4", 3}, {"3", 44}, {"2", 41}, {"1", 21}}},                                                                // T14: 62 of 109
	{"e_importance", 1.0, []quota{{"4", 39}, {"3", 48}, {"2", 17}, {"1", 5}}},                                                              // T20: 80 %
	{"e_size", 0, []quota{{"250+", 33}, {"50-249", 33}, {"10-49", 28}, {"1-9", 15}}},
	{"e_branch", 0, []quota{{"be", 29}, {"oq", 26}, {"gi", 23}, {"f", 11}, {"mn", 9}, {"k", 4}, {"ru", 4}, {"j", 2}, {"a", 1}}},
}

// employerHabits are the weights of what no figure is published for.
var employerHabits = weights{
	"e_since":     {"lt1": 1, "y1_2": 4, "y3_5": 8, "gt5": 12, "98": .2},
	"e_cases":     {"1": 5, "2-5": 10, "6-20": 4, "21+": 1},
	"e_frequency": {"as_needed": 10, "quarterly": 5, "monthly": 3, "yearly": 3, "less": 1},
	"e_visits":    {"regular_both": 5, "regular_case": 6, "occasional": 8, "never": 3},
	"e_setting":   {"urban": 6, "intermediate": 4, "rural": 2},
}

// answerEmployers makes up what the answering employers say under the questionnaire of the wave.
func answerEmployers(r *rand.Rand, q *questionnaires.Questionnaire, s questionnaires.Setting, list []*Employer) {
	n := len(list)
	forced := blank(n)
	distribute(r, normals(r, n), employerTargets, forced)
	for i, e := range list {
		force(forced[i], "e_canton", e.Office)
		for variable, w := range employerHabits {
			if forced[i][variable] == nil {
				forced[i][variable] = w
			}
		}
		for code := range forced[i]["e_size"] {
			e.Size = code
		}
		for code := range forced[i]["e_branch"] {
			e.Branch = code
		}
		a := q.Random(r, s, forced[i])
		if v, ok := a["e_comment"]; ok && v.Text != "" {
			a["e_comment"] = questionnaires.Value{Text: comments[e.Language][r.IntN(len(comments[e.Language]))]}
		}
		e.Answers = a
	}
}

// comments are what a few add in their own words.
var comments = map[string][]string{
	"de": {"Synthetisch: Die Ansprechperson war immer erreichbar.", "Synthetisch: Bis zum Entscheid verging zu viel Zeit.", "Synthetisch: Der Besuch im Betrieb hat uns geholfen."},
	"fr": {"Synthétique: la personne de contact était toujours joignable.", "Synthétique: la décision a pris trop de temps."},
	"it": {"Sintetico: la persona di contatto era sempre raggiungibile.", "Sintetico: la decisione ha richiesto troppo tempo."},
	"en": {"Synthetic: the contact person could always be reached."},
}

var firmWords = []string{"Alpina", "Arvenholz", "Bergwerk", "Brunnmatt", "Cervin", "Corona", "Dorfbach", "Edelweiss", "Fontana", "Furka", "Gletscher", "Helvia", "Jura", "Kastell", "Lac", "Lindenhof", "Monte", "Nordwind", "Olma", "Piz", "Quell", "Rhone", "Säntis", "Ticinella", "Uetli", "Valserina", "Weitblick", "Zeder"}

var firmForms = map[string][]string{"de": {"AG", "GmbH", "Genossenschaft"}, "fr": {"SA", "Sàrl", "Coopérative"}, "it": {"SA", "Sagl", "Cooperativa"}, "en": {"Ltd"}}

// firm makes up a firm's name and address; every name says that it is synthetic.
func firm(r *rand.Rand, i int, e *Employer) {
	forms := firmForms[e.Language]
	word := firmWords[r.IntN(len(firmWords))]
	e.Name = fmt.Sprintf("%s %d %s (synthetic)", word, i+1, forms[r.IntN(len(forms))])
	e.Email = fmt.Sprintf("hr%03d@firm%03d.example", i+1, i+1)
	e.Town = fmt.Sprintf("Musterort %s", e.Office)
}
