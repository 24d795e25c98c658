package main

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"rondo/app/wave"
	"rondo/app/web/webtest"
	"rondo/questionnaires"
	"rondo/storage/storagetest"
)

// course is one wave on its way, with what its people hold in their hands.
type course struct {
	*site
	lead, reviewer *webtest.Browser
	offices        map[string]string // address to link
	employers      map[string]string
	answered       map[string]string // address to receipt, of the employers who submitted
	declined       string            // address of the employer who does not take part
}

// TestAWholeWave runs a wave from its first command to its archive, through pages, commands
// and real messages only.
func TestAWholeWave(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			c := &course{site: newSite(t, dialect), answered: map[string]string{}}
			for _, part := range []struct {
				name string
				run  func()
			}{
				{"set up", c.setUp}, {"offices answer", c.officesAnswer}, {"offices nominate", c.officesNominate},
				{"staff approve", c.staffApprove}, {"employers answer", c.employersAnswer}, {"reminders", c.remind},
				{"withdraw", c.withdraw}, {"close", c.closeAll}, {"discussions", c.discuss},
				{"export", c.export}, {"release", c.release}, {"archive", c.archive},
			} {
				part.run()
				if t.Failed() {
					t.Fatalf("the wave stops at %q", part.name)
				}
			}
		})
	}
}

// tongue is the language an office is written to; one of them reads English.
func tongue(code string) string {
	if code == "ZG" {
		return "en"
	}
	o, _ := wave.OfficeByCode(code)
	return o.Languages[0]
}

func addressOf(code string) string { return "office." + strings.ToLower(code) + "@iv.example.ch" }

func (c *course) setUp() {
	c.createWave()
	list := "code,name,email,language\n"
	for _, o := range wave.Offices {
		list += fmt.Sprintf("%s,%q,%s,%s\n", o.Code, o.Names[o.Languages[0]], addressOf(o.Code), tongue(o.Code))
	}
	if out := c.do("participants", "import", c.file("offices.csv", list), "--wave=2026", "--population=office"); !strings.Contains(out, "26 taken") {
		c.t.Errorf("import: %s", out)
	}
	if sentence, _ := c.refused("wave", "open", "2026", "--population=employer", "--yes"); !strings.Contains(sentence, "offices open first") {
		c.t.Errorf("employers before offices: %s", sentence)
	}
	c.do("wave", "open", "2026", "--population=office", "--yes")
	if n := len(c.mail.Letters()); n != 0 {
		c.t.Errorf("opening sent %d messages", n)
	}
	c.do("mail", "send", "--wave=2026", "--kind=invitation")
	c.serve()
	c.do("mail", "send", "--wave=2026", "--kind=invitation", "--wait") // once more: nobody gets anything twice
	c.offices = c.links(0)
	if len(c.offices) != 26 {
		c.t.Fatalf("%d invitations of offices, want 26", len(c.offices))
	}
	c.lead = c.account(c.welcome(c.said.String()), "Lea Leitung", "lea@bsv.example.ch")
}

// answeringOffices are the offices that answer, in four languages.
var answeringOffices = []string{"ZH", "BE", "ZG", "TI", "VD", "GE", "JU", "BS"}

func (c *course) officesAnswer() {
	greetings := map[string]string{"de": "Vielen Dank", "fr": "Merci", "it": "Grazie", "en": "Thank you"}
	for i, code := range answeringOffices {
		page, err := c.answer(c.offices[addressOf(code)], madeUp("office", uint64(i), code, nil))
		must(c.t, err)
		lang := tongue(code)
		if !strings.Contains(page, `<html lang="`+lang) || !strings.Contains(page, greetings[lang]) {
			c.t.Errorf("%s is not thanked in %s", code, lang)
		}
	}
	// A confidential response may be reopened until close.
	b := webtest.NewBrowser(c.t)
	b.Open(c.offices[addressOf("ZH")])
	b.Form("form#start").Submit()
	b.Open("/answer/done").Click("#again")
	b.Form("form#answers").Fill("o_fte_total", "1'999,5").Submit("_go", "review")
	b.Form("form#submit").Submit()
	shows(c.t, b, http.StatusOK)
	b.Open("/answer/o1")
	if got := b.Form("form#answers").Values.Get("o_fte_total"); !strings.Contains(strings.ReplaceAll(got, ",", "."), "999.5") {
		c.t.Errorf("the corrected answer of ZH is %q", got)
	}
}

