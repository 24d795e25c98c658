package desk

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"rondo/app/auth"
	"rondo/app/i18n"
	"rondo/app/web"
	"rondo/storage"
	"rondo/storage/db"
	"rondo/storage/staff"
	"rondo/storage/storagetest"
)

// toCopy is what stands on a page to be copied, by the name of its field.
func toCopy(t *testing.T, body string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for n := range parsed(t, body).Descendants() {
		readOnly := slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "readonly" })
		if n.Data == "textarea" && readOnly && n.FirstChild != nil {
			found[attribute(n, "name")] = n.FirstChild.Data
		}
	}
	return found
}

func TestAFormOfAnEarlierSignIn_comes_back_with_everything_typed(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Admin)
	entries, changes, seen := len(p.entries), len(p.changes), 0
	for _, path := range pages(t) {
		page := b.get(path)
		if page.status != 200 {
			continue
		}
		form, want, to := typing(parsed(t, page.body))
		if len(want) == 0 {
			continue
		}
		if to == "" {
			to = path
		}
		seen++
		form.Set("_tag", "abcdefghijklmnopqrstuvwx")
		a := b.do("POST", to, "application/x-www-form-urlencoded", form.Encode())
		status := 409 // ErrTag, in the kit of these tests
		if strings.HasSuffix(to, "/sign-in") {
			status = 403
		}
		if a.status != status || !strings.Contains(a.body, `id="errors"`) || !strings.Contains(a.body, `tabindex="-1" autofocus`) {
			t.Errorf("%s: %d, without the summary of the refusal\n%.300s", path, a.status, a.body)
			continue
		}
		doc := parsed(t, a.body)
		for name, value := range want {
			if !standing(doc, name, value) {
				t.Errorf("%s: %q typed into %s is gone", path, value, name)
			}
		}
		if !strings.HasSuffix(to, "/sign-in") && b.tag(a.body) != tag {
			t.Errorf("%s: the form cannot be sent once more", path)
		}
		if strings.Contains(a.body, `value="getippt &lt;&#34;password`) {
			t.Errorf("%s shows a password", path)
		}
		checkMarkup(t, "refused "+path, a.body)
		if strings.HasSuffix(to, "/sign-in") {
			tag = b.as(p, auth.Admin)
			entries, changes = len(p.entries), len(p.changes)
		}
	}
	if seen < 20 || len(p.changes) > changes || len(p.entries) > entries {
		t.Errorf("%d forms; changed %v, journalled %v", seen, p.changes, p.entries[entries:])
	}
}

func TestARefusedForm_says_why_and_keeps_what_was_typed(t *testing.T) {
	for path, form := range map[string]url.Values{
		"/desk/waves/2026/texts/employer/invitation/de": {"do": {"keep"}, "subject": {"Ein Betreff"}, "body": {"Guten Tag\r\n\r\n{{link}} & <Zeichen>"}},
		"/desk/waves/2026/schedule/employer":            {"invitation.days": {"3"}, "invitation.hour": {"9"}, "thanks.days": {"1"}, "thanks.hour": {"8"}},
		"/desk/waves/2026/nominations":                  {"do": {"reject"}, "id": {"n1"}, "reason": {"zweimal + genannt"}},
		"/desk/waves/2015/releases/r3/reject":           {"reason": {"zu fein"}},
		"/desk/waves/2026/step/end/office":              {"closes": {"2026-06-30T18:00"}},
		"/desk/waves/2026/offices/AG/head":              {"email": {"leitung@ag.example"}},
		"/desk/new":                                     {"label": {"2031"}, "ref_from": {"2026"}, "ref_to": {"2031"}, "opens": {"2031-01-01T08:00"}, "closes": {"2031-03-01T08:00"}},
		oneText + "t1":                                  {"do": {"redact"}, "seen": {"1"}, "text": {"ohne Namen"}, "language": {"de"}, "sure": {"yes"}},
	} {
		for err, status := range map[error]int{db.ErrConflict: 409, db.ErrState: 409, staff.ErrOwn: 403, web.ErrBusy: 503} {
			p, b := start(t)
			form.Set("_tag", b.as(p, auth.Admin))
			p.refuse = err
			a := b.do("POST", path+"?lang=fr", "application/x-www-form-urlencoded", form.Encode())
			if a.status != status || !strings.Contains(a.body, `id="errors"`) || !strings.Contains(a.body, i18n.T("fr", "desk.refused.kept", nil)) {
				t.Errorf("%s, %v: %d without saying so\n%.300s", path, err, a.status, a.body)
				continue
			}
			doc := parsed(t, a.body)
			for name, values := range form {
				if strings.HasPrefix(name, "_") || name == "do" || name == "seen" {
					continue
				}
				if want := strings.ReplaceAll(values[0], "\r", ""); !standing(doc, name, want) {
					t.Errorf("%s, %v: %q typed into %s is gone", path, err, want, name)
				}
			}
			again, _, _ := typing(doc)
			if again.Get("_tag") != form.Get("_tag") {
				t.Errorf("%s, %v: the form cannot be sent once more", path, err)
			}
			checkMarkup(t, path, a.body)
		}
	}
}

