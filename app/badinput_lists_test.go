package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"rondo/storage"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

func TestAListWithABadLineIsRefusedWhole(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		lines := strings.Split(strings.ReplaceAll(employerList(20), "firma.example.ch", "neu.example.ch"), "\n")
		for i, trade := range trades {
			lines[i+1] = strings.Replace(lines[i+1], "Firma", trade, 1)
		}
		lines[16] = strings.Replace(lines[16], "@neu.example.ch", " at neu.example", 1)
		file := f.file("bad.csv", strings.Join(lines, "\n"))
		b := picks(f.open(f.offices["VD"]))
		before := f.stored()
		for _, more := range [][]string{{"--dry-run"}, nil} {
			sentence, out := f.refused(append([]string{"participants", "import", file, "--wave=2026", "--population=employer"}, more...)...)
			if !strings.Contains(out, "line 17  ") || strings.Count(out, "is incomplete") != 1 {
				t.Errorf("the verdict does not name line 17 alone:\n%s", out)
			}
			if !strings.Contains(sentence, "1 of 20 lines") || !strings.Contains(sentence, "nothing was kept") {
				t.Errorf("sentence: %s", sentence)
			}
		}
		b.Open("/office/nominations/list")
		list := officeList(lines, "VD")
		b.Form("main form").Fill("list", list).Submit()
		shows(t, b, http.StatusUnprocessableEntity, "Cette adresse e-mail est incomplète", "Rien n'a été enregistré")
		if b.Count("tr.wrong") != 1 || b.Form("main form").Values.Get("list") != list {
			t.Errorf("%d lines marked; the field holds %q", b.Count("tr.wrong"), b.Form("main form").Values.Get("list"))
		}
		if f.stored() != before {
			t.Error("a refused list left something")
		}
	})
}

// trades are names that nobody would take for one another.
var trades = strings.Fields("Sägewerk Bäckerei Treuhand Spital Hotel Garage Schreinerei Gärtnerei Verlag Apotheke Spedition Brauerei " +
	"Gemeinde Optiker Zahnarzt Metzgerei Velohandel Druckerei Architekten Weberei")

// officeList is what one office would paste of a list: its own lines and line 17.
func officeList(lines []string, code string) string {
	list := "name,email,language,size,branch,town\n"
	for i, line := range lines {
		if office, own, ok := strings.Cut(line, ","); ok && (office == code || i == 16) {
			list += own + "\n"
		}
	}
	return list
}

func TestADoubledEmployerIsNamedWithItsLine(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		before := f.stored()
		head := "office,name,email,language,size,branch\n"
		doubled := head + "ZH,Eins AG,eins@neu.example.ch,de,10-49,C\nZH,Zwei AG,zwei@neu.example.ch,de,10-49,C\nVD,Un SA,EINS@neu.example.ch,fr,10-49,C\n"
		if _, out := f.refused("participants", "import", f.file("a.csv", doubled), "--wave=2026", "--population=employer"); !strings.Contains(out, "line 4  ") || !strings.Contains(out, "line 2") {
			t.Errorf("doubled in the list:\n%s", out)
		}
		present := head + "ZH,Neu AG,neu@neu.example.ch,de,10-49,C\nVD,Encore SA,firma1@firma.example.ch,fr,10-49,C\n"
		if _, out := f.refused("participants", "import", f.file("b.csv", present), "--wave=2026", "--population=employer"); !strings.Contains(out, "line 3  ") {
			t.Errorf("in the wave already:\n%s", out)
		}
		if f.stored() != before {
			t.Error("a list with a doubled employer left something")
		}
		b := picks(f.open(f.offices["TI"])).Open("/office/nominations/new")
		propose := func() {
			b.Open(f.url + "/office/nominations/new")
			b.Form("main form").Fill("name", "Ditta SA").Fill("email", "ditta@ditta.example.ch").Fill("language", "it").Fill("size", "1-9").Fill("branch", "f").Submit()
		}
		propose()
		before = f.stored()
		propose()
		shows(t, b, http.StatusUnprocessableEntity, "già proposto questa")
		if got := b.Form("main form").Values; got.Get("name") != "Ditta SA" || got.Get("branch") != "f" {
			t.Errorf("what was typed is lost: %v", got)
		}
		if f.stored() != before {
			t.Error("a doubled employer left something")
		}
	})
}

