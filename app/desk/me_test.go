package desk

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"rondo/app/auth"
)

var secretShown = regexp.MustCompile(`<code class="long">([A-Z2-7 ]+)</code>`)
var sealedField = regexp.MustCompile(`name="sealed" value="([^"]+)"`)

// withFactor sets up a second factor as a person does and gives its secret.
func (b *browser) withFactor(p *paper, role auth.Role) string {
	b.t.Helper()
	tag := b.as(p, role)
	page := b.post("/desk/me", "_tag", tag, "do", "propose")
	secret := strings.ReplaceAll(secretShown.FindStringSubmatch(page.body)[1], " ", "")
	sealed := sealedField.FindStringSubmatch(page.body)[1]
	checkMarkup(b.t, "propose", page.body)
	if a := b.post("/desk/me", "_tag", tag, "do", "confirm", "sealed", sealed, "code", "000000"); a.status != 422 || !strings.Contains(a.body, sealed) {
		b.t.Errorf("a wrong first code = %d, want 422 with the same proposal", a.status)
	}
	if a := b.post("/desk/me", "_tag", tag, "do", "confirm", "sealed", "AAAA", "code", "000000"); a.status != 409 {
		b.t.Errorf("a proposal of another hand = %d, want 409", a.status)
	}
	if a := b.post("/desk/me", "_tag", tag, "do", "confirm", "sealed", sealed, "code", codeAt(b.t, secret, p.now)); a.location != "/desk/sign-in?done=factor" {
		b.t.Fatalf("the right first code = %d", a.status)
	}
	return secret
}

func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestSecondFactor_is_needed_and_each_code_works_once(t *testing.T) {
	p, b := start(t)
	secret := b.withFactor(p, auth.Lead)
	try := func(code string) int {
		b.cookies = map[string]string{}
		tag := b.tag(b.get("/desk/sign-in").body)
		return b.post("/desk/sign-in", "_tag", tag, "email", "lead@bsv.example", "password", testPassword, "code", code).status
	}
	used := codeAt(t, secret, p.now)
	p.now = p.now.Add(time.Minute)
	fresh := codeAt(t, secret, p.now)
	for _, tc := range []struct {
		rule, code string
		want       int
	}{
		{"no code", "", 422}, {"a code used before", used, 422}, {"a code of an hour ago", codeAt(t, secret, p.now.Add(-time.Hour)), 422},
		{"the code with a space", fresh[:3] + " " + fresh[3:], 303}, {"the same again", fresh, 422},
	} {
		if got := try(tc.code); got != tc.want {
			t.Errorf("%s = %d, want %d", tc.rule, got, tc.want)
		}
	}
}

func TestSecondFactor_is_removed_with_a_code_or_by_an_administrator(t *testing.T) {
	p, b := start(t)
	secret := b.withFactor(p, auth.Lead)
	p.now = p.now.Add(time.Minute)
	tag := b.tag(b.get("/desk/sign-in").body)
	b.post("/desk/sign-in", "_tag", tag, "email", "lead@bsv.example", "password", testPassword, "code", codeAt(t, secret, p.now))
	tag = b.tag(b.get("/desk/me").body)
	if a := b.post("/desk/me", "_tag", tag, "do", "remove", "code", "123"); a.status != 422 {
		t.Errorf("removing with a wrong code = %d, want 422", a.status)
	}
	p.now = p.now.Add(time.Minute)
	if a := b.post("/desk/me", "_tag", tag, "do", "remove", "code", codeAt(t, secret, p.now)); a.location != "/desk/sign-in?done=factor_off" {
		t.Errorf("removing = %d", a.status)
	}
	b.withFactor(p, auth.Lead)
	admin := &browser{t, b.app, map[string]string{}}
	tag = admin.as(p, auth.Admin)
	if a := admin.post("/desk/staff/a1/factor", "_tag", tag); a.location != "/desk/staff?done=factor_off" || p.accounts["a1"].factor != nil {
		t.Errorf("removing by an administrator = %d", a.status)
	}
	if e := p.entries[len(p.entries)-1]; e.Action != "staff.factor" || e.Object != "lead@bsv.example" || e.Who != "admin@bsv.example" {
		t.Errorf("journal %v", e)
	}
}

func TestSecondFactor_is_not_replaced_without_a_code_of_it(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Lead)
	page := b.post("/desk/me", "_tag", tag, "do", "propose").body // at an open session, before the owner sets up theirs
	secret := strings.ReplaceAll(secretShown.FindStringSubmatch(page)[1], " ", "")
	sealed := sealedField.FindStringSubmatch(page)[1]
	owned := b.withFactor(p, auth.Lead)

	p.now = p.now.Add(time.Minute)
	tag = b.tag(b.get("/desk/sign-in").body)
	b.post("/desk/sign-in", "_tag", tag, "email", "lead@bsv.example", "password", testPassword, "code", codeAt(t, owned, p.now))
	tag = b.tag(b.get("/desk/me").body)
	before := string(p.accounts["a1"].factor)
	for rule, form := range map[string][]string{
		"proposing another":  {"do", "propose"},
		"confirming another": {"do", "confirm", "sealed", sealed, "code", codeAt(t, secret, p.now)},
	} {
		entries := len(p.entries)
		if a := b.post("/desk/me", append([]string{"_tag", tag}, form...)...); a.status != 403 || secretShown.MatchString(a.body) {
			t.Errorf("%s = %d, want 403", rule, a.status)
		}
		if got := string(p.accounts["a1"].factor); got != before {
			t.Errorf("%s changed the second factor", rule)
		}
		if added := p.entries[entries:]; len(added) != 1 || added[0].Detail != "refused" {
			t.Errorf("%s is journalled as %v", rule, added)
		}
	}
	if a := b.get("/desk/me"); a.status != 200 || !strings.Contains(a.body, `value="remove"`) || strings.Contains(a.body, `value="propose"`) {
		t.Errorf("afterwards the page = %d offers something else than removing", a.status)
	}
}
