package desk

import (
	"bytes"
	"encoding/base64"
	"mime/multipart"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rondo/app/auth"
	"rondo/app/i18n"
	"rondo/storage/db"
)

// change is a POST, what it changes, its entry in the journal, and where it leads.
type change struct{ path, form, change, action, next string }

var nominationChanges = []change{
	{"/desk/waves/2026/nominations", "id=n3&sure=yes&do=approve", "approve [n3]", "nominations.approve", "/desk/waves/2026/nominations?done=approved"},
	{"/desk/waves/2026/nominations", "id=n3&do=clear", "approve [n1 n2]", "nominations.approve", "/desk/waves/2026/nominations?done=approved"},
	{"/desk/waves/2026/nominations", "id=n3&do=duplicate", "duplicate [n3]", "nominations.duplicate", "/desk/waves/2026/nominations?done=duplicates"},
	{"/desk/waves/2026/nominations/selection", "mode=drawn", "select 2026 drawn", "selection.mode", "/desk/waves/2026/nominations?done=selection"},
	{"/desk/waves/2026/nominations/reset", "office=FR", "unselect 2026 FR", "selection.reset", "/desk/waves/2026/nominations?done=unselected"},
	{"/desk/waves/2026/panel", "id=m1&id=m3&do=chosen", "panel [m1 m3]", "panel.take", "/desk/waves/2026/employers?done=panel_taken"},
	{"/desk/waves/2026/panel", "do=all", "panel [m1]", "panel.take", "/desk/waves/2026/employers?done=panel_taken"},
}

var sheetChanges = []change{
	{"/desk/waves/2015/corrections/office/o_role", "from=management&to=several&reason=why", "propose 2015 office o_role [management] → several  by admin@bsv.example: why", "correction.propose", "/desk/waves/2015/corrections?done=correction_proposed"},
	{"/desk/waves/2015/corrections", "id=s1&do=confirm", "decide s1 true by admin@bsv.example", "correction.confirm", "/desk/waves/2015/corrections?done=correction_confirm"},
	{"/desk/waves/2015/corrections", "id=s2&do=reject", "decide s2 false by admin@bsv.example", "correction.reject", "/desk/waves/2015/corrections?done=correction_reject"},
}

var textChanges = []change{
	{"/desk/waves/2015/releases/texts", "", "begin texts 2015", "texts.begin", "/desk/waves/2015/releases/texts?done=free_begun"},
	{"/desk/waves/2015/releases/texts/e_branch_other", "", "propose 2015 e_branch_other by admin@bsv.example", "release.build", "/desk/waves/2015/releases?done=built"},
	{"/desk/waves/2015/releases/texts/e_comment/t1", "seen=1&do=redact&text=Frau+Keller&language=fr&sure=yes", "redact 2015 e_comment t1 by admin@bsv.example: Frau Kellerfr", "text.redact", "/desk/waves/2015/releases/texts/e_comment?done=free_redact"},
	{"/desk/waves/2015/releases/texts/e_comment/t1", "seen=1&do=reject&why=one+firm", "reject 2015 e_comment t1 by admin@bsv.example: one firm", "text.reject", "/desk/waves/2015/releases/texts/e_comment?done=free_reject"},
	{"/desk/waves/2015/releases/texts/e_comment/t3", "seen=3&do=reopen", "reopen 2015 e_comment t3 by admin@bsv.example: ", "text.reopen", "/desk/waves/2015/releases/texts/e_comment/t3?done=free_reopen"},
	{"/desk/waves/2015/releases/texts/e_comment/t2/read", "seen=2&do=release", "release 2015 e_comment t2 by admin@bsv.example: ", "text.release", "/desk/waves/2015/releases/texts/e_comment?done=free_release"},
	{"/desk/waves/2015/releases/texts/e_comment/t2/read", "seen=2&do=return&reason=too+long", "return 2015 e_comment t2 by admin@bsv.example: too long", "text.return", "/desk/waves/2015/releases/texts/e_comment?done=free_return"},
}

// names says whether a line of the journal names the participant or message of a form: when somebody
// was written to again must not stay beside a name.
func names(line, form string) bool {
	id, found := strings.CutPrefix(whom.FindString(form), "id=")
	return found && strings.Contains(line, id)
}

var whom = regexp.MustCompile(`^id=[mp]\d`)

