package desk

import (
	"slices"
	"strings"
	"testing"

	"rondo/app/auth"
)

var concrete = strings.NewReplacer(":label", "2026", ":population", "employer", ":step", "close", ":kind", "invitation",
	":code", "AG", ":id", "r2", ":token", "nothing", ":lang", "fr", ":key", "employer", ":version", "2", ":draft", "3", ":profile", "scientific", ":question", "e_comment", ":text", "t1", ":variable", "o_role")

// atDoor are the pages that need nobody signed in.
var atDoor = map[string]bool{"/desk/welcome/:token": true, "/desk/sign-in": true, "/desk/sign-out": true}

func urls(t *testing.T) []URL {
	t.Helper()
	list := New(Config{}).doorURLs()
	return slices.Concat(list, New(Config{}).waveURLs(), New(Config{}).mailURLs(), New(Config{}).versionURLs())
}

func TestEveryURL_refuses_without_session(t *testing.T) {
	p, b := start(t)
	for _, u := range urls(t) {
		if (u.Act == "") != atDoor[u.Path] {
			t.Errorf("%s %s: open to all = %v", u.Method, u.Path, u.Act == "")
		}
		if u.Act == "" {
			continue
		}
		for who, cookies := range map[string]map[string]string{
			"nobody":       {},
			"a respondent": {"rondo": "0123456789abcdefghjkmnpqrstvwxyz"},
			"a respondent with their link as staff cookie": {"rondo-staff": "0123456789abcdefghjkmnpqrstvwxyz"},
		} {
			b.cookies = cookies
			a := b.do(u.Method, concrete.Replace(u.Path), formType(u.Method), "")
			if a.status != 303 || !strings.HasPrefix(a.location, "/desk/sign-in") {
				t.Errorf("%s: %s %s = %d %s, want 303 to the sign-in", who, u.Method, u.Path, a.status, a.location)
			}
		}
	}
	if len(p.changes)+len(p.entries) > 0 {
		t.Errorf("changes without a session: %v", p.changes)
	}
}

func formType(method string) string {
	if method == "POST" {
		return "application/x-www-form-urlencoded"
	}
	return ""
}

func TestEveryURL_refuses_roles_that_may_not(t *testing.T) {
	for _, role := range auth.Roles {
		p, b := start(t)
		tag := b.as(p, role)
		before := len(p.changes)
		for _, u := range urls(t) {
			if u.Act == "" || role.May(u.Act) {
				continue
			}
			a := b.do(u.Method, concrete.Replace(u.Path), formType(u.Method), "_tag="+tag)
			if a.status != 403 {
				t.Errorf("%s: %s %s = %d, want 403", role, u.Method, u.Path, a.status)
			}
			if u.Method == "POST" && p.entries[len(p.entries)-1].Action != "denied."+string(u.Act) {
				t.Errorf("%s: %s %s was refused without a journal entry", role, u.Method, u.Path)
			}
		}
		if len(p.changes) != before {
			t.Errorf("%s changed what it may not: %v", role, p.changes[before:])
		}
	}
}

func TestEveryPOST_refuses_a_foreign_tag(t *testing.T) {
	p, b := start(t)
	b.as(p, auth.Admin)
	before := len(p.changes)
	for _, u := range urls(t) {
		if u.Act == "" || u.Method != "POST" {
			continue
		}
		for _, body := range []string{"", "_tag=", "_tag=abcdefghijklmnopqrstuvwx"} {
			if a := b.do("POST", concrete.Replace(u.Path), formType("POST"), body); a.status != 409 {
				t.Errorf("%s with %q = %d, want 409", u.Path, body, a.status)
			}
		}
	}
	if len(p.changes) != before {
		t.Errorf("changes without a tag: %v", p.changes[before:])
	}
}

func TestEveryGET_changes_nothing(t *testing.T) {
	p, b := start(t)
	b.as(p, auth.Admin)
	changes, entries := len(p.changes), len(p.entries)
	for _, u := range urls(t) {
		if u.Method != "GET" {
			continue
		}
		for _, method := range []string{"GET", "HEAD"} {
			path := concrete.Replace(u.Path)
			if strings.HasPrefix(u.Path, "/desk/staff/:id") {
				path = strings.Replace(u.Path, ":id", "a3", 1)
			}
			a := b.do(method, path, "", "")
			if a.status != 200 && a.status != 303 && u.Path != "/desk/welcome/:token" {
				t.Errorf("%s %s = %d", method, u.Path, a.status)
			}
		}
	}
	if len(p.changes) != changes || len(p.entries) != entries {
		t.Errorf("reading changed something: %v %v", p.changes[changes:], p.entries[entries:])
	}
}

func TestEveryChange_is_a_POST(t *testing.T) {
	for _, u := range urls(t) {
		changing := map[auth.Act]bool{auth.Record: true, auth.BuildRelease: true, auth.DownloadRelease: true}
		if u.Method == "GET" && changing[u.Act] {
			t.Errorf("GET %s needs %s", u.Path, u.Act)
		}
	}
}
