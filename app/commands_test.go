package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"rondo/app/wave"
	"rondo/questionnaires"
	"rondo/storage/storagetest"
)

// contract is every command of design §6 with the flags that others rely on.
var contract = map[string]string{
	"serve": "", "demo": "--fill-only --database",
	"questionnaire list": "", "questionnaire show": "--lang", "questionnaire lint": "", "questionnaire diff": "",
	"questionnaire publish": "", "questionnaire preview": "", "questionnaire import": "--key --out", "questionnaire export": "--format",
	"offices list": "",
	"wave create":  "--ref-from --ref-to --opens --closes --office --employer --discussion --rehearsal --head-releases",
	"wave open":    "--population --yes", "wave close": "--population --yes",
	"wave status": "", "wave freeze": "--yes", "wave archive": "--yes", "wave repeat": "--yes",
	"wave import-dataset": "--map --label",
	"participants import": "--wave --population --dry-run", "links": "--wave --population",
	"mail plan": "--wave --kind", "mail send": "--wave --kind --wait", "mail status": "--wave", "mail pause": "--wave", "mail resume": "--wave",
	"mail bounce": "", "export": "--wave --population --profile --out --approved-by --reason", "verify": "", "tables": "--wave --out",
	"risk":      "--data --keys --weight --sensitive --records --report",
	"anonymise": "--data --keys --hierarchies --k --method --suppress-max --loss --out --report",
	"protect":   "--data --dims --freq --threshold --out --report",
	"staff add": "--role", "audit verify": "", "backup": "", "restore": "", "migrate": "", "doctor": "",
}

func TestEveryCommandOfTheContractHelps(t *testing.T) {
	for name, flags := range contract {
		var out, err bytes.Buffer
		code := run(context.Background(), append(strings.Fields(name), "--help"), nil, Streams{Out: &out, Err: &err})
		if code != 0 || !strings.HasPrefix(out.String(), "Usage: rondo "+name) {
			t.Errorf("rondo %s --help: exit %d\n%s%s", name, code, out.String(), err.String())
		}
		for _, flag := range append(strings.Fields(flags), "--database", "--secret-file") {
			if !strings.Contains(out.String(), flag) {
				t.Errorf("rondo %s has no %s", name, flag)
			}
		}
	}
}

func TestUnknownSettingsAreRefusedWithTheNearestName(t *testing.T) {
	for wrong, near := range map[string]string{
		"RONDO_DATABSE": "RONDO_DATABASE", "RONDO_SECRETFILE": "RONDO_SECRET_FILE", "RONDO_PUBLIC_ADDRESS": "RONDO_PUBLIC_URL",
		"RONDO_smtp": "RONDO_SMTP",
	} {
		var out, err bytes.Buffer
		code := run(context.Background(), []string{"offices", "list"}, []string{"PATH=/bin", wrong + "=x"}, Streams{Out: &out, Err: &err})
		if code != 2 || !strings.Contains(err.String(), wrong+"; did you mean "+near+"?") || out.Len() > 0 {
			t.Errorf("%s: exit %d\n%s%s", wrong, code, out.String(), err.String())
		}
	}
	var out bytes.Buffer
	if code := run(context.Background(), []string{"offices", "list"}, []string{"RONDO_LOG=info", "RONDO_TEST_X=1", "RONDON=1"}, Streams{Out: &out, Err: &out}); code != 0 {
		t.Errorf("good names: exit %d\n%s", code, out.String())
	}
}

func TestBadUsageExitsWithTwo(t *testing.T) {
	s := newSite(t, "sqlite")
	s.database = storagetest.URL(t, "sqlite")
	for _, args := range [][]string{
		{"fly"}, {"wave"}, {"wave", "open"}, {"wave", "open", "2026"}, {"wave", "open", "2026", "--population=voters"},
		{"wave", "create", "2026", "--ref-from=2021", "--ref-to=2026", "--opens=tomorrow", "--closes=2026-12-01"},
		{"wave", "create", "2026", "--ref-from=soon", "--ref-to=2026", "--opens=2026-11-01", "--closes=2026-12-01"},
		{"mail", "send", "--wave=2026", "--kind=flyer"}, {"export", "--wave=2026"}, {"verify", "nothing-here.zip"},
		{"staff", "add", "a@example.ch", "--role=king"}, {"offices", "list", "--loud"}, {"offices", "list", "--mail-rate=0"},
		{"offices", "list", "--public-url=ftp://x"}, {"offices", "list", "--public-url=https://x.ch/path"}, {"offices", "list", "--log=loud"},
	} {
		code, out, err := s.run(args...)
		if code != 2 || !strings.Contains(err, "rondo: ") || out != "" {
			t.Errorf("rondo %s: exit %d\n%s%s", strings.Join(args, " "), code, out, err)
		}
	}
	if _, err := os.Stat(strings.TrimPrefix(s.database, "sqlite:")); err == nil {
		t.Error("bad usage made a database")
	}
}

