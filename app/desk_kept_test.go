package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

func TestWhatIsTypedAtTheDeskOutlivesItsSessionAndItsLimits(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		ctx := context.Background()
		b := f.account(f.welcome(f.do("staff", "add", "vera@bsv.example", "--role=lead")), "Vera", "vera@bsv.example")
		const text = "/desk/waves/2026/texts/employer/invitation/de"
		b.Open(f.url + text)
		body := b.Form("form#typed").Values.Get("body") + "\n\n" + strings.Repeat("Noch ein Satz. ", 100)
		typed := b.Form("form#typed").Fill("subject", "Mühsam geschrieben").Fill("body", body)

		accounts, err := f.house.Store.Staff.Accounts(ctx)
		must(t, err)
		for _, a := range accounts {
			must(t, f.house.Store.Staff.EndSessions(ctx, a.ID))
		}
		before := f.stored()
		typed.Send("do", "keep")
		if b.Status != http.StatusForbidden || !b.Has("#errors[autofocus]") {
			t.Fatalf("without a session: %d %s", b.Status, b.Text("main"))
		}
		if f.stored() != before {
			t.Error("what waits for the sign-in rests in the database")
		}
		b.Form("form#typed").Fill("email", "vera@bsv.example").Fill("password", passphrase).Submit()
		b.Form("form#kept").Send("_lang", "fr")
		form := b.Form("form#typed")
		if b.Status != http.StatusOK || form.Values.Get("subject") != "Mühsam geschrieben" || form.Values.Get("body") != body {
			t.Fatalf("signed in again: %d %s", b.Status, b.Text("main"))
		}
		if form.Submit("do", "keep"); b.Status != http.StatusOK || b.Form("form#typed").Values.Get("subject") != "Mühsam geschrieben" {
			t.Errorf("saved at last: %d %s", b.Status, b.Text("main"))
		}

		long := strings.Repeat("Zu lang. ", 8<<10)
		b.Form("form#typed").Fill("body", long).Send("do", "keep")
		if kept := b.Form("form#kept").Values; b.Status != http.StatusRequestEntityTooLarge || kept.Get("body") != long {
			t.Errorf("too long: %d, %d bytes to copy", b.Status, len(kept.Get("body")))
		}
	})
}
