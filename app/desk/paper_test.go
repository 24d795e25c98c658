package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/outbox"
	"rondo/storage/db"
)

// paper is a study on paper: it answers everything the desk asks for and counts the changes it was asked to make. What a step does
// to a real wave is tested where it is done; here only the room is looked at.
type paper struct {
	mutex        sync.Mutex
	now          time.Time
	waves        []Wave
	releases     []Release
	entries      []Entry
	mail         MailState
	changes      []string     // in words, in order
	refuse       error        // what the next change answers
	faults, bare []Fault      // of reminders, of results for employers
	proposed     []Nomination // besides the three
	corrected    string       // before the address of n1
	ahead        Ahead        // of a scientific release of employers
	long         func(context.Context, Tell) error
	parts        func(each func([]byte) error) error // of a bundle

	bareTexts bool // nobody has taken out the texts

	respondents int // multiple of 5

	accounts map[string]kept // by id
	links    map[string]invited
	sessions map[string]string // hash to account id
	failures map[string]failed
}

type kept struct {
	auth.Account
	hash   string
	factor []byte
	step   int64
}

type invited struct {
	email string
	role  auth.Role
	ends  time.Time
}

type failed struct {
	n    int
	last time.Time
}

var morning = time.Date(2026, 5, 4, 6, 0, 0, 0, time.UTC)

func newPaper() *paper {
	p := &paper{now: morning, accounts: map[string]kept{}, links: map[string]invited{}, sessions: map[string]string{}, failures: map[string]failed{}}
	opens, closes := morning.Add(-72*time.Hour), morning.Add(40*24*time.Hour)
	p.waves = []Wave{
		{Label: "2026", RefFrom: 2023, RefTo: 2025, State: "running", HeadReleases: true, Populations: []Population{
			{Name: "office", Questionnaire: "office/2", State: "open", Opens: opens, Closes: closes, Participants: 26, MayClose: true},
			{Name: "employer", Questionnaire: "employer/2", State: "open", Opens: opens, Closes: closes, Participants: 1234, MayClose: true},
			{Name: "discussion", Questionnaire: "discussion/2", State: "planned", Opens: opens, Closes: closes, Participants: 26, MayOpen: true},
		}},
		{Label: "2015", RefFrom: 2012, RefTo: 2014, State: "released", Synthetic: true, Populations: []Population{
			{Name: "office", Questionnaire: "office/1", State: "closed", Opens: opens.AddDate(-11, 0, 0), Closes: closes.AddDate(-11, 0, 0), Participants: 26, MayFreeze: true},
			{Name: "employer", Questionnaire: "employer/1", State: "closed", Opens: opens.AddDate(-11, 0, 0), Closes: closes.AddDate(-11, 0, 0),
				Participants: 109, Frozen: true, Snapshot: "5f0c7a9d1e2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5"},
			{Name: "discussion", Questionnaire: "discussion/1", State: "closed", Opens: opens.AddDate(-11, 0, 0), Closes: closes.AddDate(-11, 0, 0), Participants: 26, MayFreeze: true},
		}},
	}
	p.releases = []Release{
		{ID: "r3", Population: "employer", Profile: "scientific", State: "proposed", ProposedBy: "lead@bsv.example", FileName: "rondo-2015-employer-scientific.zip",
			SHA256: "91a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c55f0c7a9", Size: 81234, Made: morning, Rows: 109, Marks: "synthetic"},
		{ID: "r2", Population: "employer", Profile: "public", State: "approved", ProposedBy: "lead@bsv.example", ApprovedBy: "reviewer@bsv.example",
			FileName: "rondo-2015-employer-public.zip", SHA256: "2b3c4d5e6f708192a3b4c55f0c7a991a2b3c4d5e6f708192a3b4c5d6e7f8091a", Size: 61234, Made: morning, Rows: 109, Marks: "synthetic"},
		{ID: "r0", Population: "employer", Profile: "scientific", State: "rejected", ProposedBy: "lead@bsv.example", FileName: "old.zip", Made: morning},
		{ID: "r1", Population: "office", Profile: "internal", State: "internal", ProposedBy: "analyst@bsv.example", FileName: "rondo-2015-office-internal.zip",
			SHA256: "d6e7f8091a2b3c4d5e6f708192a3b4c55f0c7a991a2b3c4d5e6f708192a3b4c5", Size: 41234, Made: morning, Rows: 23, Marks: "synthetic"},
	}
	p.mail.Rows = []MailCount{{"office", "invitation", "sent", 26, false}, {"employer", "invitation", "handled", 1231, false},
		{"employer", "invitation", "returned", 0, true}, {"employer", "reminder", "queued", 900, true}}
	p.mail.Trouble = []Trouble{{"m1", "employer", "invitation", "Muster AG", "v…@muster.example", "unknown", "421", true, false},
		{"m2", "employer", "invitation", "Sägerei Beispiel & Söhne", "i…@saegerei.example", "failed", "550", true, false},
		{"m3", "employer", "reminder", "", "", "failed", "550", false, false}, {"m4", "employer", "handover", "", "", "returned", "5.1.1", false, true}}
	for i, role := range auth.Roles {
		id := fmt.Sprint("a", i)
		p.accounts[id] = kept{auth.Account{ID: id, Email: string(role) + "@bsv.example", Name: "Vera " + string(role), Role: role}, "", nil, 0}
	}
	return p
}