func TestWhatThePageHasNoRoomFor_is_given_back_to_be_copied(t *testing.T) {
	for _, lang := range []string{"de", "fr", "it", "en"} {
		p, b := start(t)
		tag := b.as(p, auth.Admin)
		path := oneText + "t4" // decided by somebody else meanwhile
		a := b.post(path+"?lang="+lang, "_tag", tag, "do", "redact", "seen", "1", "text", "mühsam <gekürzt>\r\nZeile 2", "language", "de")
		if a.status != 409 || toCopy(t, a.body)["text"] != "mühsam <gekürzt>\nZeile 2" || !strings.Contains(a.body, i18n.T(lang, "desk.freetexts.words", nil)) {
			t.Errorf("%s: %d, to copy %v", lang, a.status, toCopy(t, a.body))
		}
		// In another language it is there still.
		form := url.Values{"_tag": {tag}, "_lang": {"it"}, "do": {"redact"}, "seen": {"1"}, "text": {"mühsam"}}
		if a := b.do("POST", path, "application/x-www-form-urlencoded", form.Encode()); a.status != 409 || toCopy(t, a.body)["text"] != "mühsam" || !strings.Contains(a.body, `<html lang="it">`) {
			t.Errorf("%s: in Italian %d, to copy %v", lang, a.status, toCopy(t, a.body))
		}
		checkMarkup(t, lang, a.body)
	}
	p, b := start(t)
	tag := b.as(p, auth.Admin)
	long := strings.Repeat("ä", 40<<10)
	a := b.post("/desk/waves/2026/texts/employer/invitation/de", "_tag", tag, "do", "keep", "subject", "x", "body", long, "password", "geheim geheim")
	if a.status != 413 || toCopy(t, a.body)["body"] != long || strings.Contains(a.body, "geheim") {
		t.Errorf("a text that is too long: %d, to copy %d bytes", a.status, len(toCopy(t, a.body)["body"]))
	}
}

// atSessionsEnd is a browser of somebody with an account on a real database, on which their text is not saved yet.
func atSessionsEnd(t *testing.T, s *storage.Store) (*paper, *browser, func(email string) *browser) {
	t.Helper()
	p, ctx := newPaper(), context.Background()
	p.now = time.Now() // the database has a clock of its own
	records := auth.Kept(s.Staff)
	for _, email := range []string{"vera@bsv.example", "otto@bsv.example"} {
		token, err := auth.NewLink(ctx, records, email, auth.Admin)
		if err != nil {
			t.Fatal(err)
		}
		door := doorWith(t, p, records)
		if err := door.Accept(ctx, token, auth.Newcomer{Name: "V", Email: email, Password: testPassword}); err != nil {
			t.Fatal(err)
		}
	}
	app := appWith(t, p, doorWith(t, p, records), StaffJournal(s.Staff))
	signedIn := func(email string) *browser {
		b := &browser{t, app, map[string]string{}}
		tag := b.tag(b.get("/desk/sign-in").body)
		if a := b.post("/desk/sign-in", "_tag", tag, "email", email, "password", testPassword); a.location != "/desk" {
			t.Fatalf("sign-in: %d", a.status)
		}
		return b
	}
	return p, signedIn("vera@bsv.example"), signedIn
}