func TestARefusalIsOneSentenceAndExitOne(t *testing.T) {
	s := newSite(t, "sqlite")
	s.createWave()
	data := s.file("cells.csv", "a,b,n\nx,y,3\n")
	for _, args := range [][]string{
		{"wave", "create", "2026", "--ref-from=2021", "--ref-to=2026", "--opens=2026-11-01", "--closes=2026-12-01"},
		{"wave", "create", "2027", "--ref-from=2026", "--ref-to=2021", "--opens=2026-11-01", "--closes=2026-12-01"},
		{"wave", "create", "2027", "--ref-from=2021", "--ref-to=2026", "--opens=2026-12-01", "--closes=2026-11-01"},
		{"wave", "create", "2027", "--ref-from=2021", "--ref-to=2026", "--opens=2026-11-01", "--closes=2026-12-01", "--office=office/9"},
		{"wave", "status", "1999"}, {"wave", "open", "2026", "--population=office", "--yes"}, {"wave", "freeze", "2026", "--yes"},
		{"wave", "archive", "2026"}, {"wave", "archive", "2026", "--yes"}, {"wave", "close", "2026", "--population=office", "--yes"},
		{"links", "--wave=1999", "--population=office"}, {"export", "--wave=2026", "--population=employer", "--profile=scientific", "--out=x.zip"},
		{"verify", data}, {"questionnaire", "show", "employer/9"}, {"questionnaire", "lint", "."}, {"restore", data},
		{"tables", "--wave=2026", "--out=tables"}, {"questionnaire", "preview", "."},
		{"risk", "--data=" + data, "--keys=c", "--report=r.json"}, {"mail", "bounce"},
		{"anonymise", "--data=" + data, "--keys=a", "--k=2", "--suppress-max=0", "--out=o.csv", "--report=r.json"},
	} {
		s.refused(args...)
	}
	for _, left := range []string{"x.zip", "r.json", "o.csv"} {
		if _, err := os.Stat(left); err == nil {
			t.Errorf("a refused command left %s", left)
		}
	}
}

func TestQuestionnairesAreListedLintedAndCompared(t *testing.T) {
	s := newSite(t, "sqlite")
	t.Chdir(sourceFolder)
	if out := s.do("questionnaire", "lint", "../questionnaires/definitions"); out != "" {
		t.Errorf("lint of the built-in questionnaires says:\n%s", out)
	}
	list := s.do("questionnaire", "list")
	for _, q := range questionnaires.Builtins() {
		if !strings.Contains(list, q.Ref()) {
			t.Errorf("%s is not listed", q.Ref())
		}
		for _, other := range []string{q.Ref(), "../questionnaires/definitions/" + q.Ref()} {
			if out := s.do("questionnaire", "diff", q.Ref(), other); out != "" {
				t.Errorf("%s differs from itself:\n%s", q.Ref(), out)
			}
		}
		for _, lang := range questionnaires.Languages {
			if out := s.do("questionnaire", "show", q.Ref(), "--lang="+lang); !strings.Contains(out, q.Title.In(lang)) {
				t.Errorf("%s in %s has no title", q.Ref(), lang)
			}
		}
	}
	if out := s.do("questionnaire", "diff", "employer/1", "employer/2"); !strings.Contains(out, "e_image") {
		t.Errorf("employer/1 and employer/2:\n%s", out)
	}
	if out := s.do("questionnaire", "export", "office/2", "--format=ddi"); !strings.HasPrefix(out, "<?xml") {
		t.Errorf("ddi: %.80s", out)
	}
	if rows := strings.Count(s.do("offices", "list"), "\n"); rows != 26 {
		t.Errorf("%d offices, want 26", rows)
	}
}

// sourceFolder is where the test program starts: the folder of this file.
var sourceFolder = func() string { name, _ := os.Getwd(); return name }()