// change notes a change in words and gives what was set to be refused.
func (p *paper) change(words ...any) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	err := p.refuse
	p.refuse = nil
	if err == nil {
		p.changes = append(p.changes, fmt.Sprint(words...))
	}
	return err
}

func (p *paper) Waves(context.Context) ([]Wave, error) { return p.waves, nil }

func (p *paper) Wave(_ context.Context, label string) (Wave, error) {
	for _, w := range p.waves {
		if w.Label == label {
			return w, nil
		}
	}
	return Wave{}, db.ErrNotFound
}

func (p *paper) Questionnaires(_ context.Context, population string) ([]string, error) {
	return []string{population + "/2", population + "/1"}, nil
}

func (p *paper) CreateWave(_ context.Context, w NewWave) ([]Problem, error) {
	if _, err := p.Wave(context.Background(), w.Label); err == nil {
		return []Problem{{Field: "label", Key: "taken"}}, nil
	}
	heads := map[bool]string{true: " heads release"}[w.HeadReleases]
	return nil, p.change("create ", w.Label, w.Opens.Format(" 15:04 "), w.Employer, heads)
}

func (p *paper) RepeatWave(_ context.Context, label string, w NewWave) ([]Problem, error) {
	return nil, p.change("repeat ", label, " as ", w.Label)
}

func (p *paper) OpenPopulation(_ context.Context, label, population string) error {
	return p.change("open ", label, " ", population)
}

func (p *paper) ClosePopulation(_ context.Context, label, population string) error {
	return p.change("close ", label, " ", population)
}

func (p *paper) MoveEnd(_ context.Context, label, population string, closes time.Time) ([]Problem, error) {
	if closes.Before(p.now) {
		return []Problem{{Field: "closes", Key: "past"}}, nil
	}
	return nil, p.change("end ", label, " ", population, closes.Format(" 2006-01-02T15:04Z"))
}

func (p *paper) Freeze(_ context.Context, label, population string) error {
	return p.change("freeze ", label, " ", population)
}

func (p *paper) Archive(_ context.Context, label string) error { return p.change("archive ", label) }

func (p *paper) Offices(context.Context, string) ([]Office, error) {
	return []Office{{"AG", "IV-Stelle Aargau", "de", "submitted", 5, 5, "h…@ag.example", true}, {"FR", "Office AI Fribourg", "fr", "started", 2, 5, "", false},
		{"GE", "Office AI Genève", "fr", "to_release", 2, 5, "h…@ge.example", true},
		{"TI", "Ufficio AI Ticino", "it", "not_started", 0, 5, "", false}, {"ZH", "IV-Stelle Zürich", "de", "refused", 0, 8, "", false}}, nil
}

func (p *paper) SetHead(_ context.Context, label, code, email string) ([]Problem, error) {
	if _, ok := address(email); !ok {
		return []Problem{{Field: "email", Key: "head"}}, nil
	}
	return nil, p.change("head ", label, " ", code, " ", email)
}

func (p *paper) Groups(context.Context, string) ([]Group, error) {
	return []Group{
		{Name: "ZH", Offices: []string{"ZH"}, Invited: 60, Strata: []Stratum{{[]string{"group=ZH", "office_size=large", "selection=picked"}, 40}, {nil, 20}}},
		{Name: "UR+OW+NW", Offices: []string{"UR", "OW", "NW"}, Invited: 14, Small: true, Strata: []Stratum{{nil, 14}}},
	}, nil
}

func (p *paper) Counts(context.Context, string) (Counts, error) {
	return Counts{1234, 405, 610, 690, []GroupCount{{"ZH", 60, 25}, {"UR+OW+NW", 14, 5}}}, nil
}