func TestChanges_are_made_journalled_and_followed_by_a_redirect(t *testing.T) {
	for _, tc := range append(slices.Concat(nominationChanges, textChanges, sheetChanges), []change{
		{"/desk/new", "label=2029&ref_from=2026&ref_to=2028&opens=2029-05-03T08:00&closes=2029-06-30+18:00&employer=employer/1", "create 2029 06:00 employer/1", "wave.create", "/desk/waves/2029?done=created"},
		{"/desk/waves/2026/repeat", "label=2029&ref_from=2026&ref_to=2028&opens=3.5.2029&closes=2029-06-30", "repeat 2026 as 2029", "wave.repeat", "/desk/waves/2029?done=created"},
		{"/desk/waves/2026/offices/AG/head", "email=head@ag.example", "head 2026 AG head@ag.example", "office.head", "/desk/waves/2026/offices?done=head"},
		{"/desk/waves/2026/step/open/discussion", "", "open 2026 discussion", "population.open", "/desk/waves/2026?done=open"},
		{"/desk/waves/2026/step/close/office", "", "close 2026 office", "population.close", "/desk/waves/2026?done=close"},
		{"/desk/waves/2026/step/close/employer", "count=1'234", "close 2026 employer", "population.close", "/desk/waves/2026?done=close"},
		{"/desk/waves/2015/step/freeze/office", "", "freeze 2015 office", "population.freeze", "/desk/waves/2015?done=freeze"},
		{"/desk/waves/2026/step/end/office", "closes=2026-07-01T18:00", "end 2026 office 2026-07-01T16:00Z", "population.end", "/desk/waves/2026?done=end"},
		{"/desk/waves/2015/archive", "count=161", "archive 2015", "wave.archive", "/desk/waves/2015?done=archive"},
		{"/desk/waves/2026/nominations", "id=n1&id=n2&do=approve", "approve [n1 n2]", "nominations.approve", "/desk/waves/2026/nominations?done=approved"},
		{"/desk/waves/2026/nominations", "id=n1&do=reject&reason=closed+down", "reject [n1] closed down", "nominations.reject", "/desk/waves/2026/nominations?done=rejected"},
		{"/desk/waves/2026/mail/office/invitation", "", "queue 2026 office invitation", "mail.send", "/desk/waves/2026/mail?done=queued"},
		{"/desk/waves/2026/mail/employer/reminder", "count=1234", "queue 2026 employer reminder", "mail.send", "/desk/waves/2026/mail?done=queued"},
		{"/desk/waves/2026/mail/pause", "paused=yes", "pause true", "mail.pause", "/desk/waves/2026/mail?done=paused"},
		{"/desk/waves/2026/mail/pause", "paused=no", "pause false", "mail.resume", "/desk/waves/2026/mail?done=resumed"},
		{"/desk/waves/2026/returned", "id=p1&email-p1=be@iv.example.ch&language-p1=fr", "correct 2026 p1 be@iv.example.ch fr", "mail.correct", "/desk/waves/2026/returned?done=readdressed"},
		{"/desk/waves/2026/mail/settle", "id=m1&do=sent", "sent m1", "mail.count-as-sent", "/desk/waves/2026/mail?done=settled"},
		{"/desk/waves/2026/mail/settle", "id=m2&do=again", "again m2", "mail.resend", "/desk/waves/2026/mail?done=settled"},
		{"/desk/waves/2026/mail/correct", "wrong=mistyped@firma.example&right=anna@firma.example", "correct 2026 anna@firma.example", "mail.correct", "/desk/waves/2026/mail?done=corrected"},
		{"/desk/waves/2026/mail/employer/invitation/cancel", "", "cancel 2026 employer invitation", "mail.cancel", "/desk/waves/2026/mail?done=cancelled"},
		{"/desk/waves/2026/schedule/employer", "invitation.days=0&invitation.hour=8&reminder1.days=&reminder1.hour=8&reminder2.days=14&reminder2.hour=9&reminder2.how=automatic&last_call.days=&thanks.days=1&thanks.hour=8",
			"schedule 2026 employer [invitation0 reminder214 thanks1 results0]", "mail.schedule", "/desk/waves/2026/mail?done=scheduled"},
		{"/desk/waves/2026/texts/employer/last_call/fr", "do=keep&subject=S&body={{link}}", "text employer last_call fr: S", "mail.text", "/desk/waves/2026/texts/employer/last_call/fr?done=text_kept"},
		{"/desk/waves/2026/texts/employer/last_call/fr", "do=usual&subject=S&body=", "usual employer last_call fr", "mail.text-usual", "/desk/waves/2026/texts/employer/last_call/fr?done=text_usual"},
		{"/desk/waves/2026/texts/office/thanks/it", "do=test&subject=S&body={{link}}", "test thanks it to admin@bsv.example", "mail.test", "/desk/waves/2026/texts/office/thanks/it?done=tested"},
		{"/desk/waves/2026/discussions/AG/record", "", "record 2026 AG", "discussion.record", "/answer"},
		{"/desk/waves/2015/releases", "population=employer&profile=scientific", "build 2015 employer scientific by admin@bsv.example", "release.build", "/desk/waves/2015/releases?done=built"},
		{"/desk/waves/2015/releases/r3/approve", "", "approve r3 by admin@bsv.example", "release.approve", "/desk/waves/2015/releases?done=release_approved"},
		{"/desk/waves/2026/links/new", "id=p9", "new link 2026 p9", "links.anew", "/desk/waves/2026/links?done=link_sent"},
		{"/desk/waves/2015/releases/r3/reject", "reason=too+early", "reject r3 by admin@bsv.example: too early", "release.reject", "/desk/waves/2015/releases?done=release_rejected"},
	}...) {
		p, b := start(t)
		tag := b.as(p, auth.Admin)
		for _, refuse := range []error{db.ErrState, nil} {
			p.refuse = refuse
			changes := len(p.changes)
			a := b.do("POST", tc.path, formType("POST"), "_tag="+tag+"&"+tc.form)
			entry := p.entries[len(p.entries)-1]
			if entry.Action != tc.action || entry.Who != "admin@bsv.example" || entry.Object == "" || names(entry.Object+entry.Detail, tc.form) {
				t.Errorf("POST %s: journal %v, want %s by admin, of nobody", tc.path, entry, tc.action)
			}
			if refuse != nil {
				if a.status != 409 || entry.Detail != "refused" {
					t.Errorf("POST %s refused = %d, journal %q", tc.path, a.status, entry.Detail)
				}
				continue
			}
			if a.status != 303 || a.location != tc.next {
				t.Errorf("POST %s = %d %s, want 303 %s", tc.path, a.status, a.location, tc.next)
			}
			if got := strings.Join(p.changes[changes:], "; "); got != tc.change {
				t.Errorf("POST %s changed %q, want %q", tc.path, got, tc.change)
			}
		}
	}
}