func TestABackupComesBackOnEitherDatabaseWithSendingPaused(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			s := newSite(t, dialect)
			s.createWave()
			s.do("participants", "import", s.file("o.csv", "code,name,email,language\nZH,IV-Stelle,zh@iv.example.ch,de\n"), "--wave=2026", "--population=office")
			s.do("wave", "open", "2026", "--population=office", "--yes")
			if out := s.do("mail", "send", "--wave=2026"); !strings.Contains(out, "1 messages queued") {
				t.Errorf("mail send: %s", out)
			}
			links := s.do("links", "--wave=2026", "--population=office")
			s.do("backup", "kept.rondo")
			for _, other := range storagetest.Dialects {
				again := *s
				again.database = storagetest.URL(t, other)
				again.do("restore", s.in("kept.rondo"))
				if out := again.do("mail", "status", "--wave=2026"); !strings.HasPrefix(out, "paused\n") || !strings.Contains(out, "unknown") {
					t.Errorf("mail in %s after the restore: %s", other, out)
				}
				if out := again.do("links", "--wave=2026", "--population=office"); out != links {
					t.Errorf("links in %s:\n%s", other, out)
				}
				again.do("audit", "verify")
				again.do("mail", "resume", "--wave=2026")
				if out := again.do("mail", "status", "--wave=2026"); strings.HasPrefix(out, "paused") {
					t.Errorf("mail in %s after resuming: %s", other, out)
				}
				again.refused("restore", s.in("kept.rondo")) // not empty any more
			}
			s.brokenBackup(storagetest.URL(t, dialect))
		})
	}
}

// brokenBackup restores a backup in which one letter has changed: nothing comes of it.
func (s *site) brokenBackup(database string) {
	s.t.Helper()
	body, err := os.ReadFile("kept.rondo")
	must(s.t, err)
	if bytes.Contains(body, []byte("zh@iv.example.ch")) {
		body = bytes.Replace(body, []byte("zh@iv.example.ch"), []byte("zx@iv.example.ch"), 1)
	} else {
		body[len(body)/2] ^= 1
	}
	again := *s
	again.database = database
	again.refused("restore", s.file("broken.rondo", string(body)))
	if out := again.do("wave", "status"); out != "" {
		s.t.Errorf("a broken backup left: %s", out)
	}
}

func TestDoctorAndJournalSpeakPlainly(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			s := newSite(t, dialect)
			s.do("migrate")
			s.createWave()
			out := s.do("doctor")
			for _, word := range []string{"durable", s.secret, "second copy", "journal", "wave 2026", "mail settings"} {
				if !strings.Contains(out, word) {
					t.Errorf("doctor does not speak of %q:\n%s", word, out)
				}
			}
			before := s.do("audit", "verify")
			s.do("links", "--wave=2026", "--population=office")
			if after := s.do("audit", "verify"); after == before || !strings.Contains(after, "entries") {
				t.Errorf("looking at links is not in the journal:\n%s%s", before, after)
			}
			s.do("wave", "repeat", "2026", "--as=2032")
			if out := s.do("wave", "status", "2032"); !strings.Contains(out, "2032  setup  2027-2032") {
				t.Errorf("the next wave: %s", out)
			}
		})
	}
}

// sample is a small file with two keys, a sensitive column and weights, in a given separator.
func sample(comma string) string {
	lines := []string{"id;canton;size;weight;ill"}
	for i := range 40 {
		lines = append(lines, fmt.Sprintf("%d;%s;%s;%d;%s", i, wave.Offices[i%4].Code, []string{"10-49", "250+"}[i/20], 2+i%3, []string{"yes", "no"}[i%2]))
	}
	return strings.ReplaceAll(strings.Join(append(lines, "40;TI;1-9;2;yes"), "\n")+"\n", ";", comma)
}

