package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rondo/questionnaires"
	"rondo/storage/storagetest"
)

// TestTheAuthorsJourneyOfTheGuide does what the guide for authors says, line by line, on both
// databases, and then what an author does at the desk.
func TestTheAuthorsJourneyOfTheGuide(t *testing.T) {
	guide, err := os.ReadFile("../questionnaires/README.md")
	must(t, err)
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			s := newSite(t, dialect)
			must(t, os.CopyFS("definitions", questionnaires.Definitions()))
			steps := 0
			for _, block := range consoles(string(guide)) {
				for _, step := range stepsIn(block) {
					s.step(step)
					steps++
				}
			}
			if steps < 15 {
				t.Errorf("the journey has only %d steps", steps)
			}
			s.serve()
			s.atTheDesk()
		})
	}
}

// consoleStep is a line after $, what it reads (after <<END), and what must come out.
type consoleStep struct {
	command, input string
	wants          []string
}

func consoles(guide string) []string {
	var blocks []string
	for _, m := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(guide, -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

func stepsIn(block string) []consoleStep {
	var steps []consoleStep
	reading := false
	for line := range strings.Lines(block) {
		line = strings.TrimRight(line, "\n")
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case reading && line == "END":
			reading = false
		case reading:
			steps[len(steps)-1].input += line + "\n"
		case isCommand:
			steps = append(steps, consoleStep{command: command})
			reading = strings.HasSuffix(command, "<<END")
		default:
			steps[len(steps)-1].wants = append(steps[len(steps)-1].wants, line)
		}
	}
	return steps
}

var (
	sedCommand = regexp.MustCompile(`^sed -i 's/(.*)/(.*)/' (.+)$`)
	catCommand = regexp.MustCompile(`^cat > (\S+) <<END$`)
)

// step does one line of the guide.
func (s *site) step(step consoleStep) {
	s.t.Helper()
	words := strings.Fields(step.command)
	if m := sedCommand.FindStringSubmatch(step.command); m != nil {
		for _, file := range strings.Fields(m[3]) {
			edit(s.t, ".", file, m[1], strings.ReplaceAll(m[2], `\n`, "\n"))
		}
		return
	}
	if m := catCommand.FindStringSubmatch(step.command); m != nil {
		must(s.t, os.WriteFile(m[1], []byte(step.input), 0o600))
		return
	}
	switch words[0] {
	case "cp":
		must(s.t, os.CopyFS(words[3], os.DirFS(words[2])))
	case "rondo":
		code, out, said := s.run(words[1:]...)
		refused := len(step.wants) > 0 && strings.HasPrefix(step.wants[len(step.wants)-1], "rondo: ")
		if (code == 1) != refused || code > 1 {
			s.t.Fatalf("$ %s\nexit %d\n%s%s", step.command, code, out, said)
		}
		for _, want := range step.wants {
			if !comesOut(out+said, want) {
				s.t.Errorf("$ %s\nlacks the line %q:\n%s%s", step.command, want, out, said)
			}
		}
	default:
		s.t.Fatalf("the guide does %q, which no test can", step.command)
	}
}

// comesOut says whether a line is printed; … stands for the rest of it.
func comesOut(printed, want string) bool {
	begin, open := strings.CutSuffix(want, "…")
	for line := range strings.Lines(printed) {
		line = strings.TrimRight(line, "\n")
		if line == want || open && strings.HasPrefix(line, begin) {
			return true
		}
	}
	return false
}

// atTheDesk makes employer/4 of employer/3 in a browser: begun, refused, classified, published,
// and asked by a new wave.
func (s *site) atTheDesk() {
	s.t.Helper()
	b := s.account(s.welcome(s.do("staff", "add", "lead@bsv.example", "--role=lead")), "Lea Lead", "lead@bsv.example")
	b.Open("/desk/questionnaires?lang=en")
	shows(s.t, b, 200, "employer/3", "published", "built in")
	b.Open("/desk/questionnaires/employer/3")
	shows(s.t, b, 200, "employer/2 and employer/3 compared", "break: the trend starts anew", "e_importance")
	b.Form(`form[action="/desk/questionnaires/employer/3/next"]`).Submit()
	shows(s.t, b, 200, "Draft employer/4", "The draft is there.", "Nothing has changed.")

	f := b.Form(`form[action="/desk/drafts/employer/4/files"]`)
	f.Fill("file-text-en-yaml", strings.Replace(f.Values.Get("file-text-en-yaml"), "been in contact with", "been in touch with", 1)).
		Fill("file-text-de-yaml", strings.Replace(f.Values.Get("file-text-de-yaml"), "Hatte Ihr Betrieb", "Hat Ihr Betrieb", 1)).
		Fill("file-text-fr-yaml", strings.Replace(f.Values.Get("file-text-fr-yaml"), "été en contact", "été en relation", 1)).
		Fill("file-text-it-yaml", strings.Replace(f.Values.Get("file-text-it-yaml"), "è stata in contatto", "è stata in relazione", 1)).Submit()
	shows(s.t, b, 200, "One finding stands against publishing.", "unclassified", "e_contact", "touch")
	b.Open("/desk/drafts/employer/4/publish")
	shows(s.t, b, 200, "cannot be published yet", "unclassified")
	b.Form("main form").Submit()
	shows(s.t, b, 409, "cannot be published yet")

	b.Open("/desk/drafts/employer/4").Form("form#typed").Fill("class-e_contact", "breaks_trend").Submit("do", "classes")
	shows(s.t, b, 200, "The classes are kept.", "The draft can be published.")
	b.Open("/desk/drafts/employer/4/publish").Form("main form").Submit()
	shows(s.t, b, 200, "The version is published.", "e_contact", "break: the trend starts anew")
	b.Open("/desk/new")
	if got := b.Form("main form").Options("employer"); len(got) == 0 || got[0] != "employer/4" {
		s.t.Errorf("a new wave may ask %v", got)
	}
	s.took(b.Fetch("GET", "/desk/questionnaires/employer/4/files", nil).Body)
	if out := s.do("questionnaire", "list"); !strings.Contains(out, "by lead@bsv.example") {
		s.t.Errorf("the list does not say who published:\n%s", out)
	}
	s.do("audit", "verify")
}

// took continues on a folder what was published at the desk: its next version is compared with it.
func (s *site) took(archive string) {
	s.t.Helper()
	files, err := questionnaires.Unzip([]byte(archive))
	must(s.t, err)
	must(s.t, os.Mkdir("employer-4", 0o700))
	for name, data := range files {
		must(s.t, os.WriteFile(filepath.Join("employer-4", name), data, 0o600))
	}
	if out := s.do("questionnaire", "diff", "employer/4", "employer-4"); out != "" {
		s.t.Errorf("what was downloaded is not what was published:\n%s", out)
	}
	must(s.t, os.WriteFile("compared.html", nil, 0o600))
	s.do("questionnaire", "diff", "employer/2", "employer/4", "--html=compared.html", "--lang=fr")
	page, err := fs.ReadFile(os.DirFS("."), "compared.html")
	must(s.t, err)
	if !bytes.Contains(page, []byte("<ins>")) || !bytes.Contains(page, []byte("employer/2 et employer/4")) {
		s.t.Errorf("the page compares nothing: %.300s", page)
	}
	edit(s.t, "employer-4", "questionnaire.yaml", "version: 4", "version: 5")
	if sentence, _ := s.refused("questionnaire", "publish", "employer-4"); !strings.Contains(sentence, "employer/4, not with employer/3") {
		s.t.Errorf("the next version is not compared with the newest published one: %s", sentence)
	}
}