func TestWrongInput_comes_back_with_what_was_typed(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Admin)
	changes := len(p.changes)
	for _, tc := range []struct{ path, form, kept string }{
		{"/desk/new", "label=2026+Herbst&ref_from=x&ref_to=1&opens=&closes=bald", "2026 Herbst"},
		{"/desk/new", "label=2026&ref_from=2023&ref_to=2025&opens=2026-05-03T08:00&closes=2026-06-30T18:00", "2026-06-30T18:00"},
		{"/desk/new", "label=2029&ref_from=2028&ref_to=2026&opens=2029-05-03T08:00&closes=2029-05-03T08:00", "2028"},
		{"/desk/waves/2026/step/close/employer", "count=1233", "1233"},
		{"/desk/waves/2026/step/close/employer", "", ""},
		{"/desk/waves/2026/offices/AG/head", "email=head", "head"},
		{"/desk/waves/2026/step/end/office", "closes=2020-01-01T00:00", "2020-01-01T00:00"},
		{"/desk/waves/2015/archive", "count=161+", ""},
		{"/desk/waves/2026/mail/employer/invitation", "count=26", "26"},
		{"/desk/waves/2026/returned", "id=p1&email-p1=nobody&language-p1=de", "nobody"},
		{"/desk/waves/2026/schedule/employer", "invitation.days=0&invitation.hour=8&reminder1.days=7&reminder1.hour=8&reminder2.days=8&reminder2.hour=9&thanks.days=1&thanks.hour=8", `value="8"`},
		{"/desk/waves/2026/schedule/office", "invitation.days=soon&invitation.hour=8&thanks.days=1&thanks.hour=8", `value="soon"`},
		{"/desk/waves/2026/texts/employer/invitation/de", "do=keep&subject=Betreff&body=Ohne+Verweis", "Ohne Verweis"},
		{"/desk/waves/2026/texts/employer/invitation/de", "do=preview&subject=Betreff&body=Ohne+Verweis", "<p>Ohne Verweis</p>"},
		{"/desk/waves/2026/texts/employer/invitation/de", "do=test&subject=550&body={{link}}", "rcpt 550 5.1.1"},
		{"/desk/waves/2026/nominations", "do=approve", ""},
		{"/desk/waves/2026/nominations", "id=n1&id=n3&do=approve", `value="n3"`}, // n3 may be the same as another
		{"/desk/waves/2026/nominations", "do=duplicate", ""},
		{"/desk/waves/2026/panel", "do=chosen", ""},
		{"/desk/waves/2026/mail/correct", "wrong=anna@firma.example&right=berta@firma.example", "berta@firma.example"},
		{"/desk/waves/2026/mail/correct", "wrong=mistyped@firma.example&right=", "mistyped@firma.example"},
		{"/desk/waves/2026/nominations", "id=n2&do=reject&reason=+", `value="n2"`},
		{"/desk/waves/2015/releases", "population=employer&profile=secret", ""},
		{"/desk/waves/2026/releases", "population=employer&profile=public", ""},
		{"/desk/staff", "email=vera&role=lead", "vera"},
		{"/desk/staff", "email=lead@bsv.example&role=lead", "lead@bsv.example"},
		{"/desk/staff", "email=new@bsv.example&role=owner", "new@bsv.example"},
	} {
		if tc.path == "/desk/waves/2015/archive" {
			tc.form = "count=160"
		}
		a := b.do("POST", tc.path, formType("POST"), "_tag="+tag+"&"+tc.form)
		if a.status != 422 || !strings.Contains(a.body, tc.kept) || leftKey.MatchString(a.body) {
			t.Errorf("POST %s %s = %d, want 422 keeping %q", tc.path, tc.form, a.status, tc.kept)
		}
		checkMarkup(t, tc.path, a.body)
	}
	if len(p.changes) != changes {
		t.Errorf("wrong input changed %v", p.changes[changes:])
	}
}