func (p *paper) ReleaseAhead(_ context.Context, _, population, profile string) (Ahead, error) {
	if population == "employer" && profile == "scientific" {
		return p.ahead, nil
	}
	return Ahead{}, nil
}

func (p *paper) PreviewRelease(ctx context.Context, _, _, population, _ string, tell Tell) (ReleasePreview, error) {
	if err := p.work(ctx, tell); err != nil {
		return ReleasePreview{}, err
	}
	if population == "office" {
		return ReleasePreview{K: 5, Records: 23, Capacity: 4, Refused: "population"}, nil
	}
	keys := []KeyView{{"Grösse", 2, 4, 0, []string{"1 bis 49", "50 und mehr"}, ""}, {"Branche", 3, 10, 4, []string{"I", "II", "III"}, "de"}, {"Kanton", 1, 26, 0, nil, ""}}
	return ReleasePreview{K: 5, Records: 109, Capacity: 21, Uniques: 71, Expected: 88, Nodes: 84, Ways: []Way{
		{Keys: keys, Lost: 41, Classes: 9, Smallest: 5, Released: true}, {Keys: keys, Lost: 47, Classes: 8, Smallest: 7, LeftOut: 3, Whole: true},
	}, Compared: []Compared{{true, Measured{221, 0, 7, 46, 14}, Measured{112, 84, 1, 23, 100}}, {false, Measured{4, 0, 5, 41, 20}, Measured{4, 2, 3, 41, 33}}}}, nil
}

// work is as long as the test wants it to be: it tells, and ends with its context.
func (p *paper) work(ctx context.Context, tell Tell) error {
	if tell == nil || p.long == nil {
		return nil
	}
	return p.long(ctx, tell)
}

func (p *paper) RejectRelease(_ context.Context, _, id, by, reason string) error {
	return p.change("reject ", id, " by ", by, ": ", reason)
}

func (p *paper) NonResponse(context.Context, string, string) ([]Outcomes, error) {
	return []Outcomes{
		{"all", "all", 1234, 805, 20, 15, 390}, {"group", "ZH", 60, 25, 0, 0, 30}, {"size", "1-9", 500, 300, 10, 5, 180},
		{"branch", "Bau", 40, 20, 0, 0, 15}, {"language", "fr", 400, 250, 5, 5, 135}, {"selection", "picked", 1200, 800, 20, 15, 360},
		{"selection", "*few", 34, 5, 0, 0, 25},
	}, nil
}

func (p *paper) Discussions(context.Context, string) ([]Discussion, error) {
	return []Discussion{{"AG", "IV-Stelle Aargau", "submitted", true}, {"FR", "Office AI Fribourg", "not_started", false}}, nil
}

func (p *paper) Selections(context.Context, string) (Selections, error) {
	return Selections{"either", []OfficeSelection{
		{Code: "AG", Mode: "drawn", Firms: 340, Seed: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Nominated: 3, Quota: 10, Excluded: map[string]int{"gone": 2, "no_contact": 1}},
		{Code: "FR", Mode: "picked", Firms: 1200, Quota: 10, MayReset: true}, {Code: "ZH", Quota: 10},
	}}, nil
}

func (p *paper) SelectOffices(_ context.Context, label, mode string) error {
	return p.change("select ", label, " ", mode)
}

func (p *paper) Unselect(_ context.Context, label, code string) error {
	return p.change("unselect ", label, " ", code)
}

func (p *paper) Panel(context.Context, string) ([]PanelMember, error) {
	return []PanelMember{
		{ID: "m1", Name: "Bäckerei Muster", Email: "v…@baeckerei.example", Language: "de", Year: 2015},
		{ID: "m2", Name: "Garage Exemple", Email: "i…@garage.example", Language: "fr", Year: 2015, Why: "stopped"},
		{ID: "m3", Name: "Panificio Esempio", Email: "i…@panificio.example", Language: "it", Year: 2015, Like: "Panificio Esempi"},
	}, nil
}

func (p *paper) TakePanel(_ context.Context, _ string, ids []string) (int, error) {
	return len(ids), p.change("panel ", ids)
}

func (p *paper) RejectNominations(_ context.Context, _ string, ids []string, reason string) (int, error) {
	return len(ids), p.change("reject ", ids, " ", reason)
}

func (p *paper) CheckList(_ context.Context, _, _, _, fileName string, content []byte) (Verdicts, error) {
	v := Verdicts{Lines: []Verdict{{2, "Bäckerei Muster", true, ""}}, Good: 1, All: 1}
	if strings.TrimSpace(string(content)) == "bad" {
		v.Lines = append(v.Lines, Verdict{17, fileName, false, "Zeile 17: Das ist keine E-Mail-Adresse."})
		v.Refused, v.All = 1, 2
	}
	return v, nil
}

