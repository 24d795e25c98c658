package main

import (
	"net/http"
	"testing"

	"rondo/app/web/webtest"
)

func TestAnOfficeSignsOutOnEveryPageOfItsRoomAndIsToldHowToComeBack(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		for _, path := range []string{"", "/selection", "/tell", "/nominations/new", "/nominations/list", "/returned"} {
			b := f.open(f.offices["VD"])
			if b.Open("/office" + path); b.Status != http.StatusOK {
				t.Fatalf("/office%s: %d", path, b.Status)
			}
			if b.Form("form.sign-out").Submit(); b.URL.Path != "/answer/signed-out" || b.Cookie("rondo") != "" {
				t.Errorf("signing out at /office%s leads to %s", path, b.URL.Path)
			}
			b.Headers.Set("Accept-Language", "fr")
			says(t, b.Open("/office"+path), http.StatusNotFound, "fr", "respond.refusal.signed_out")
			if b.Attr("main", "data-state") != "unknown" {
				t.Errorf("/office%s without a link: %s", path, b.Attr("main", "data-state"))
			}
		}
		says(t, webtest.NewBrowser(t).Open(f.url+"/office"), http.StatusNotFound, "de", "respond.refusal.signed_out")
	})
}