const aText = "/desk/waves/2026/texts/employer/invitation/de"

// fields are the fields of the form with this id, as a browser would post them.
func fields(t *testing.T, body, id string) (form url.Values, to string) {
	t.Helper()
	form = url.Values{}
	for f := range parsed(t, body).Descendants() {
		if f.Data != "form" || attribute(f, "id") != id {
			continue
		}
		to = attribute(f, "action")
		for n := range f.Descendants() {
			switch {
			case n.Data == "textarea" && n.FirstChild != nil:
				form.Add(attribute(n, "name"), n.FirstChild.Data)
			case n.Data == "input" && attribute(n, "type") != "checkbox":
				form.Add(attribute(n, "name"), attribute(n, "value"))
			}
		}
	}
	return form, to
}

func (b *browser) send(to string, form url.Values, pairs ...string) answer {
	b.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return b.do("POST", to, "application/x-www-form-urlencoded", form.Encode())
}

func TestATextSentAfterItsSessionEnded_is_in_its_form_after_the_sign_in(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		p, b, _ := atSessionsEnd(t, s)
		body := "Guten Tag <b>\n\n{{link}}\n" + strings.Repeat("Ein langer Satz. ", 200)
		form, _ := fields(t, b.get(aText).body, "typed")
		p.now = p.now.Add(31 * time.Minute)
		a := b.send(aText, form, "do", "keep", "subject", "Mühsam geschrieben", "body", body)
		if a.status != 403 || a.location != "" || !strings.Contains(a.body, i18n.T("de", "desk.waiting.text", nil)) || strings.Contains(a.body, "Mühsam") {
			t.Fatalf("without a session: %d %s\n%.900s", a.status, a.location, a.body)
		}
		checkMarkup(t, "sign-in", a.body)

		form, to := fields(t, a.body, "typed")
		a = b.send(to, form, "_lang", "fr")
		if a.status != 200 || !strings.Contains(a.body, `<html lang="fr">`) {
			t.Fatalf("the sign-in in French: %d", a.status)
		}
		form, to = fields(t, a.body, "typed")
		if a = b.send(to, form, "email", "vera@bsv.example", "password", "wrong wrong wrong"); a.status != 422 {
			t.Fatalf("a wrong password: %d", a.status)
		}
		form, to = fields(t, a.body, "typed")
		p.now = p.now.Add(2 * time.Hour) // lunch
		if a = b.send(to, form, "email", "vera@bsv.example", "password", testPassword); a.status != 403 || strings.Contains(a.body, testPassword) {
			t.Fatalf("a sign-in page of two hours ago: %d", a.status)
		}
		form, to = fields(t, a.body, "typed")
		changes := len(p.changes)
		a = b.send(to, form, "email", "vera@bsv.example", "password", testPassword)
		if got := toCopy(t, a.body); a.status != 200 || got["body"] != body || got["subject"] != "Mühsam geschrieben" || len(p.changes) > changes {
			t.Fatalf("signed in again: %d, %v, changed %v\n%.900s", a.status, got, p.changes[changes:], a.body)
		}
		checkMarkup(t, "waited", a.body)

		form, to = fields(t, a.body, "kept")
		a = b.send(to, form, "_lang", "fr")
		doc := parsed(t, a.body)
		if a.status != 200 || !standing(doc, "body", body) || !standing(doc, "subject", "Mühsam geschrieben") || len(p.changes) > changes {
			t.Fatalf("back in the form: %d, changed %v", a.status, p.changes[changes:])
		}
		form, _ = fields(t, a.body, "typed")
		if a = b.send(aText, form, "do", "keep"); a.status != 303 || len(p.changes) != changes+1 {
			t.Errorf("saved at last: %d, %v", a.status, p.changes[changes:])
		}
	})
}

