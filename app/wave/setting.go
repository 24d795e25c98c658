package wave

import (
	"time"

	"rondo/questionnaires"
	"rondo/storage/identity"
)

// anyOffice is what an employer who came from the panel is asked about: no office proposed it.
var anyOffice = questionnaires.Text{"de": "Ihre IV-Stelle", "fr": "votre office AI", "it": "il vostro ufficio AI", "en": "your IV office"}

// Setting is what a wave and a participant put into a questionnaire: the reference period, the
// office's name, what is filled in beforehand. now is the database's time.
func (s *Service) Setting(h identity.Holder, now time.Time) questionnaires.Setting {
	setting := questionnaires.Setting{
		RefFrom: h.Wave.RefFrom, RefTo: h.Wave.RefTo,
		Today:   now.Format(time.DateOnly),
		Prefill: map[string]string{},
		Office:  questionnaires.Text{},
	}
	office := &identity.HolderOffice{Code: h.Code, Name: h.Name, Names: h.Names}
	if h.Population.Name == "employer" {
		office = h.Office
	}
	if office == nil {
		for lang, name := range anyOffice {
			setting.Office[lang] = name
		}
		return setting
	}
	for lang, name := range office.Names {
		setting.Office[lang] = name
	}
	if len(setting.Office) == 0 {
		for _, lang := range questionnaires.Languages {
			setting.Office[lang] = office.Name
		}
	}
	if h.Population.Name == "office" {
		setting.Prefill["o_canton"] = h.Code
	}
	if h.Population.Name == "discussion" {
		setting.Offices = []string{h.Code}
	}
	return setting
}