// nominating are the offices that nominate nine employers each, in the language of each.
var nominating = []string{"ZH", "BE", "VD", "TI", "SG", "GR"}

// firm is one line of a list: all four languages, two sizes, two branches.
func firm(code string, i int) (address, line string) {
	address = fmt.Sprintf("%s.firm%d@firma.example.ch", strings.ToLower(code), i)
	lang := []string{"de", "fr", "it", "en"}[i%4]
	size, branch := []string{"10-49", "250+"}[i%2], []string{"C", "oq"}[i/2%2]
	return address, fmt.Sprintf("%s Muster %c%c AG,%s,%s,%s,%s,Ort %d", code, 'A'+i, 'Z'-2*i, address, lang, size, branch, i)
}

func (c *course) officesNominate() {
	for _, code := range nominating {
		b := picks(c.open(c.offices[addressOf(code)]))
		from := 0
		if code == "ZH" {
			c.nominateOneByOne(b)
			from = 2
		}
		list := "name,email,language,size,branch,town\n"
		for i := from; i < 9; i++ {
			_, line := firm(code, i)
			list += line + "\n"
		}
		if code == "ZH" {
			c.nominateBadly(b, list)
		}
		b.Open("/office/nominations/list")
		b.Form("main form").Fill("list", list).Submit()
		shows(c.t, b, http.StatusOK)
		b.Form("main form").Submit()
		if b.URL.Path != "/office" || b.Count("table.nominated tbody tr") != 9 {
			c.t.Errorf("%s: %d nominations shown at %s", code, b.Count("table.nominated tbody tr"), b.URL.Path)
		}
		if address, _ := firm(code, 3); strings.Contains(b.Body, address) {
			c.t.Errorf("%s reads the full address of a nomination later", code)
		}
	}
}

// picks says for an office that it picks the employers it proposes.
func picks(office *webtest.Browser) *webtest.Browser {
	office.Open("/office/selection").Form("main form").Fill("mode", "picked").Fill("firms", "340").Submit()
	return office
}

// nominateOneByOne proposes two employers in the form; the second time the same one is refused.
func (c *course) nominateOneByOne(b *webtest.Browser) {
	for _, i := range []int{0, 0, 1} {
		address, line := firm("ZH", i)
		cells := strings.Split(line, ",")
		b.Open("/office/nominations/new")
		f := b.Form("main form").Fill("name", cells[0]).Fill("email", address).Fill("language", cells[2]).Fill("size", cells[3]).Fill("town", cells[5])
		f.Fill("branch", []string{"be", "be"}[i]).Submit()
		if b.Status == http.StatusUnprocessableEntity {
			shows(c.t, b, http.StatusUnprocessableEntity, "Dieses Unternehmen haben Sie schon vorgeschlagen")
			if b.Form("main form").Values.Get("email") != address {
				c.t.Error("what was typed for the doubled employer is lost")
			}
		} else if b.URL.Path != "/office" {
			c.t.Errorf("nomination %d: %d at %s: %s", i, b.Status, b.URL.Path, b.Text("main"))
		}
	}
	if n := b.Open("/office").Count("table.nominated tbody tr"); n != 2 {
		c.t.Errorf("%d nominations after one was proposed twice, want 2", n)
	}
}

