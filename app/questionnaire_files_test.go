package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAWorkbookGoesOutAndComesBackAsTheSameQuestionnaire(t *testing.T) {
	s := newSite(t, "sqlite")
	file, dir := s.file("employer.xlsx", s.do("questionnaire", "export", "employer/2", "--format=xlsform")), filepath.Join(t.TempDir(), "2")
	out := s.do("questionnaire", "import", file, "--key=employer", "--version=2", "--out="+dir)
	if want := "employer/2 is in " + dir + ": 36 questions on 10 pages; 0 places of the workbook are not carried; 0 findings"; !strings.HasPrefix(out, want) {
		t.Errorf("import says:\n%s\nwant %s", out, want)
	}
	if out := s.do("questionnaire", "diff", "employer/2", dir); out != "" {
		t.Errorf("diff:\n%s", out)
	}
	if out := s.do("questionnaire", "lint", dir); out != "" {
		t.Errorf("lint:\n%s", out)
	}
	if code, out, err := s.run("questionnaire", "import", file, "--key=employer", "--out="+dir); code != 1 || out != "" || !strings.Contains(err, "is not empty") {
		t.Errorf("into a full folder: exit %d\n%s%s", code, out, err)
	}
}

func TestAWorkbookThatIsNoneIsRefusedAndLeavesNoFolder(t *testing.T) {
	s := newSite(t, "sqlite")
	dir := filepath.Join(t.TempDir(), "1")
	huge := filepath.Join(t.TempDir(), "huge.xlsx")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 100<<20); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{s.file("a.xlsx", "no workbook"): "no_workbook", huge: "too_large"} {
		code, out, err := s.run("questionnaire", "import", file, "--key=k", "--out="+dir)
		if code != 1 || out != "" || !strings.Contains(err, want) || strings.Count(err, "\n") != 1 {
			t.Errorf("exit %d\n%s%s", code, out, err)
		}
	}
	file := s.file("b.xlsx", s.do("questionnaire", "export", "discussion/1", "--format=xlsform"))
	if code, _, err := s.run("questionnaire", "import", file, "--key=Not A Key", "--out="+dir); code != 1 || !strings.Contains(err, "lower-case word") {
		t.Errorf("a bad key: exit %d\n%s", code, err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a refused import made the folder")
	}
}