func (p *paper) ImportList(ctx context.Context, lang, label, population, fileName string, content []byte, progress Tell) (Verdicts, error) {
	v, err := p.CheckList(ctx, lang, label, population, fileName, content)
	if progress != nil {
		for done := range 3 {
			progress("keep", done, 2)
		}
	}
	if err == nil && v.Refused == 0 {
		v.Kept = v.Good
		err = p.change("import ", label, " ", population, " ", fileName, " ", string(content))
	}
	return v, err
}

func (p *paper) PlanMail(_ context.Context, _, population, kind string) (Plan, error) {
	plan := Plan{Population: population, Kind: kind, Queue: 26, Already: 3, Suppressed: 1, Unreachable: 2, Languages: map[string]int{"de": 20, "fr": 6}}
	switch {
	case kind == "results" && population == "employer":
		plan = Plan{Population: population, Kind: kind, Queue: p.respondents, Floored: true, Faults: p.bare}
	case kind == "results":
		plan.Blocked, plan.Queue = "not_closed", 0
	case kind == "thanks":
		plan.Blocked, plan.Queue = "no_one", 0
	case population == "employer":
		plan.Queue = 1234
	}
	plan.Name, plan.Takes = kind, 7*time.Minute
	if kind == "reminder" {
		plan.Name = "reminder2"
		plan.Faults = p.faults
	}
	return plan, nil
}

func (p *paper) QueueMail(_ context.Context, label, population, kind string) (int, error) {
	return 26, p.change("queue ", label, " ", population, " ", kind)
}

func (p *paper) PauseMail(_ context.Context, _ string, paused bool) error {
	return p.change("pause ", paused)
}

func (p *paper) MailState(context.Context, string) (MailState, error) { return p.mail, nil }

func (p *paper) CountAsSent(_ context.Context, _, id string) error { return p.change("sent ", id) }

func (p *paper) CorrectColleague(_ context.Context, label, wrong, right string) ([]Problem, error) {
	switch {
	case wrong != "mistyped@firma.example":
		return []Problem{{Field: "wrong", Key: "mistyped"}}, nil
	case right == "":
		return []Problem{{Field: "right", Key: "colleague"}}, nil
	}
	return nil, p.change("correct ", label, " ", right)
}

func (p *paper) Resend(_ context.Context, _, id string) error { return p.change("again ", id) }

// Tasks and Correct are as app/outbox would answer.
func (p *paper) Tasks(context.Context, string) ([]Task, error) {
	return []Task{{ID: "p1", Population: "office", Name: "IV-Stelle Bern", Email: "bern@iv.example.ch", Language: "de", Status: "5.1.1"},
		{ID: "p2", Population: "employer", Name: "Voll AG", Email: "voll@firma.example.ch", Language: "fr", Soft: true}}, nil
}

func (p *paper) Correct(_ context.Context, label, id, address, lang string) error {
	if address == "nobody" {
		return outbox.ErrBadAddress
	}
	return p.change("correct ", label, " ", id, " ", address, " ", lang)
}

func (p *paper) Releases(context.Context, string) ([]Release, error) { return p.releases, nil }

func (p *paper) BuildRelease(ctx context.Context, label, population, profile, by, reason string, tell Tell) (Release, error) {
	if err := p.work(ctx, tell); err != nil {
		return Release{}, err
	}
	if reason != "" {
		reason = ": " + reason
	}
	return Release{ID: "r9", SHA256: "sum"}, p.change("build ", label, " ", population, " ", profile, " by ", by, reason)
}

func (p *paper) ApproveRelease(_ context.Context, _, id, by string) error {
	return p.change("approve ", id, " by ", by)
}

func (p *paper) ReleaseParts(_ context.Context, _, id string, each func([]byte) error) error {
	if p.parts != nil {
		return p.parts(each)
	}
	return errors.Join(each([]byte("first ")), each([]byte("second")))
}

func (p *paper) Note(_ context.Context, who, action, object, detail string) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.entries = append(p.entries, Entry{p.now, who, action, object, detail})
	return nil
}

func (p *paper) Last(_ context.Context, n int) ([]Entry, error) {
	last := slices.Clone(p.entries)
	slices.Reverse(last)
	return last[:min(n, len(last))], nil
}

func (p *paper) Verify(context.Context) (bool, error) { return true, nil }

// record is what main does with the discussion's link.
func (p *paper) record(c *fiber.Ctx, label, code string) error {
	return p.change("record ", label, " ", code)
}