// nominateBadly pastes the list with a line known already and a line with a broken address:
// nothing is kept.
func (c *course) nominateBadly(b *webtest.Browser, list string) {
	_, known := firm("ZH", 0)
	b.Open("/office/nominations/list")
	b.Form("main form").Fill("list", list+known+"\nKaputt AG,nicht-richtig,de,10-49,C,Bern\n").Submit()
	shows(c.t, b, http.StatusUnprocessableEntity, "Dieses Unternehmen haben Sie schon vorgeschlagen", "E-Mail-Adresse")
	if b.Count("tr.wrong") != 2 {
		c.t.Errorf("%d lines are marked as wrong, want 2", b.Count("tr.wrong"))
	}
	if !strings.Contains(b.Form("main form").Values.Get("list"), "Kaputt AG") {
		c.t.Error("the pasted list is lost")
	}
	if n := b.Open("/office").Count("table.nominated tbody tr"); n != 2 {
		c.t.Errorf("%d nominations after a refused list, want 2", n)
	}
}

func (c *course) staffApprove() {
	b := c.lead.Open("/desk/waves/2026/nominations")
	all := b.Form("main form").Options("id")
	if len(all) != 54 {
		c.t.Fatalf("%d nominations wait, want 54", len(all))
	}
	b.Form("main form").Fill("id", all[53]).Fill("reason", "Hat in dieser Welle schon teilgenommen.").Submit("do", "reject")
	b.Open("/desk/waves/2026/nominations")
	b.Form("main form").Fill("id", all[:53]...).Submit("do", "approve")
	shows(c.t, b, http.StatusOK)
	if b.Open("/desk/waves/2026/nominations").Has(`input[name=id]`) {
		c.t.Error("nominations still wait")
	}
	reasons := 0
	for _, code := range nominating {
		if strings.Contains(c.open(c.offices[addressOf(code)]).Text("main"), "Hat in dieser Welle schon teilgenommen.") {
			reasons++
		}
	}
	if reasons != 1 {
		c.t.Errorf("%d offices read the reason of the rejection, want 1", reasons)
	}
	before := len(c.mail.Letters())
	c.do("wave", "open", "2026", "--population=employer", "--yes")
	c.do("mail", "send", "--wave=2026", "--kind=invitation", "--wait")
	c.do("mail", "send", "--wave=2026", "--kind=invitation", "--wait")
	c.employers = c.links(before)
	if len(c.employers) != 53 {
		c.t.Fatalf("%d invitations of employers, want 53", len(c.employers))
	}
	for address := range c.offices {
		if c.employers[address] != "" {
			c.t.Errorf("%s was invited twice", address)
		}
	}
}

// silent is how many employers do not answer; one of them says so.
const silent = 7

func (c *course) employersAnswer() {
	people := namesOf(c.employers)
	c.declined = people[len(people)-1]
	b := webtest.NewBrowser(c.t)
	b.Open(c.employers[c.declined])
	b.Form("form#refused").Submit("_go", "refused")
	b.Form("form#decline").Fill("sure", "yes").Submit()
	shows(c.t, b, http.StatusOK)

	spoken := map[string]int{}
	var lock sync.Mutex
	var all sync.WaitGroup
	work := make(chan int)
	for range 6 {
		all.Go(func() {
			for i := range work {
				page, err := c.answer(c.employers[people[i]], madeUp("employer", uint64(i), "", profile(i)))
				lock.Lock()
				c.note(people[i], page, err, spoken)
				lock.Unlock()
			}
		})
	}
	for i := range people[silent:] {
		work <- i
	}
	close(work)
	all.Wait()
	for _, lang := range questionnaires.Languages {
		if spoken[lang] < 5 {
			c.t.Errorf("%d employers answered in %s, want at least 5", spoken[lang], lang)
		}
	}
}

// profile forces what an analyst could know of an employer: few combinations, so that each
// can be shared by five.
func profile(i int) map[string]map[string]float64 {
	return map[string]map[string]float64{
		"e_contact": {"1": 1}, "e_size": {[]string{"10-49", "250+"}[i%2]: 1}, "e_branch": {"be": 1}, "e_canton": {"ZH": 1},
	}
}

var (
	shownReceipt = regexp.MustCompile(`id="receipt">([A-Z2-7-]{20,})<`)
	pageLanguage = regexp.MustCompile(`<html lang="([a-z]{2})`)
)