// umlauts are the lines of a list as somebody in an office has it in a spreadsheet.
var umlauts = [][]string{
	{"Firma", "E-Mail", "Sprache", "Grösse", "Branche", "Ort"},
	{"Käserei Zäziwil & Söhne GmbH", "kaese@neu.example.ch", "Deutsch", "10-49", "C", "Zäziwil"},
	{"Pâtisserie Crêt-Bérard Sàrl", "patisserie@neu.example.ch", "français", "1-9", "c", "Puidoux"},
}

// workbook is the list as XLSX, export the one Excel saves as CSV in Switzerland.
func workbook(t *testing.T) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for r, line := range umlauts {
		for c, text := range line {
			cell, err := excelize.CoordinatesToCellName(c+1, r+1)
			must(t, err)
			must(t, book.SetCellStr("Sheet1", cell, text))
		}
	}
	body, err := book.WriteToBuffer()
	must(t, err)
	return body.Bytes()
}

func export1252(t *testing.T) []byte {
	t.Helper()
	var list strings.Builder
	for _, line := range umlauts {
		list.WriteString(strings.Join(line, ";") + "\r\n")
	}
	body, err := charmap.Windows1252.NewEncoder().Bytes([]byte(list.String()))
	must(t, err)
	return body
}

func TestListsOfExcelAreReadWithTheirUmlauts(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		for name, body := range map[string][]byte{"Liste.xlsx": workbook(t), "Liste.csv": export1252(t)} {
			b := picks(f.open(f.offices["ZH"])).Open("/office/nominations/list")
			b.Form("main form").Attach("file", name, body).Submit()
			shows(t, b, http.StatusOK, umlauts[1][0], umlauts[2][0], "Zäziwil")
			if b.Count("tr.wrong") != 0 {
				t.Errorf("%s: %s", name, b.Text("table"))
			}
		}
		b := picks(f.open(f.offices["ZH"])).Open("/office/nominations/list")
		b.Form("main form").Attach("file", "Liste.csv", export1252(t)).Submit()
		b.Form("main form").Submit()
		shows(t, b, http.StatusOK, umlauts[1][0], umlauts[2][0])
		if b.URL.Path != "/office" || strings.Contains(b.Body, "kaese@neu") {
			t.Errorf("after keeping: %s", b.URL.Path)
		}
		broken := bytes.Replace(workbook(t), []byte("xl/"), []byte("xx/"), 3)
		b.Open("/office/nominations/list").Form("main form").Attach("file", "Liste.xlsx", broken).Submit()
		if b.Status != http.StatusUnprocessableEntity || b.Text(".error-summary p") == "" {
			t.Errorf("a broken workbook: %d %s", b.Status, b.Text("main"))
		}
	})
}

func TestAWrongSecretIsRefusedAndChangesNothing(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			s := newSite(t, dialect)
			s.createWave()
			before := s.dump()
			for name, body := range map[string]string{
				"other": strings.Repeat("ab", 32) + "\n", "short": "abc\n", "empty": "", "words": "not a secret at all, but long enough to be one",
			} {
				wrong := *s
				wrong.secret = s.file(name, body)
				for _, args := range [][]string{{"wave", "status"}, {"serve"}, {"wave", "open", "2026", "--population=office", "--yes"}, {"doctor"}} {
					sentence, out := wrong.refused(args...)
					if out != "" || !strings.Contains(sentence, "secret") {
						t.Errorf("%s with the secret %q: %s %s", args[0], name, out, sentence)
					}
				}
				if left, err := os.ReadFile(wrong.secret); err != nil || string(left) != body {
					t.Errorf("the file %q was changed to %q", name, left)
				}
			}
			missing := *s
			missing.secret = s.in("nowhere")
			if sentence, _ := missing.refused("wave", "status"); !strings.Contains(sentence, "nowhere") {
				t.Errorf("without the file: %s", sentence)
			}
			if _, err := keys.Load(missing.secret); err == nil {
				t.Error("a new secret was made for a database that has one")
			}
			if s.dump() != before {
				t.Error("the database changed")
			}
			if out := s.do("wave", "status"); !strings.HasPrefix(out, "2026  setup") {
				t.Errorf("with the right secret again: %s", out)
			}
		})
	}
}

// dump is everything the database holds, in words.
func (s *site) dump() string {
	s.t.Helper()
	store, err := storage.Open(context.Background(), s.database, s.secret)
	must(s.t, err)
	f := inField{site: s, house: &House{Store: store}}
	text := f.stored()
	must(s.t, store.Close())
	return text
}
