package desk

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"rondo/app/auth"
	"rondo/storage/db"
	"rondo/storage/staff"
)

const (
	scientificPreview = "/desk/waves/2015/releases/preview/employer/scientific"
	scientificForm    = "population=employer&profile=scientific"
)

func TestAFurtherReleaseNeedsAWrittenReasonBesideItsField(t *testing.T) {
	for _, from := range []struct{ path, form string }{{"/desk/waves/2015/releases", scientificForm + "&"}, {scientificPreview, ""}} {
		p, b := start(t)
		p.ahead.Earlier = []string{"public"}
		tag := b.as(p, auth.Admin)
		for _, reason := range []string{"", "+", strings.Repeat("x", 501)} {
			a := b.do("POST", from.path, formType("POST"), from.form+"reason="+reason+"&_tag="+tag)
			for _, want := range []string{`id="reason-problem"`, `aria-describedby="reason-problem reason-hint"`, `<a href="#reason">`} {
				if a.status != 422 || !strings.Contains(a.body, want) {
					t.Errorf("%s with %d characters: %d without %s", from.path, len(reason), a.status, want)
				}
			}
			checkMarkup(t, from.path, a.body)
		}
		if len(p.changes) != 1 { // the session
			t.Fatalf("without a reason: %v", p.changes)
		}
		a := b.do("POST", from.path, formType("POST"), from.form+"reason=+For+the+university+&_tag="+tag)
		entry := p.entries[len(p.entries)-1]
		if a.location != "/desk/waves/2015/releases?done=built" || p.changes[1] != "build 2015 employer scientific by admin@bsv.example: For the university" {
			t.Errorf("%s: %d, %v", from.path, a.status, p.changes)
		}
		if entry.Action != "release.build" || entry.Detail != "sum (For the university)" {
			t.Errorf("journal %v", entry)
		}
	}
}

func TestAFirstReleaseIsAskedForNoReason(t *testing.T) {
	p, b := start(t)
	p.releases = nil
	tag := b.as(p, auth.Admin)
	for _, path := range []string{"/desk/waves/2015/releases", scientificPreview} {
		if a := b.get(path); a.status != 200 || strings.Contains(a.body, `name="reason"`) {
			t.Errorf("%s = %d, asking for a reason: %v", path, a.status, strings.Contains(a.body, `name="reason"`))
		}
	}
	b.do("POST", scientificPreview, formType("POST"), "reason=because&_tag="+tag)
	if p.changes[1] != "build 2015 employer scientific by admin@bsv.example" {
		t.Errorf("a reason that nobody asked for: %v", p.changes)
	}
}

func TestWhoeverApprovesReadsTheReasonOfAFurtherRelease(t *testing.T) {
	p, b := start(t)
	p.releases[0].Again = "For <the> university"
	b.as(p, auth.Reviewer)
	for _, path := range []string{"/desk/waves/2015/releases", "/desk/waves/2015/releases/r3/approve"} {
		if a := b.get(path); !strings.Contains(a.body, "For &lt;the&gt; university") {
			t.Errorf("%s does not show the reason", path)
		}
	}
}

// TestAnotherLanguageKeepsWhatWasTypedAtTheDesk posts each form by the button of a language: nothing
// is done, and what was typed stands in the form in that language.
func TestAnotherLanguageKeepsWhatWasTypedAtTheDesk(t *testing.T) {
	p, b := start(t)
	p.ahead.Earlier = []string{"public"}
	tag := b.as(p, auth.Admin)
	changes, entries := len(p.changes), len(p.entries)
	for _, form := range []struct{ path, field, value, more string }{
		{"/desk/waves/2015/releases", "reason", "For the university", "&" + scientificForm},
		{scientificPreview, "reason", "For the university", ""},
		{"/desk/waves/2015/releases/r3/reject", "reason", "Too early", ""},
		{"/desk/waves/2026/mail/employer/reminder", "count", "1'23", ""},
		{"/desk/new", "label", "2030 B", "&rehearsal=yes"},
		{"/desk/waves/2015/repeat", "ref_from", "twenty", ""},
	} {
		page := b.get(form.path).body
		if !strings.Contains(page, `<button class="link" form="typed" name="_lang"`) || strings.Count(page, `id="typed"`) != 1 {
			t.Errorf("%s: the languages are no buttons of its form", form.path)
		}
		for _, lang := range []string{"fr", "it", "en", "de"} {
			a := b.do("POST", form.path, formType("POST"), form.field+"="+url.QueryEscape(form.value)+form.more+"&_lang="+lang+"&_tag="+tag)
			kept := `name="` + form.field + `" value="` + strings.ReplaceAll(form.value, "'", "&#39;") + `"`
			if a.status != 200 || !strings.Contains(a.body, `<html lang="`+lang+`"`) || !strings.Contains(a.body, kept) || strings.Contains(a.body, "error-summary") {
				t.Errorf("%s in %s: %d, keeping %s: %v", form.path, lang, a.status, form.value, strings.Contains(a.body, kept))
			}
		}
	}
	if len(p.changes) != changes || len(p.entries) != entries {
		t.Errorf("changing the language did something: %v %v", p.changes[changes:], p.entries[entries:])
	}
}

