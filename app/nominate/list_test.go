package nominate

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rondo/questionnaires/boundtest"
)

var escape = regexp.MustCompile(`\\x([0-9a-f]{2})`)

func unescaped(data []byte) []byte {
	return escape.ReplaceAllFunc(data, func(m []byte) []byte {
		n, _ := strconv.ParseUint(string(m[2:]), 16, 8)
		return []byte{byte(n)}
	})
}

func testFrame() Frame {
	return Frame{
		Quotas: true, Today: "2026-11-26",
		Stopped: func(address string) bool { return address == "genug@post.ch" },
		Offices: map[string]Allowance{"ZH": {Quota: 5, Named: 2}, "BE": {Quota: 5}, "VD": {Quota: 5}, "TI": {Quota: 5}},
		Taken: []Taken{
			{Office: "ZH", Name: "Alte Firma", Email: "Alt@alt.ch", Town: "Chur"},
			{Office: "BE", Name: "Andere Firma", Email: "andere@andere.ch", Town: "Bern"},
			{Office: "BE", Name: "Schreinerei Huber AG", Email: "info@huber.ch", Town: "Wil"},
			{Office: "VD", Name: "Déjà vu SA", Email: "deja@vu.ch", Town: "Vevey", Settled: true},
		},
	}
}

// told prints verdicts the way the case files do.
func told(list []byte, own string) (string, error) {
	employers, verdicts, err := ReadEmployers(list, own)
	var file *FileProblem
	if errors.As(err, &file) {
		return "file:" + file.Rule, nil
	}
	if err != nil {
		return "", err
	}
	var lines []string
	frame := testFrame()
	frame.Quotas = own != ""
	if own == "TI" { // its rows are drawn: 7 and 12 are open, 3 is named already
		frame.Drawn = &Drawn{Rows: []int{12, 3, 7}, Open: map[int]bool{7: true, 12: true}}
	}
	if own != "" {
		frame.Stopped = nil
	}
	for _, v := range Decide(employers, verdicts, frame) {
		rules := []string{}
		for _, p := range v.Problems {
			if p.Soft {
				rules = append(rules, "("+p.Rule+")")
			} else {
				rules = append(rules, p.Rule)
			}
		}
		if len(rules) == 0 {
			rules = []string{"ok"}
		}
		lines = append(lines, fmt.Sprintf("%d %s", v.Line, strings.Join(rules, " ")))
	}
	return strings.Join(lines, " | "), nil
}

func TestListsComeToTheirVerdicts(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/lists.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		name, rest, _ := strings.Cut(file.Name, " = ")
		own, want, _ := strings.Cut(rest, " | ")
		t.Run(name, func(t *testing.T) {
			data := file.Data
			if strings.TrimSpace(string(data)) == "" {
				data = nil
			}
			got, err := told(unescaped(data), strings.Trim(own, "-"))
			if err != nil {
				t.Fatal(err)
			}
			if got != want {
				t.Errorf("verdicts %q, want %q", got, want)
			}
		})
	}
}

