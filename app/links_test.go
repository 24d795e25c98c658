package main

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"rondo/app/outbox"
	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

// handOver gives the questionnaire of the office of a code to a colleague, as its page does.
func (s *site) handOver(code, colleague string) identity.Participant {
	s.t.Helper()
	store, err := storage.Open(s.t.Context(), s.database, s.secret)
	must(s.t, err)
	defer store.Close()
	waves, err := store.Identity.Waves(s.t.Context())
	must(s.t, err)
	now, err := store.DB.Now(s.t.Context())
	must(s.t, err)
	must(s.t, store.Identity.SetWindow(s.t.Context(), waves[0].ID, "office", now.Add(-time.Hour), now.Add(time.Hour)))
	p, err := store.Identity.ParticipantByCode(s.t.Context(), waves[0].ID, "office", code)
	must(s.t, err)
	holder, err := store.Identity.HolderByToken(s.t.Context(), p.TokenHash)
	must(s.t, err)
	o := outbox.Outbox{Identity: store.Identity, DB: store.DB, Secret: store.Secret}
	must(s.t, o.HandOver(s.t.Context(), holder, colleague, "de"))
	return p
}

// Behind the link of whoever took over stands what they have entered: no letter to the office may bring it.
func TestALinkOfAColleagueIsOnNoListOrLetterUnlessNoMessageReachesThem(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			s := newSite(t, dialect)
			s.createWave()
			s.do("participants", "import", s.file("o.csv", "code,name,email,language\nZH,IV-Stelle,zh@iv.example.ch,de\nBE,IV-Stelle,be@iv.example.ch,de\n"), "--wave=2026", "--population=office")
			s.do("wave", "open", "2026", "--population=office", "--yes")
			list := func(want ...string) {
				t.Helper()
				_, out, said := s.run("links", "--wave=2026", "--population=office")
				var codes []string
				for line := range strings.Lines(out) {
					if cells := strings.Split(line, ","); cells[2] != "office" {
						codes = append(codes, cells[2])
					}
				}
				if !slices.Equal(codes, want) || strings.Contains(said, "left out") == (len(want) == 2) {
					t.Errorf("links of %v, want %v\n%s", codes, want, said)
				}
			}
			letters := func(want int) {
				t.Helper()
				code, out, said := s.run("links", "--wave=2026", "--population=office", "--letters="+s.in("letters.html"))
				page, err := os.ReadFile("letters.html")
				must(t, err)
				if n := strings.Count(string(page), "<svg"); code != 0 || n != want || strings.Contains(said, "1 left out") == (want == 2) {
					t.Errorf("%d letters, want %d: %s%s", n, want, out, said)
				}
			}
			list("BE", "ZH")
			letters(2)
			p := s.handOver("ZH", "anna@iv.example.ch")
			list("BE")
			letters(1)
			if out := s.do("links", "--wave=2026", "--population=office", "--colleagues"); strings.Count(out, "\n") != 3 {
				t.Errorf("with colleagues:\n%s", out)
			}
			store, err := storage.Open(t.Context(), s.database, s.secret)
			must(t, err)
			must(t, store.Identity.SetParticipantState(t.Context(), p.ID, []string{"open"}, "undeliverable"))
			must(t, store.Close())
			list("BE", "ZH")
			letters(2)
		})
	}
}

// The list is opened in a spreadsheet to write letters, and offices choose the names on it.
func TestNoNameOnTheListOfLinksIsAFormula(t *testing.T) {
	s := newSite(t, "sqlite")
	s.createWave()
	s.do("participants", "import", s.file("o.csv", "code,name,email,language\nZH,IV-Stelle,zh@iv.example.ch,de\n"), "--wave=2026", "--population=office")
	s.do("participants", "import", s.file("e.csv", "office,name,email,language,size,branch\nZH,+cmd|' /C calc'!A0,a@firma.example.ch,de,1-9,A\nZH,@SUM(1+1)*2 AG,b@firma.example.ch,de,1-9,A\nZH,Firma - C,c@firma.example.ch,de,1-9,A\n"), "--wave=2026", "--population=employer")
	s.do("wave", "open", "2026", "--population=office", "--yes")
	s.do("wave", "open", "2026", "--population=employer", "--yes")
	links := s.ownLinks("employer")
	for _, name := range []string{"'+cmd|' /C calc'!A0", "'@SUM(1+1)*2 AG", "Firma - C"} {
		if links[name] == "" {
			t.Errorf("no link of %q in %v", name, links)
		}
	}
}