func TestALongSearchShowsHowFarItIsAndThenTheSamePage(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Admin)
	short := b.get(scientificPreview)
	p.ahead.Long = true
	p.long = func(_ context.Context, tell Tell) error {
		tell("search", 1200, 4800)
		tell("answers", 1, 7)
		return nil
	}
	long := b.get(scientificPreview)
	for _, want := range []string{`<progress aria-label="Vergröberungen prüfen" max="4800" value="1200">`, "1’200 von 4’800", `max="7" value="1"`, "Abbrechen und zurück", `<div class="outcome">`} {
		if !strings.Contains(long.body, want) {
			t.Errorf("a long preview does not say %s", want)
		}
	}
	result := short.body[strings.Index(short.body, `<dl class="sums">`):strings.Index(short.body, `<p class="small">Angemeldet`)]
	if result = strings.TrimSpace(result); result == "" || !strings.Contains(long.body, result) {
		t.Errorf("a long preview ends in another page:\n%s", long.body)
	}
	checkMarkup(t, "a long preview", long.body)
	a := b.do("POST", scientificPreview, formType("POST"), "_tag="+tag)
	if a.status != 200 || !strings.Contains(a.body, `href="/desk/waves/2015/releases?done=built"`) || len(p.changes) != 2 || p.entries[len(p.entries)-1].Detail != "sum" {
		t.Errorf("a long build: %d, %v, %v", a.status, p.changes, p.entries)
	}
	checkMarkup(t, "a long build", a.body)
	p.refuse = staff.ErrOwn
	if a := b.do("POST", scientificPreview, formType("POST"), "_tag="+tag); strings.Contains(a.body, "?done=built") || !strings.Contains(a.body, `<li><span class="problem">Eine zweite Person`) || p.entries[len(p.entries)-1].Detail != "refused" {
		t.Errorf("a refused long build:\n%s", a.body)
	}
}

// TestALongSearchEndsSoonAfterItsReaderHasGone closes the connection of a reader in the middle, as
// the stop link and a closed window do.
func TestALongSearchEndsSoonAfterItsReaderHasGone(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Admin)
	address := b.listens()
	ended := make(chan error, 1)
	p.ahead.Long = true
	p.long = func(ctx context.Context, tell Tell) error {
		tell("search", 1, 4800)
		<-ctx.Done()
		ended <- ctx.Err()
		return ctx.Err()
	}
	for _, request := range []string{"GET", "POST"} {
		changes := len(p.changes)
		body := ""
		if request == "POST" {
			body = "_tag=" + tag
		}
		reader := b.asks(address, request, scientificPreview, body)
		lines := bufio.NewScanner(reader)
		for lines.Scan() && !strings.Contains(lines.Text(), "<progress") {
		}
		if !strings.Contains(lines.Text(), `value="1"`) {
			t.Fatalf("%s: no progress comes: %q", request, lines.Text())
		}
		select {
		case err := <-ended:
			t.Fatalf("%s: the search ends while somebody reads: %v", request, err)
		case <-time.After(3 * pulseOfPages):
		}
		_ = reader.Close()
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			t.Fatalf("%s: the search goes on for nobody", request)
		}
		if len(p.changes) != changes {
			t.Errorf("%s: something was kept: %v", request, p.changes[changes:])
		}
	}
}

// pulseOfPages is how often a page that is still being written looks for its reader (web.Kit.Stream).
const pulseOfPages = 200 * time.Millisecond

// listens lets the desk answer on a real connection.
func (b *browser) listens() (address string) {
	b.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.t.Fatal(err)
	}
	go func() { _ = b.app.Listener(listener) }()
	b.t.Cleanup(func() { _ = b.app.Shutdown() })
	return listener.Addr().String()
}

// asks sends a request and leaves it to the test what is read of the answer.
func (b *browser) asks(address, method, path, body string) net.Conn {
	b.t.Helper()
	reader, err := net.Dial("tcp", address)
	if err != nil {
		b.t.Fatal(err)
	}
	cookies := ""
	for name, value := range b.cookies {
		cookies += name + "=" + value + "; "
	}
	fmt.Fprintf(reader, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nOrigin: http://127.0.0.1:8080\r\nCookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		method, path, cookies, len(body), body)
	return reader
}

// TestADownloadThatBreaksOffIsKnownToBeShort: the answer says its length, so that a browser takes no
// half file for a whole one; the next download is whole. Where a part cannot be read, no byte comes.
func TestADownloadThatBreaksOffIsKnownToBeShort(t *testing.T) {
	p, b := start(t)
	tag := b.as(p, auth.Lead)
	const size = 20 << 20
	p.parts = func(each func([]byte) error) error {
		for range size >> 20 {
			if err := each(bytes.Repeat([]byte("z"), 1<<20)); err != nil {
				return err
			}
		}
		return nil
	}
	reader := b.asks(b.listens(), "POST", "/desk/waves/2015/releases/r2/download", "_tag="+tag)
	head := make([]byte, 4096)
	if _, err := io.ReadFull(reader, head); err != nil {
		t.Fatal(err)
	}
	_ = reader.Close()
	if !strings.Contains(string(head), fmt.Sprintf("Content-Length: %d\r\n", size)) {
		t.Errorf("the answer does not say how long it is:\n%.300s", head)
	}
	if a := b.post("/desk/waves/2015/releases/r2/download", "_tag", tag); a.status != 200 || len(a.body) != size {
		t.Errorf("the next download: %d, %d bytes", a.status, len(a.body))
	}
	p.parts = func(each func([]byte) error) error { return errors.Join(each([]byte("zzz")), db.ErrNotFound) }
	if a := b.post("/desk/waves/2015/releases/r2/download", "_tag", tag); a.status != 404 || strings.Contains(a.body, "zzz") || a.header.Get("Content-Disposition") != "" {
		t.Errorf("a bundle that breaks off: %d %v", a.status, a.header)
	}
}
