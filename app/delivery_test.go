package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"

	"rondo/app/web/webtest"
)

const (
	deliveries  = 500
	wrongOnes   = 20
	everyWrong  = deliveries / wrongOnes
	wrongOffice = wrongOnes / 2
)

// employerAddress is the address of employer n; some are wrong.
func employerAddress(n int) string {
	if n%everyWrong == 0 {
		return fmt.Sprintf("wrong%d@firma.example.ch", n)
	}
	return fmt.Sprintf("e%d@firma.example.ch", n)
}

// TestARealRelayDeliversEachMessageOnceAndWhatComesBackIsCorrected sends a wave through Postfix.
func TestARealRelayDeliversEachMessageOnceAndWhatComesBackIsCorrected(t *testing.T) {
	var known []string
	list := "office,name,email,language,size,branch\n"
	for n := range deliveries {
		list += fmt.Sprintf("%s,Firma %d,%s,%s,10-49,C\n", []string{"ZH", "VD"}[n/everyWrong%2], n, employerAddress(n), []string{"de", "fr", "it", "en"}[n%4])
		if n%everyWrong != 0 {
			known = append(known, employerAddress(n))
		} else {
			known = append(known, fmt.Sprintf("n%d@firma.example.ch", n)) // the right one
		}
	}
	s, relay := newSite(t, "sqlite"), startPostfix(t, known)
	s.mail.Addr = relay.addr
	s.more = []string{"--bounce-domain=bounce.example.ch", "--bounce-maildir=" + relay.bounces(), "--mail-from=FSIO study <study@example.ch>"}
	s.createWave()
	s.do("participants", "import", s.file("o.csv", "code,name,email,language\nZH,IV-Stelle,zh@iv.example.ch,de\nVD,Office AI,vd@iv.example.ch,fr\n"), "--wave=2026", "--population=office")
	s.do("wave", "open", "2026", "--population=office", "--yes")
	s.do("participants", "import", s.file("e.csv", list), "--wave=2026", "--population=employer")
	s.do("wave", "open", "2026", "--population=employer", "--yes")
	links := s.ownLinks("employer")
	s.serve()
	s.do("mail", "send", "--wave=2026", "--kind=invitation", "--population=employer", "--wait")
	eventually(t, "every known recipient has a message", func() bool { return relay.filled() == deliveries-wrongOnes })
	for n := range deliveries {
		if n%everyWrong != 0 {
			s.delivered(relay, employerAddress(n), links[fmt.Sprintf("Firma %d", n)])
		}
	}

	offices := s.ownLinks("office")
	for _, name := range []string{"IV-Stelle", "Office AI"} {
		s.correctAll(webtest.NewBrowser(t).Fetch(http.MethodPost, offices[name], nil), name)
	}
	eventually(t, "every corrected address has a message", func() bool { return relay.filled() == deliveries })
	again := s.ownLinks("employer")
	for n := 0; n < deliveries; n += everyWrong {
		name := fmt.Sprintf("Firma %d", n)
		s.delivered(relay, fmt.Sprintf("n%d@firma.example.ch", n), again[name])
		if links[name] == again[name] {
			t.Errorf("%s has the link that went to somebody else", name)
		}
		if b := webtest.NewBrowser(t).Open(links[name]); b.Status != http.StatusNotFound {
			t.Errorf("%s: the old link answers %d", name, b.Status)
		}
		if b := webtest.NewBrowser(t).Open(again[name]); b.Status != http.StatusOK {
			t.Errorf("%s: the new link answers %d", name, b.Status)
		}
	}
	unread, _ := filepath.Glob(filepath.Join(relay.bounces(), "new", "*"))
	read, _ := filepath.Glob(filepath.Join(relay.bounces(), "cur", "*:2,ST"))
	if len(unread) != 0 || len(read) != wrongOnes || len(again) != deliveries {
		t.Errorf("%d reports are left, %d are noted; %d participants", len(unread), len(read), len(again))
	}
	if out := s.do("mail", "status", "--wave=2026"); strings.Contains(out, "to settle") {
		t.Errorf("something is left to settle:\n%s", out)
	}
}

// ownLinks are the links of a population by name.
func (s *site) ownLinks(population string) map[string]string {
	s.t.Helper()
	rows, err := csv.NewReader(strings.NewReader(s.do("links", "--wave=2026", "--population="+population))).ReadAll()
	must(s.t, err)
	all := map[string]string{}
	for _, row := range rows[1:] {
		all[row[0]] = row[4]
	}
	return all
}

// delivered holds a mailbox against what it must hold: one message, to this address alone, with this
// link and no other.
func (s *site) delivered(relay *postfix, address, link string) {
	s.t.Helper()
	mails := relay.box(address)
	if len(mails) != 1 {
		s.t.Errorf("%s holds %d messages", address, len(mails))
		return
	}
	entity, err := message.Read(bufio.NewReader(bytes.NewReader(mails[0])))
	must(s.t, err)
	part, err := entity.MultipartReader().NextPart()
	must(s.t, err)
	text, err := io.ReadAll(part.Body)
	must(s.t, err)
	found := regexp.MustCompile(regexp.QuoteMeta(s.url)+`/r/[0-9a-z]+`).FindAllString(string(text), -1)
	to := []string{entity.Header.Get("To"), entity.Header.Get("Delivered-To")}
	if len(found) != 1 || found[0] != link || to[0] != "<"+address+">" || to[1] != address || entity.Header.Get("Cc")+entity.Header.Get("Bcc") != "" {
		s.t.Errorf("%s: to %q, links %v, want %s", address, to, found, link)
	}
}

// correctAll corrects every address an office is shown, one form after the other.
func (s *site) correctAll(b *webtest.Browser, office string) {
	s.t.Helper()
	wrong := regexp.MustCompile(`wrong(\d+)@firma\.example\.ch`)
	eventually(s.t, office+" sees all that came back", func() bool {
		return len(wrong.FindAllString(b.Open(s.url+"/office/returned").Body, -1)) == wrongOffice
	})
	b.Open(s.url + "/office")
	shows(s.t, b, http.StatusOK, fmt.Sprint(wrongOffice))
	b.Open(s.url + "/office/returned")
	for left := wrongOffice; left > 0; left-- {
		n := wrong.FindStringSubmatch(b.Body)[1]
		b.Form("main form").Fill("email", "n"+n+"@firma.example.ch").Submit()
		shows(s.t, b, http.StatusOK)
		if now := len(wrong.FindAllString(b.Body, -1)); now != left-1 {
			s.t.Fatalf("%s: %d tasks are left, want %d: %s", office, now, left-1, b.Text("main"))
		}
	}
}

// eventually waits until something is so.
func eventually(t testing.TB, what string, so func() bool) {
	t.Helper()
	for range 7200 {
		if so() {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("not within three minutes: %s", what)
}
