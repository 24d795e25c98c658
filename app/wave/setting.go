package wave

import (
	"time"

	"rondo/questionnaires"
	"rondo/storage/identity"
)

// Setting is what a wave and a participant put into a questionnaire: the reference period, the
// office's name, what is filled in beforehand. now is the database's time.
func (s *Service) Setting(entry identity.Entry, now time.Time) questionnaires.Setting {
	setting := questionnaires.Setting{
		RefFrom: entry.Wave.RefFrom, RefTo: entry.Wave.RefTo,
		Today:   now.Format(time.DateOnly),
		Prefill: map[string]string{},
		Office:  questionnaires.Text{},
	}
	office := &entry.Participant
	if entry.Participant.Population == "employer" {
		office = entry.Office
	}
	if office == nil {
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
	if entry.Participant.Population == "office" {
		setting.Prefill["o_canton"] = entry.Participant.Code
	}
	if entry.Participant.Population == "discussion" {
		setting.Offices = []string{entry.Participant.Code}
	}
	return setting
}