func TestSending_with_a_fault_or_nobody_due_is_not_queued(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Lead)
	changes := len(p.changes)
	p.faults = []Fault{{"DE-1", "stop"}, {"DE-2", "language"}}
	for path, shown := range map[string]string{"/desk/waves/2026/mail/office/reminder": "DE-2", "/desk/waves/2026/mail/employer/thanks": "Zurzeit niemand"} {
		for status, a := range map[int]answer{200: b.get(path), 409: b.post(path, "_tag", tag)} {
			if a.status != status || !strings.Contains(a.body, shown) || strings.Contains(a.body, "button class=\"danger\"") {
				t.Errorf("%s = %d, want a page that says %q and offers no sending", path, a.status, shown)
			}
		}
	}
	if len(p.changes) != changes {
		t.Errorf("queued %v", p.changes[changes:])
	}
}

func (b *browser) upload(path, tag, name, content string) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("_tag", tag)
	part, _ := w.CreateFormFile("file", name)
	_, _ = part.Write([]byte(content))
	_ = w.Close()
	return b.do("POST", path, w.FormDataContentType(), body.String())
}

var contentField = regexp.MustCompile(`name="content" value="([^"]*)"`)

func TestList_is_checked_shown_and_then_kept(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Admin)
	changes := len(p.changes)
	a := b.upload("/desk/lists/2026/employer", tag, "liste.csv", "office,name\nAG,Bäckerei")
	found := contentField.FindStringSubmatch(a.body)
	if a.status != 200 || found == nil || len(p.changes) != changes {
		t.Fatalf("upload = %d %v\n%s", a.status, p.changes[changes:], a.body)
	}
	checkMarkup(t, "verdicts", a.body)
	content := strings.ReplaceAll(found[1], "&#43;", "+")
	if a := b.post("/desk/lists/2026/employer/keep", "_tag", tag, "name", "liste.csv", "content", content); a.location != "/desk/waves/2026/employers?done=imported" {
		t.Errorf("keep = %d %s", a.status, a.location)
	}
	if got, want := p.changes[len(p.changes)-1], "import 2026 employer liste.csv office,name\nAG,Bäckerei"; got != want {
		t.Errorf("kept %q, want %q", got, want)
	}
	if e := p.entries[len(p.entries)-1]; e.Action != "list.import" || e.Detail != "1" {
		t.Errorf("journal %v", e)
	}
}