func TestAValueIsReadInManySpellings(t *testing.T) {
	for typed, want := range map[string]string{
		"1-9": "1-9", "1–9": "1-9", " 10 bis 49 ": "10-49", "de": "", "10 à 49": "10-49", "50 to 249": "50-249", "250+": "250+",
		"250 und mehr": "250+", "250 et plus": "250+", "20 Personen": "10-49", "20 MA": "10-49", "10-49 Mitarbeitende": "10-49", "7 employés": "1-9", "１２": "10-49",
		"20 Franken": "", "MA": "", "37": "10-49", "1'200": "250+", "1’200": "250+", "0": "", "-5": "", "12-30": "",
		"9.1.2026": "", "49+": "", "99999999999999999999": "",
	} {
		if got, _ := Size(typed); got != want {
			t.Errorf("Size(%q) = %q, want %q", typed, got, want)
		}
	}
	for typed, want := range map[string]string{
		"A": "a", "c": "be", "B-E": "be", "be": "be", "G": "gi", "j": "j", "N": "mn", "O": "oq", "u": "ru", "V": "", "": "", "bb": "", "a-c": "",
	} {
		if got, _ := Branch(typed); got != want {
			t.Errorf("Branch(%q) = %q, want %q", typed, got, want)
		}
	}
	for typed, want := range map[string]string{
		"de": "de", "DE": "de", "Deutsch": "de", "français": "fr", "F": "fr", "Italiano": "it", "de-CH": "de", "english": "en", "rm": "", "": "",
	} {
		if got, _ := Language(typed); got != want {
			t.Errorf("Language(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestOnlyStaffAndTheOfficeItselfAreToldOfALikeName(t *testing.T) {
	huber := Employer{Name: "Schreinerei Huber", Email: "neu@huber.ch", Language: "de", Size: "1-9", Branch: "C", Town: "Wil"}
	for _, c := range []struct {
		own    string
		quotas bool
		told   bool
	}{{"BE", true, true}, {"ZH", true, false}, {"", false, true}} {
		frame, e := testFrame(), huber
		frame.Quotas = c.quotas
		if c.own == "" {
			e.Office = "ZH"
		}
		_, problems := DecideOne(e, c.own, frame)
		told := len(problems) == 1 && problems[0].Rule == "similar" && problems[0].Args["other"] == "Schreinerei Huber AG"
		if told != c.told || (!told && len(problems) > 0) {
			t.Errorf("%q: problems %v", c.own, problems)
		}
	}
}

// TestWhatAnOfficeIsToldDoesNotDependOnOthers has a list judged in waves where other offices have
// proposed the same employers, none, or like ones: an office that tries addresses learns nothing.
func TestWhatAnOfficeIsToldDoesNotDependOnOthers(t *testing.T) {
	list := "name,email,language,size,branch,town\nSchreinerei Huber,neu@huber.ch,de,1-9,C,Wil\nX,info@huber.ch,de,1-9,C,\nAlte Firma,alt@alt.ch,de,1-9,C,Chur\n"
	var before string
	for i, others := range [][]Taken{
		nil, {{Office: "BE", Name: "X", Email: "info@huber.ch"}},
		{{Office: "BE", Name: "Schreinerei Huber", Email: "neu@huber.ch", Town: "Wil"}, {Office: "", Name: "Alte Firma", Email: "alt@alt.ch", Town: "Chur"}},
		{{Office: "BE", Name: "Alte Firma", Email: "alt@alt.ch", Town: "Chur"}, {Office: "BE", Name: "Schreinerei Hubre", Email: "a@huber.ch", Town: "Wil", Settled: true}},
	} {
		frame := Frame{Quotas: true, Offices: map[string]Allowance{"ZH": {Quota: 3, Named: 1}}, Taken: append([]Taken{{Office: "ZH", Name: "Alte Firma", Email: "Alt@alt.ch", Town: "Chur"}}, others...)}
		employers, verdicts, err := ReadEmployers([]byte(list), "ZH")
		if err != nil {
			t.Fatal(err)
		}
		told := fmt.Sprint(Decide(employers, verdicts, frame))
		if i == 0 {
			before = told
		}
		if told != before || !strings.Contains(told, "duplicate_own") {
			t.Errorf("wave %d: told %s, before %s", i, told, before)
		}
	}
}

func TestStaffListsAreOutsideQuotas(t *testing.T) {
	frame := testFrame()
	frame.Quotas = false
	frame.Offices["ZH"] = Allowance{Quota: 1, Named: 1}
	_, problems := DecideOne(Employer{Office: "ZH", Name: "Eins", Email: "eins@eins.ch", Language: "de", Size: "1-9", Branch: "A"}, "", frame)
	if len(problems) != 0 {
		t.Errorf("problems %v", problems)
	}
}

func TestOfficesAreCheckedAgainstTheTwentySixAndTheWave(t *testing.T) {
	list := "Kürzel;Name;E-Mail;Sprache;Kontingent\nZH;IV-Stelle Zürich;zh@iv.ch;de;12\nzh;Nochmals;zh2@iv.ch;de;\nXX;Unbekannt;x@iv.ch;de;\n" +
		"BE;IV-Stelle Bern;zh@iv.ch;d;0\nVD;Office AI;vd@ai.ch;f;\n"
	offices, verdicts, err := ReadOffices([]byte(list), func(code string) bool { return code != "XX" })
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range DecideOffices(offices, verdicts, map[string]bool{"VD": true}) {
		line := strconv.Itoa(v.Line)
		for _, p := range v.Problems {
			line += " " + p.Rule
		}
		got = append(got, line)
	}
	want := "2|3 duplicate_in_list|4 unknown_office|5 bad_quota shared_email|6 office_present"
	if strings.Join(got, "|") != want {
		t.Errorf("verdicts %q, want %q", strings.Join(got, "|"), want)
	}
	if offices[0].Quota != 12 || offices[0].Code != "ZH" {
		t.Errorf("first office %+v", offices[0])
	}
}

func TestTenThousandLinesAreDecidedQuickly(t *testing.T) {
	var list strings.Builder
	list.WriteString("office,name,email,language,size,branch,town\n")
	for i := range 10_000 {
		fmt.Fprintf(&list, "ZH,Firma %d Müller Söhne AG,info@firma%d.ch,de,10-49,C,Zürich\n", i, i)
	}
	employers, verdicts, err := ReadEmployers([]byte(list.String()), "")
	if err != nil {
		t.Fatal(err)
	}
	frame := testFrame()
	frame.Quotas = false
	if verdicts = Decide(employers, verdicts, frame); !AllGood(verdicts) || len(verdicts) != 10_000 || len(verdicts[9_999].Problems) != 0 {
		t.Errorf("%d verdicts, last %v", len(verdicts), verdicts[len(verdicts)-1])
	}
}

func FuzzReadEmployers(f *testing.F) {
	archive, err := txtar.ParseFile("testdata/lists.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range archive.Files {
		f.Add(unescaped(file.Data))
	}
	f.Add(book(f, nil))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var employers []Employer
		var verdicts []Verdict
		var err error
		boundtest.Quick(t, func() { employers, verdicts, err = ReadEmployers(raw, "ZH") })
		if err != nil {
			if employers != nil || verdicts != nil {
				t.Error("an error and a list")
			}
			return
		}
		decided := Decide(employers, verdicts, testFrame())
		if len(decided) != len(employers) {
			t.Errorf("%d lines, %d verdicts", len(employers), len(decided))
		}
		for i, v := range decided {
			if v.Good() && (employers[i].Email == "" || employers[i].Size == "" || employers[i].Branch == "") {
				t.Errorf("a good line without values: %+v", employers[i])
			}
		}
	})
}

// Excel calls it "Unicode text". A town that is missing must not take the day that stands behind it.
func TestAnEmptyCellOfAListWithTabsStaysEmpty(t *testing.T) {
	for name, list := range map[string]string{
		"in the middle": "name\temail\tlanguage\tsize\tbranch\ttown\ttold\nEins\ta@a.ch\tde\t1-9\tf\t\t3.11.2026\n",
		"at the start":  "row\tname\temail\tlanguage\tsize\tbranch\ttold\n\tEins\ta@a.ch\tde\t1-9\tf\t3.11.2026\n",
		"with sep=":     "sep=\t\nname\temail\tlanguage\tsize\tbranch\ttown\ttold\n  Eins\ta@a.ch\tde\t1-9\tf\t\t3.11.2026\n",
	} {
		employers, verdicts, err := ReadEmployers([]byte(list), "ZH")
		if err != nil || !AllGood(verdicts) || employers[0].Name != "Eins" || employers[0].Town != "" || employers[0].Told != "2026-11-03" || employers[0].Row != 0 {
			t.Errorf("%s: %+v, %+v, %v", name, employers, verdicts, err)
		}
	}
}

// TestWhatNobodySeesIsNotKept has the invisible characters that web pages and mail programs put into
// what people copy; one that turns the direction of writing would show a name other than it is.
func TestWhatNobodySeesIsNotKept(t *testing.T) {
	list := "\u200bFirma;E-Mail\u00ad;Sprache;Grösse;Branche;Ort\n" +
		"\u202eEins\u00ad\u200bAG\u2069;'eins@\u200beins.ch;de\u200e;1\u202f200;\ufeffC;\u3000Ｗil\u00a0\n"
	want := Employer{Line: 2, Office: "ZH", Name: "EinsAG", Email: "eins@eins.ch", Language: "de", Size: "250+", Branch: "be", Town: "Wil"}
	got, verdicts, err := ReadEmployers([]byte(list), "ZH")
	if err != nil || !AllGood(verdicts) || got[0] != want {
		t.Errorf("a list: %+q %+v %v", fmt.Sprint(got), verdicts, err)
	}
	typed := Employer{Name: "\u202eEins\u00ad\u200bAG", Email: "ｅｉｎｓ＠eins.ch;", Language: "de", Size: "１２００", Branch: "Ｃ", Town: "\u3000Ｗil\u00a0"}
	e, problems := Understand(typed, "ZH")
	if want.Line = 0; e != want || len(problems) > 0 {
		t.Errorf("a form: %+q %v", fmt.Sprint(e), problems)
	}
}

// A list that is put together from two programs is in two encodings; each line is read in its own.
func TestEachLineIsReadInItsOwnEncoding(t *testing.T) {
	list := "Firma;E-Mail;Sprache;Gr\xf6sse;Branche\nMüller AG;a@a.ch;de;7;A\nM\xfcller S\xf6hne;b@b.ch;de;7;A\n"
	got, _, err := ReadEmployers([]byte(list), "ZH")
	if err != nil || got[0].Name != "Müller AG" || got[1].Name != "Müller Söhne" {
		t.Errorf("%+v, %v", got, err)
	}
}

// Excel copies quotation marks in a cell as they are; only who writes a file doubles them.
func TestANameMayHaveQuotationMarks(t *testing.T) {
	for list, want := range map[string]string{
		"Firma\tE-Mail\tSprache\tGrösse\tBranche\n\"Krone\" Gasthof\ta@a.ch\tde\t7\tA\n":  "\"Krone\" Gasthof",
		"Firma\tE-Mail\tSprache\tGrösse\tBranche\nRohre 5\"\ta@a.ch\tde\t7\tA\n":          "Rohre 5\"",
		"Firma;E-Mail;Sprache;Grösse;Branche\nGasthof \"Krone\";a@a.ch;de;7;A\n":          "Gasthof \"Krone\"",
		"Firma;E-Mail;Sprache;Grösse;Branche\n\"Krone\", Gasthof;\"a@a.ch\";de;7;A\n":     "\"Krone\", Gasthof",
		"Firma;E-Mail;Sprache;Grösse;Branche\n\"Zur \"\"Krone\"\"\";a@a.ch;de;7;\"A\"x\n": "Zur \"Krone\"",
	} {
		got, verdicts, err := ReadEmployers([]byte(list+"Zwei"+string(list[5])+"b@b.ch"+string(list[5])+"de"+string(list[5])+"7"+string(list[5])+"A\n"), "ZH")
		if err != nil || len(got) != 2 || got[0].Name != want || got[0].Email != "a@a.ch" || !verdicts[1].Good() || got[1].Line != 3 {
			t.Errorf("%q: %+v %+v %v", list, got, verdicts, err)
		}
	}
	for _, list := range []string{
		"Firma;E-Mail;Sprache;Grösse;Branche\n\"Krone;a@a.ch;de;7;A\nZwei;b@b.ch;de;7;A\n",
		"Firma;E-Mail;Sprache;Grösse;Branche\n\"Krone; Gasthof\" AG;a@a.ch;de;7;A\n", // a separator within: nobody knows which cell is which
	} {
		if _, _, err := ReadEmployers([]byte(list), "ZH"); err == nil || !strings.Contains(err.Error(), "quotes map[line:2]") {
			t.Errorf("%q: %v", list, err)
		}
	}
}