func TestATextThatWaits_is_for_whoever_typed_it(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		p, b, signedIn := atSessionsEnd(t, s)
		page := b.get(aText).body
		form, _ := fields(t, page, "typed")
		p.now = p.now.Add(31 * time.Minute)
		stale := b.cookies["rondo-staff"]
		a := b.send(aText, form, "do", "keep", "subject", "Geheim", "body", "Geheim")
		waiting, to := fields(t, a.body, "typed")
		a = b.send(to, waiting, "email", "otto@bsv.example", "password", testPassword)
		if a.status != 303 || a.location != "/desk" || strings.Contains(a.body, "Geheim") {
			t.Errorf("somebody else signs in: %d %s", a.status, a.location)
		}

		// The form of one session with the cookie of another: nobody can tell whose it is.
		otto := signedIn("otto@bsv.example")
		p.now = p.now.Add(31 * time.Minute)
		a = otto.send(aText, form, "do", "keep", "subject", "Betreff", "body", "Zeile 1\nZeile 2")
		got := toCopy(t, a.body)
		if a.status != 403 || strings.Contains(a.body, `name="waiting"`) || got["copy-body"] != "Zeile 1\nZeile 2" || !strings.Contains(a.body, i18n.T("de", "desk.waiting.copy", nil)) {
			t.Errorf("a form of somebody else: %d, to copy %v", a.status, got)
		}
		checkMarkup(t, "to copy", a.body)
		form2, to := fields(t, a.body, "typed")
		if got := toCopy(t, otto.send(to, form2, "_lang", "it").body); got["copy-body"] != "Zeile 1\nZeile 2" {
			t.Errorf("to copy in Italian: %v", got)
		}

		// Too long to wait.
		vera := &browser{t, b.app, map[string]string{"rondo-staff": stale}}
		files := url.Values{"_tag": form["_tag"], "subject": {"x"}, "body": {strings.Repeat("&", 65<<10)}}
		if a := vera.multipart(aText, files); a.status != 403 || strings.Contains(a.body, `name="waiting"`) || !strings.Contains(a.body, i18n.T("de", "desk.waiting.long", nil)) || toCopy(t, a.body)["copy-body"] != files.Get("body") {
			t.Errorf("66 KB: %d", a.status)
		}
		// Far too long: still to be copied, and the sign-in does not carry it.
		vera.cookies["rondo-staff"] = stale
		far := url.Values{"_tag": form["_tag"], "file-questionnaire-yaml": {strings.Repeat("#", 300<<10)}}
		a = vera.multipart("/desk/drafts/employer/3/files", far)
		if again, _ := fields(t, a.body, "typed"); !strings.Contains(a.body, far.Get("file-questionnaire-yaml")) || again.Has("copy-file-questionnaire-yaml") {
			t.Errorf("300 KB: %d", a.status)
		}
		// Just short enough, and it travels through the sign-in.
		vera.cookies["rondo-staff"] = stale
		files.Set("body", strings.Repeat("ö&", 21<<10))
		a = vera.multipart(aText, files)
		waiting, to = fields(t, a.body, "typed")
		waiting.Set("email", "vera@bsv.example")
		waiting.Set("password", testPassword)
		if !strings.Contains(a.body, `enctype="multipart/form-data"`) {
			t.Error("63 KB would be refused by the sign-in")
		}
		if a = vera.multipart(to, waiting); a.status != 200 || toCopy(t, a.body)["body"] != files.Get("body") {
			t.Errorf("63 KB: %d, %d bytes", a.status, len(toCopy(t, a.body)["body"]))
		}
	})
}