// TestLong_list_shows_how_far_it_is has a list of which the page tells the steps while it is kept, with
// what came of it at the end.
func TestLong_list_shows_how_far_it_is(t *testing.T) {
	for name, tc := range map[string]struct {
		content string
		refuse  error
		says    string
		detail  string
	}{
		"kept":    {strings.Repeat("x", longList), nil, `href="/desk/waves/2026/employers"`, "1"},
		"refused": {"bad" + strings.Repeat(" ", longList), nil, `href="/desk/lists/2026/employer"`, "refused"},
		"failed":  {strings.Repeat("x", longList), db.ErrState, i18n.T("de", "refusal.state.title", nil), "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			p, b := start(t)
			tag := b.as(p, auth.Admin)
			p.refuse = tc.refuse
			var body bytes.Buffer
			w := multipart.NewWriter(&body)
			for field, value := range map[string]string{"_tag": tag, "name": "liste.csv", "content": base64.StdEncoding.EncodeToString([]byte(tc.content))} {
				_ = w.WriteField(field, value)
			}
			_ = w.Close()
			a := b.do("POST", "/desk/lists/2026/employer/keep?lang=de", w.FormDataContentType(), body.String())
			steps := regexp.MustCompile(`(?s)<ol class="steps">(.*)</ol>`).FindString(a.body)
			if a.status != 200 || strings.Count(steps, "<li>") != 4 || !strings.Contains(steps, `max="2" value="1">`) || !strings.Contains(steps, tc.says) {
				t.Errorf("%d: %s", a.status, steps)
			}
			if e := p.entries[len(p.entries)-1]; e.Action != "list.import" || e.Detail != tc.detail {
				t.Errorf("journal %v", e)
			}
			checkMarkup(t, name, a.body)
		})
	}
}

func TestList_with_a_refused_line_cannot_be_kept(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Admin)
	changes := len(p.changes)
	a := b.upload("/desk/lists/2026/office", tag, "liste.csv", "bad")
	if a.status != 422 || !strings.Contains(a.body, "Zeile 17") || strings.Contains(a.body, i18n.T("de", "desk.list.keep", nil)) {
		t.Errorf("upload of a bad list = %d", a.status)
	}
	if a := b.post("/desk/lists/2026/office/keep", "_tag", tag, "name", "x", "content", "YmFk"); a.status != 422 {
		t.Errorf("keeping a bad list = %d, want 422", a.status)
	}
	if a := b.upload("/desk/lists/2026/office", tag, "gross.csv", strings.Repeat("x", maxList+1)); a.status != 422 {
		t.Errorf("a list that is too large = %d, want 422", a.status)
	}
	if a := b.upload("/desk/lists/2026/discussion", tag, "x.csv", "good"); a.status != 404 {
		t.Errorf("a list of discussions = %d, want 404", a.status)
	}
	if len(p.changes) != changes {
		t.Errorf("changed %v", p.changes[changes:])
	}
}

func TestRelease_leaves_only_when_approved_by_another_person(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Lead) // who proposed r3
	download := func(id string) answer { return b.post("/desk/waves/2015/releases/"+id+"/download", "_tag", tag) }

	if a := download("r3"); a.status != 403 {
		t.Errorf("download of a proposed release = %d, want 403", a.status)
	}
	if a := b.post("/desk/waves/2015/releases/r3/approve", "_tag", tag); a.status != 403 {
		t.Errorf("approving one's own = %d, want 403", a.status)
	}
	a := download("r2")
	if a.status != 200 || a.body != "first second" || a.header.Get("Content-Disposition") != `attachment; filename="rondo-2015-employer-public.zip"` {
		t.Errorf("download = %d %q %v", a.status, a.body, a.header)
	}
	if e := p.entries[len(p.entries)-1]; e.Action != "release.download" || e.Object != "2015/r2" {
		t.Errorf("journal %v", e)
	}
	reviewer := &browser{t, b.app, map[string]string{}}
	tag = reviewer.as(p, auth.Reviewer)
	if a := reviewer.post("/desk/waves/2015/releases/r1/download", "_tag", tag); a.status != 403 {
		t.Errorf("a reviewer takes the internal bundle = %d, want 403", a.status)
	}
}

func TestStaff_link_is_shown_once_and_works(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Admin)
	a := b.post("/desk/staff", "_tag", tag, "email", "New@bsv.example", "role", "analyst")
	link := regexp.MustCompile(`http://127\.0\.0\.1:8080(/desk/welcome/[a-z2-7]{32})<`).FindStringSubmatch(a.body)
	if a.status != 200 || link == nil {
		t.Fatalf("adding = %d\n%s", a.status, a.body)
	}
	checkMarkup(t, "link", a.body)
	guest := &browser{t, b.app, map[string]string{}}
	if a := guest.get(link[1]); a.status != 200 || !strings.Contains(a.body, "new@bsv.example") {
		t.Errorf("the link = %d", a.status)
	}
}
