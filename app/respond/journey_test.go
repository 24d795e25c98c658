package respond_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"rondo/app/web/webtest"
	"rondo/storage/storagetest"
)

func TestEmployerAnswersFromLinkToReceipt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		if got := b.Attr("html", "lang"); got != "fr" {
			t.Errorf("language = %q, want the participant's", got)
		}
		h.toReview(b)
		if b.Attr("main", "data-state") != "open" || b.Count(".reviewed") < 8 {
			t.Errorf("review: state %q, %d pages", b.Attr("main", "data-state"), b.Count(".reviewed"))
		}
		submit := b.Form("form#submit")
		submit.Submit()
		receipt := b.Text("#receipt")
		if b.Status != 200 || b.Attr("main", "data-state") != "done" || len(strings.ReplaceAll(receipt, "-", "")) != 24 {
			t.Fatalf("done: %d, state %q, receipt %q", b.Status, b.Attr("main", "data-state"), receipt)
		}
		if n := len(b.Cookie("rondo-receipt")); n == 0 || n > 1000 { // browsers drop cookies over 4096 bytes
			t.Errorf("the cookie with the receipt has %d bytes", n)
		}
		if submit.Submit(); b.Text("#receipt") != receipt {
			t.Errorf("the same submit again: %d, receipt %q, want %q", b.Status, b.Text("#receipt"), receipt)
		}
		responses, spent, err := h.store.Answers.Count(context.Background(), h.wave.ID, "employer")
		if err != nil || responses != 1 || spent != 1 {
			t.Errorf("stored: %d responses, %d markers, %v", responses, spent, err)
		}
		again := webtest.NewBrowser(t).Open(h.url + "/r/" + h.tokens["employer"])
		if again.Status != 200 || again.Attr("main", "data-state") != "done" || again.Has("#receipt") {
			t.Errorf("the link afterwards: %d %q", again.Status, again.Attr("main", "data-state"))
		}
	})
}

func TestOfficeOpensItsResponseAgain(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("office")
		if !b.Has(".kind-prefilled") || b.Has("[name=o_canton]") {
			t.Error("the canton is no text")
		}
		h.toReview(b)
		b.Form("form#submit").Submit()
		if b.Status != 200 || b.Has("#receipt") || b.Attr("#again", "href") == "" {
			t.Fatalf("done: %d %s", b.Status, b.Text("main"))
		}
		b.Click("#again")
		page := b.Form("form#answers")
		options := page.Options("o_role")
		page.Fill("o_role", options[1]).Submit("_go", "review")
		if count, _, _ := h.store.Answers.Count(context.Background(), h.wave.ID, "office"); count != 1 {
			t.Errorf("%d responses while the answers are changed, want the first", count)
		}
		if b.URL.Path != "/answer/review" {
			t.Fatalf("at %s (%d) %v", b.URL.Path, b.Status, b.Texts(".error-summary li"))
		}
		b.Form("form#submit").Submit()
		if b.Status != 200 || b.Attr("main", "data-state") != "done" {
			t.Errorf("submitted again: %d %s", b.Status, b.Text("main"))
		}
		b.Click("#again")
		if got := b.Form("form#answers").Values.Get("o_role"); got != options[1] {
			t.Errorf("o_role = %q, want %q", got, options[1])
		}
	})
}

func TestProtocolIsForSignedInStaffOnly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := webtest.NewBrowser(t).Open(h.url + "/r/" + h.tokens["discussion"])
		if b.Status != 403 {
			t.Errorf("without staff: %d", b.Status)
		}
		h.staff = true
		b = h.start("discussion")
		if got := b.Form("form#answers").Options("g_office"); len(got) > 2 {
			t.Errorf("offices to choose from: %v", got)
		}
		h.toReview(b)
		b.Form("form#submit").Submit()
		if b.Attr("main", "data-state") != "done" {
			t.Errorf("done: %d %s", b.Status, b.Text("main"))
		}
	})
}

func TestLookingAtALinkChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		before := h.tables()
		for range 3 {
			b := webtest.NewBrowser(t)
			b.Fetch("HEAD", h.url+"/r/"+h.tokens["employer"], nil)
			b.Fetch("GET", h.url+"/r/"+h.tokens["employer"], nil)
			if b.Status != 200 || b.Header.Get("Set-Cookie") != "" {
				t.Errorf("GET = %d, cookie %q", b.Status, b.Header.Get("Set-Cookie"))
			}
			for _, private := range []string{"Markerfirma", "marker.", h.tokens["employer"]} {
				if strings.Contains(b.Body, private) {
					t.Errorf("the landing page shows %q", private)
				}
			}
			b.Form("form").Submit() // a scanner submits the first form
			b.Open("/answer/e1")
			b.Open("/answer/review")
		}
		for table, rows := range h.tables() {
			if rows != before[table] {
				t.Errorf("table %s changed", table)
			}
		}
		h.toReview(h.start("employer"))
	})
}

func TestSubmitWritesTheAnswerSideOnly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		h.toReview(b)
		before := h.tables()
		b.Form("form#submit").Submit()
		changed := map[string]bool{"drafts": true, "responses": true, "spent": true}
		for table, rows := range h.tables() {
			if rows != before[table] && !changed[table] {
				t.Errorf("table %s changed with the submit", table)
			}
		}
	})
}

func TestStoredAnswersSayNothingAboutWhoGaveThem(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		b.Form("form#answers").Fill("e_contact", "0").Submit("_go", "continue")
		for range 20 {
			if b.URL.Path == "/answer/review" {
				break
			}
			f := fill(b)
			if b.Has("[name=e_comment]") {
				f.Fill("e_comment", "markeranswer gut")
			}
			f.Submit("_go", "continue")
		}
		look := func(when string) {
			raw := storagetest.RawBytes(t, h.store)
			for _, secret := range []string{"markeranswer", h.tokens["employer"]} {
				if bytes.Contains(raw, []byte(secret)) {
					t.Errorf("%s: the database holds %q in clear", when, secret)
				}
			}
			p := h.participants["employer"]
			for table, rows := range h.tables() {
				if table != "drafts" && table != "responses" && table != "spent" {
					continue
				}
				for _, name := range []string{p.ID, p.Name, p.Email, p.Code + " "} {
					if strings.Contains(rows, name) {
						t.Errorf("%s: table %s holds %q", when, table, name)
					}
				}
			}
			for _, word := range []string{"marker", h.tokens["employer"][:20]} {
				if strings.Contains(h.log.String(), word) {
					t.Errorf("%s: the log holds %q", when, word)
				}
			}
		}
		look("draft")
		b.Form("form#submit").Submit()
		if b.Attr("main", "data-state") != "done" {
			t.Fatalf("not done: %d %s", b.Status, b.Text("main"))
		}
		look("response")
	})
}

func TestReceiptWithdrawsTheResponse(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		h.toReview(b)
		b.Form("form#submit").Submit()
		receipt := strings.ToLower(b.Text("#receipt"))

		stranger := webtest.NewBrowser(t).Open(h.url + "/answer/withdraw")
		stranger.Form("form#withdraw").Fill("receipt", "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF").Submit()
		if stranger.Status != 422 || stranger.Form("form#withdraw").Values.Get("receipt") != "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF" {
			t.Errorf("wrong receipt: %d", stranger.Status)
		}
		stranger.Form("form#withdraw").Fill("receipt", receipt).Submit()
		if stranger.Status != 200 || stranger.Attr("main", "data-state") != "withdrawn" {
			t.Errorf("withdraw: %d %s", stranger.Status, stranger.Text("main"))
		}
		responses, spent, err := h.store.Answers.Count(context.Background(), h.wave.ID, "employer")
		if err != nil || responses != 0 || spent != 1 {
			t.Errorf("after withdrawing: %d responses, %d markers, %v", responses, spent, err)
		}
	})
}

func TestSignOutForgetsTheParticipant(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.start("employer")
		if b.Cookie("rondo") == "" {
			t.Fatal("no cookie after start")
		}
		b.Form("form.sign-out").Submit()
		if b.Status != 200 || b.Cookie("rondo") != "" || b.Cookie("rondo-order") != "" {
			t.Errorf("signed out: %d, cookie %q", b.Status, b.Cookie("rondo"))
		}
		if b.Open("/answer"); b.Status != 403 {
			t.Errorf("answering afterwards: %d", b.Status)
		}
	})
}
