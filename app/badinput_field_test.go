package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rondo/questionnaires"
	"rondo/storage/storagetest"
)

// inField is a wave in the field, served from this process so that its clock can be moved.
type inField struct {
	*site
	house   *House
	offices map[string]string   // code to link
	free    map[string][]string // language to links of employers nobody has used yet
}

// inTheField runs a test on a wave with three open offices and employers of all languages, on
// both databases.
func inTheField(t *testing.T, test func(t *testing.T, f *inField)) {
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) { test(t, newField(t, dialect)) })
	}
}

func newField(t *testing.T, dialect string) *inField {
	t.Helper()
	f := &inField{site: newSite(t, dialect), offices: map[string]string{}, free: map[string][]string{}}
	f.createWave()
	f.do("participants", "import", f.file("offices.csv", "code,name,email,language\n"+
		"ZH,IV-Stelle Zürich,zh@iv.example.ch,de\nVD,Office AI Vaud,vd@iv.example.ch,fr\nTI,Ufficio AI,ti@iv.example.ch,it\n"),
		"--wave=2026", "--population=office")
	f.do("participants", "import", f.file("employers.csv", employerList(40)), "--wave=2026", "--population=employer")
	f.do("wave", "open", "2026", "--population=office", "--yes")
	f.do("wave", "open", "2026", "--population=employer", "--yes")
	for _, population := range []string{"office", "employer"} {
		rows, err := csv.NewReader(strings.NewReader(f.do("links", "--wave=2026", "--population="+population))).ReadAll()
		must(t, err)
		for _, row := range rows[1:] {
			if population == "office" {
				f.offices[row[2]] = row[4]
			} else {
				f.free[row[3]] = append(f.free[row[3]], row[4])
			}
		}
	}
	f.host()
	return f
}

// employerList is a list of n good employers in the four languages; the header is line 1.
func employerList(n int) string {
	list := "office,name,email,language,size,branch,town\n"
	for i := range n {
		list += fmt.Sprintf("%s,Firma %c%c,firma%d@firma.example.ch,%s,50-249,C,Ort\n",
			[]string{"ZH", "VD", "TI"}[i%3], 'A'+i%26, 'A'+i/26, i, questionnaires.Languages[i%4])
	}
	return list
}

// host serves the house in this process.
func (f *inField) host() {
	f.t.Helper()
	config := &Config{
		Database: f.database, SecretFile: f.secret, Listen: strings.TrimPrefix(f.url, "http://"), SMTP: "smtp://" + f.mail.Addr,
		MailFrom: "Study <study@example.ch>", MailRate: 1000, MailPerDomain: 2, Log: "warn",
	}
	must(f.t, config.check())
	var err error
	f.house, err = openHouse(context.Background(), config, logger(config, f.said))
	must(f.t, err)
	ctx, stop := context.WithCancel(context.Background())
	up, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- f.house.serve(ctx, func(address string) { up <- address }) }()
	f.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			f.t.Errorf("serve: %v\n%s", err, f.said)
		}
		must(f.t, f.house.Store.Close())
	})
	<-up
}

// employer gives the link of an employer nobody has used yet.
func (f *inField) employer(lang string) string {
	f.t.Helper()
	link := f.free[lang][0]
	f.free[lang] = f.free[lang][1:]
	return link
}

// stored is everything the database holds, in words, wherever it lies on disk.
func (f *inField) stored() string {
	f.t.Helper()
	var lines []string
	for _, table := range storagetest.Dump(f.t, f.house.Store) {
		for _, row := range table.Rows {
			line := table.Name
			for i, name := range table.Columns {
				if !slices.Contains([]string{"ctid", "xmin", "rowid"}, name) {
					line += fmt.Sprintf(" %s=%v", name, row[i])
				}
			}
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