// note takes the receipt and the language from the last page.
func (c *course) note(who, page string, err error, spoken map[string]int) {
	receipt, lang := shownReceipt.FindStringSubmatch(page), pageLanguage.FindStringSubmatch(page)
	if err != nil || receipt == nil || lang == nil {
		c.t.Errorf("%s: no receipt: %v", who, err)
		return
	}
	c.answered[who] = receipt[1]
	spoken[lang[1]]++
}

func (c *course) remind() {
	before := len(c.mail.Letters())
	c.do("mail", "send", "--wave=2026", "--kind=reminder", "--wait")
	c.do("mail", "send", "--wave=2026", "--kind=reminder", "--wait")
	reminded := c.links(before)
	for address, link := range c.offices {
		done := slices.ContainsFunc(answeringOffices, func(code string) bool { return addressOf(code) == address })
		if got := reminded[address]; (got != "") == done || got != "" && got != link {
			c.t.Errorf("%s (done: %v) got the reminder %q", address, done, got)
		}
	}
	for address, link := range c.employers {
		done := c.answered[address] != "" || address == c.declined
		if got := reminded[address]; (got != "") == done || got != "" && got != link {
			c.t.Errorf("%s (done: %v) got the reminder %q", address, done, got)
		}
	}
	if want := 26 - len(answeringOffices) + silent - 1; len(reminded) != want {
		c.t.Errorf("%d reminders, want %d", len(reminded), want)
	}
}

func (c *course) withdraw() {
	who := namesOf(c.answered)[0]
	b := webtest.NewBrowser(c.t)
	b.Open(c.url + "/answer/withdraw?lang=fr")
	b.Form("form#withdraw").Fill("receipt", "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF").Submit()
	shows(c.t, b, http.StatusUnprocessableEntity, "Aucune réponse n'a été trouvée")
	b.Form("form#withdraw").Fill("receipt", strings.ToLower(c.answered[who])).Submit()
	if shows(c.t, b, http.StatusOK, "Elles sont effacées"); b.Attr("main", "data-state") != "withdrawn" {
		c.t.Errorf("data-state is %q after withdrawing", b.Attr("main", "data-state"))
	}
	if b = webtest.NewBrowser(c.t); b.Open(c.employers[who]).Attr("main", "data-state") != "done" {
		c.t.Errorf("the link of a withdrawn response: %d %q", b.Status, b.Attr("main", "data-state"))
	}
}

func (c *course) closeAll() {
	if sentence, _ := c.refused("wave", "close", "2026", "--population=office"); !strings.Contains(sentence, "--yes") {
		c.t.Errorf("closing without --yes: %s", sentence)
	}
	c.do("wave", "close", "2026", "--population=office", "--yes")
	c.do("wave", "close", "2026", "--population=employer", "--yes")
	b := webtest.NewBrowser(c.t)
	for address, link := range c.employers {
		want, state := http.StatusGone, "closed"
		if c.answered[address] != "" {
			want, state = http.StatusOK, "done"
		}
		if b.Open(link); b.Status != want || b.Attr("main", "data-state") != state {
			c.t.Errorf("after the close %s: %d %q, want %d %q", address, b.Status, b.Attr("main", "data-state"), want, state)
		}
	}
}

func (c *course) discuss() {
	c.do("wave", "open", "2026", "--population=discussion", "--yes")
	for i, code := range []string{"ZH", "VD"} {
		b := c.lead.Open("/desk/waves/2026/discussions")
		b.Form(`form[action="/desk/waves/2026/discussions/` + code + `/record"]`).Submit()
		shows(c.t, b, http.StatusOK)
		c.walk(b, madeUp("discussion", uint64(i), code, nil), "/answer/review")
		b.Form("form#submit").Submit()
		if b.Status != http.StatusOK || b.Attr("main", "data-state") != "done" {
			c.t.Errorf("protocol of %s: %d at %s: %s", code, b.Status, b.URL.Path, b.Text("main"))
		}
	}
	c.do("wave", "close", "2026", "--population=discussion", "--yes")
	if out := c.do("wave", "status", "2026"); !strings.HasPrefix(out, "2026  closed") || !strings.Contains(out, "26 invited, 2 submitted") {
		c.t.Errorf("status: %s", out)
	}
}