func TestFilesAreJudgedAndMadeAnonymousWithTheKeysOfTheContract(t *testing.T) {
	s := newSite(t, "sqlite")
	for name, comma := range map[string]string{"semicolon": ";", "comma": ","} {
		data := s.file(name+".csv", sample(comma))
		s.do("risk", "--data="+data, "--keys=canton,size", "--weight=weight", "--sensitive=ill", "--records", "--report=risk.json")
		risk := s.report("risk.json", "records classes min_class uniques violations candidates_min expected_reidentifications k l entropy_l t seconds")
		if risk["records"] != 41.0 || risk["uniques"] != 1.0 || risk["min_class"] != 1.0 {
			t.Errorf("%s: %v", name, risk)
		}
		rows, ok := risk["rows"].([]any)
		if !ok || len(rows) != 41 || !hasKeys(rows[40], "fk", "Fk", "risk") {
			t.Errorf("%s: the records are %v", name, risk["rows"])
		}
		for _, method := range []string{"local", "record"} {
			s.do("anonymise", "--data="+data, "--keys=canton,size", "--k=5", "--suppress-max=0.2", "--method="+method, "--out=out.csv", "--report=done.json")
			done := s.report("done.json", "records classes min_class uniques violations candidates_min expected_reidentifications k ncp seconds")
			if done["k"].(float64) < 5 || !hasKeys(done, "suppressed_cells") && !hasKeys(done, "suppressed_records") {
				t.Errorf("%s %s: %v", name, method, done)
			}
			s.sameOrder(data, "out.csv", rune(comma[0]))
		}
	}
	must(s.t, os.Mkdir("tree", 0o700))
	s.file("tree/canton.csv", "ZH;east;*\nBE;west;*\nLU;east;*\nUR;east;*\nTI;south;*\n")
	s.file("tree/size.csv", "1-9;*\n10-49;*\n250+;*\n")
	s.do("anonymise", "--data=comma.csv", "--keys=canton,size", "--hierarchies=tree", "--k=5", "--method=record", "--out=out.csv", "--report=node.json")
	node := s.report("node.json", "node loss ncp suppressed_records k")
	if !hasKeys(node["node"], "canton", "size") {
		t.Errorf("node: %v", node["node"])
	}
}

func TestATableOfCountsIsProtectedWithItsAudit(t *testing.T) {
	s := newSite(t, "sqlite")
	cells := s.file("cells.csv", "canton;size;n\nZH;small;2\nZH;large;20\nZH;Total;22\nBE;small;30\nBE;large;25\nBE;Total;55\nTotal;small;32\nTotal;large;45\nTotal;Total;77\n")
	s.do("protect", "--data="+cells, "--dims=canton,size", "--freq=n", "--threshold=5", "--out=safe.csv", "--report=safe.json")
	report := s.report("safe.json", "primary secondary interval_min audited")
	if report["primary"] != 1.0 || report["secondary"].(float64) < 3 || report["audited"] != true || report["interval_min"].(float64) < 5 {
		t.Errorf("report: %v", report)
	}
	safe, err := os.ReadFile("safe.csv")
	must(t, err)
	if !strings.HasPrefix(string(safe), "canton;size;n;primary;secondary\nZH;small;") || !strings.Contains(string(safe), ";true;false\n") {
		t.Errorf("the table:\n%s", safe)
	}
	s.refused("protect", "--data="+cells, "--dims=canton", "--freq=n", "--threshold=5", "--out=no.csv", "--report=no.json")
}

// report reads a report, which has to hold all of the keys.
func (s *site) report(name, keys string) map[string]any {
	s.t.Helper()
	body, err := os.ReadFile(name)
	must(s.t, err)
	report := map[string]any{}
	must(s.t, json.Unmarshal(body, &report))
	if !hasKeys(report, strings.Fields(keys)...) {
		s.t.Errorf("%s lacks some of %s; it has %v", name, keys, namesOf(report))
	}
	return report
}

// hasKeys says whether a value of a report is an object with all of the keys.
func hasKeys(value any, keys ...string) bool {
	object, ok := value.(map[string]any)
	present := maps.Clone(object)
	for _, key := range keys {
		_, has := present[key]
		ok = ok && has
	}
	return ok
}

// sameOrder compares the first column of two files.
func (s *site) sameOrder(before, after string, comma rune) {
	s.t.Helper()
	first := func(name string) (ids []string) {
		file, err := os.Open(name)
		must(s.t, err)
		defer file.Close()
		reader := csv.NewReader(file)
		reader.Comma = comma
		lines, err := reader.ReadAll()
		must(s.t, err)
		for _, line := range lines {
			ids = append(ids, line[0])
		}
		return ids
	}
	if was, is := first(before), first(after); strings.Join(was, " ") != strings.Join(is, " ") && len(was) == len(is) {
		s.t.Errorf("the order of the rows changed:\n%v\n%v", was, is)
	}
}
