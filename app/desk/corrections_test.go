package desk

import (
	"strings"
	"testing"

	"rondo/app/auth"
)

func TestNobodyConfirmsTheirOwnCorrection(t *testing.T) {
	for _, tc := range []struct {
		role   auth.Role
		form   string
		status int
		change string
	}{
		{auth.Lead, "id=s1&do=confirm", 403, ""},
		{auth.Lead, "id=s3&id=s1&do=confirm", 403, ""}, // not even beside another one
		{auth.Lead, "id=s1&do=reject", 303, "decide s1 false by lead@bsv.example"},
		{auth.Reviewer, "id=s1&do=confirm", 303, "decide s1 true by reviewer@bsv.example"},
		{auth.Reviewer, "id=s1&id=s3&do=confirm", 303, "decide s1 true by reviewer@bsv.example; decide s3 true by reviewer@bsv.example"},
		{auth.Analyst, "id=s1&do=confirm", 403, ""},
		{auth.Analyst, "id=s1&do=reject", 403, ""},
		{auth.Analyst, "id=s3&do=reject", 303, "decide s3 false by analyst@bsv.example"},
		{auth.Analyst, "id=s3&do=confirm", 403, ""},
		{auth.Reviewer, "id=s4&do=reject", 409, ""},
		{auth.Reviewer, "id=s2&do=confirm", 409, ""},
		{auth.Reviewer, "id=s5&do=reject", 409, ""}, // the answers are frozen
		{auth.Reviewer, "id=nobody&do=reject", 404, ""},
		{auth.Reviewer, "do=confirm", 422, ""},
		{auth.Moderator, "id=s1&do=reject", 403, ""},
	} {
		p, b := start(t)
		tag := b.as(p, tc.role)
		before := len(p.changes)
		a := b.do("POST", "/desk/waves/2015/corrections", formType("POST"), "_tag="+tag+"&"+tc.form)
		if got := strings.Join(p.changes[before:], "; "); a.status != tc.status || got != tc.change {
			t.Errorf("%s %s = %d, changed %q; want %d, %q", tc.role, tc.form, a.status, got, tc.status, tc.change)
		}
	}
}

func TestAWrongCorrectionComesBackBesideItsField(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Analyst)
	changes, entries := len(p.changes), len(p.entries)
	a := b.do("POST", "/desk/waves/2015/corrections/office/o_days", formType("POST"), "_tag="+tag+"&from=3&to=9999&reason=too+many")
	for _, want := range []string{`id="to-problem"`, "365", `value="9999"`, `value="too many"`, `value="3" aria-label="3 auswählen" checked`} {
		if a.status != 422 || !strings.Contains(a.body, want) {
			t.Errorf("%d, %s is missing in\n%s", a.status, want, a.body)
		}
	}
	a = b.do("POST", "/desk/waves/2015/corrections/office/o_role", formType("POST"), "_tag="+tag+"&to=several&reason=r")
	if a.status != 422 || !strings.Contains(a.body, `class="problems"`) || !strings.Contains(a.body, `value="several" selected`) {
		t.Errorf("without a value: %d\n%s", a.status, a.body)
	}
	if len(p.changes) != changes || len(p.entries) != entries {
		t.Errorf("something was changed or journalled: %v %v", p.changes, p.entries)
	}
}

func TestTheJournalOfACorrectionHoldsNoAnswer(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Lead)
	a := b.do("POST", "/desk/waves/2015/corrections/office/o_role_other", formType("POST"), "_tag="+tag+"&from=Mitte&from=Rand&to=several&office=BE&reason=why")
	entry := p.entries[len(p.entries)-1]
	if a.status != 303 || a.location != "/desk/waves/2015/corrections?done=correction_proposed" || entry.Action != "correction.propose" || entry.Object != "2015/office" || entry.Detail != "o_role_other" {
		t.Errorf("%d %s, journal %+v", a.status, a.location, entry)
	}
	if want := "propose 2015 office o_role_other [Mitte Rand] → several BE by lead@bsv.example: why"; p.changes[len(p.changes)-1] != want {
		t.Errorf("changed %q, want %q", p.changes[len(p.changes)-1], want)
	}
}

func TestManyValuesComeInPagesThatAFormCanHold(t *testing.T) {
	p, b := start(t)
	b.as(p, auth.Lead)
	for page, first := range map[string]string{"": "0", "?page=2": "200", "?page=3": "400", "?page=9": "400", "?page=x": "0"} {
		a := b.get("/desk/waves/2015/corrections/office/o_days" + page)
		if n := strings.Count(a.body, `name="from"`); a.status != 200 || n > 200 || !strings.Contains(a.body, `name="from" value="`+first+`"`) {
			t.Errorf("page %q = %d with %d values", page, a.status, n)
		}
	}
	if a := b.get("/desk/waves/2015/corrections/office/o_comment"); a.status != 404 {
		t.Errorf("a variable that cannot be corrected = %d", a.status)
	}
	if a := b.get("/desk/waves/2015/corrections/office/o_role_other"); !strings.Contains(a.body, "Leitung &#34;Mitte&#34; &amp; Co") {
		t.Errorf("an answer is not shown as it is:\n%s", a.body)
	}
}