func (b *browser) multipart(path string, form url.Values) answer {
	b.t.Helper()
	var pairs []string
	for name, values := range form {
		pairs = append(pairs, name, values[0])
	}
	return b.folder(path, "", nil, pairs...)
}

func TestNoSecret_waits_for_a_sign_in(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Admin)
	p.now = p.now.Add(31 * time.Minute)
	a := b.post("/desk/me", "_tag", tag, "code", "123456", "sealed", "geheim")
	if a.status != 303 {
		t.Errorf("a code alone waits: %d", a.status)
	}
	form := web.Form{"password": {"p"}, "again": {"p"}, "code": {"1"}, "sealed": {"s"}, "_tag": {"t"}, "waiting": {"w"}, "email": {"a@b.example"}, "seen": {"3"}}
	c := web.Copy(form, func(name, value string) (string, string, int, bool) { return name, value, 0, true })
	var names []string
	for _, f := range slices.Concat(c.Typed, c.Hidden) {
		names = append(names, f.Name)
	}
	if slices.Sort(names); !slices.Equal(names, []string{"email", "seen"}) {
		t.Errorf("given back: %v", names)
	}
}

func TestWithoutItsDatabase_the_desk_gives_back_what_was_typed(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		_, b, _ := atSessionsEnd(t, s)
		form, _ := fields(t, b.get(aText).body, "typed")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		a := b.send(aText, form, "do", "keep", "subject", "Betreff", "body", "Zeile 1\nZeile 2")
		if got := toCopy(t, a.body); a.status < 500 || got["body"] != "Zeile 1\nZeile 2" || got["subject"] != "Betreff" || !strings.Contains(a.body, `name="_lang" value="de"`) {
			t.Errorf("%d, to copy %v", a.status, got)
		}
		checkMarkup(t, "without a database", a.body)
	})
}

func TestTheSignIn_can_be_tried_again_from_the_page_that_refused_it(t *testing.T) {
	p, b := start(t)
	p.withPassword(auth.Lead)
	form, to := fields(t, b.get("/desk/sign-in").body, "typed")
	a := b.send(to, form, "email", "lead@bsv.example", "password", "wrong wrong wrong")
	form, to = fields(t, a.body, "typed")
	if a = b.send(to, form, "password", testPassword); a.status != 303 || a.location != "/desk" {
		t.Errorf("the second try: %d %s", a.status, a.location)
	}
}

func TestTheFormOfAOneTimeLink_keeps_its_fields_when_it_has_waited_too_long(t *testing.T) {
	p, b := start(t)
	token, err := auth.NewLink(context.Background(), p, "", auth.Lead)
	if err != nil {
		t.Fatal(err)
	}
	form, _ := fields(t, b.get("/desk/welcome/"+token).body, "typed")
	p.now = p.now.Add(2 * time.Hour)
	b.cookies = map[string]string{}
	a := b.send("/desk/welcome/"+token, form, "name", "Vera Muster", "email", "vera@bsv.example", "password", testPassword, "again", testPassword)
	if doc := parsed(t, a.body); a.status != 403 || !standing(doc, "name", "Vera Muster") || strings.Contains(a.body, testPassword) {
		t.Fatalf("%d %s", a.status, a.location)
	}
	form, _ = fields(t, a.body, "typed")
	if a = b.send("/desk/welcome/"+token, form, "password", testPassword, "again", testPassword); a.status != 303 {
		t.Errorf("sent again: %d", a.status)
	}
}

func TestWhoMayNotAnyMore_still_gets_what_they_typed(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Analyst)
	a := b.post(aText, "_tag", tag, "do", "keep", "subject", "Betreff", "body", "Zeile 1")
	if a.status != 403 || toCopy(t, a.body)["body"] != "Zeile 1" || p.entries[len(p.entries)-1].Action != "denied."+string(auth.Send) {
		t.Errorf("%d, to copy %v, journalled %v", a.status, toCopy(t, a.body), p.entries[len(p.entries)-1])
	}
}
