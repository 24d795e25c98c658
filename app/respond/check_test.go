package respond

import (
	"bufio"
	"net/url"
	"os"
	"strings"
	"testing"
)

const checkedService = "https://survey.example.ch"

func TestALinkIsJudgedByWhereItLeads(t *testing.T) {
	file, err := os.Open("testdata/links.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	n := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		verdict, rest, _ := strings.Cut(line, " ")
		host, pasted, _ := strings.Cut(strings.TrimSpace(rest), " ")
		pasted = strings.TrimSpace(pasted)
		got := judge(checkedService, pasted)
		if host == "-" {
			host = ""
		}
		if got.verdict != verdict || got.host != host || got.strange != strings.HasPrefix(host, "xn--") {
			t.Errorf("%s\n  = %+v, want %s, leading to %q", pasted, got, verdict, host)
		}
		n++
	}
	if n < 30 {
		t.Errorf("%d cases", n)
	}
	for _, nothing := range []string{"", "  ", strings.Repeat("a", 5000), "https://survey.exam\x00ple.ch/", "\xff\xfe"} {
		if got := judge(checkedService, nothing); got.verdict != "unreadable" {
			t.Errorf("%q = %+v", nothing, got)
		}
	}
}

func TestALinkThatIsCutInTwoByTheLimitIsNotJudged(t *testing.T) {
	long := checkedService + "/privacy " + strings.Repeat("a ", longestLink)
	for cut := range 40 {
		at := longestLink - cut
		pasted := long[:at-at%2] + " " + checkedService + "/check"
		if got := judge(checkedService, pasted); got.verdict != "ours" {
			t.Fatalf("cut at %d: %+v", cut, got)
		}
	}
}

// FuzzALinkCalledOursLeadsToUs holds that no spelling makes the page praise a link of somebody else.
func FuzzALinkCalledOursLeadsToUs(f *testing.F) {
	for _, seed := range []string{"https://survey.example.ch/r/x", "https://survey.example.ch@evil.example", "survey.example.ch\\@evil.example", "https://eur01.safelinks.protection.outlook.com/?url=https://survey.example.ch.evil.example", "https://survey.example.ch/ <https://evil.example/>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pasted string) {
		got := judge(checkedService, pasted)
		if got.verdict != "ours" && got.verdict != "cut" {
			return
		}
		for _, word := range linksIn(pasted) {
			to, ok := readLink(word)
			if !ok {
				t.Fatalf("%q is %s, and %q cannot be read", pasted, got.verdict, word)
			}
			if u, err := url.Parse(to.String()); err != nil || !strings.EqualFold(u.Hostname(), "survey.example.ch") || u.Scheme != "https" || u.User != nil || strings.Contains(word, "\\") {
				t.Errorf("%q is %s, and leads to %v", pasted, got.verdict, u)
			}
		}
	})
}
