package main

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"rondo/app/i18n"
	"rondo/app/web/webtest"
	"rondo/questionnaires"
	"rondo/storage/identity"
)

// says fails the test unless the page refuses with the sentence of a key, in lang.
func says(t testing.TB, b *webtest.Browser, status int, lang, key string) {
	t.Helper()
	want := i18n.T(lang, key+".text", nil)
	if b.Status != status || b.Attr("html", "lang") != lang || b.Text("p.lead") != want || b.Text("h1") == "" {
		t.Errorf("%s: %d in %s: %q; want %d in %s: %q", b.URL.Path, b.Status, b.Attr("html", "lang"), b.Text("p.lead"), status, lang, want)
	}
}

func TestBadLinksGetTheSameSentenceInTheReadersLanguage(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		before := f.stored()
		good := f.employer("fr")
		token := good[strings.LastIndex(good, "/")+1:]
		for lang, words := range map[string]string{"fr": "plus récent", "it": "più recente"} {
			for _, wrong := range []string{strings.Repeat("a", 32), token[:31], token + "x", "%00", "x", strings.Repeat("z", 300)} {
				b := webtest.NewBrowser(t)
				b.Headers.Set("Accept-Language", lang+"-CH, "+lang+";q=0.9")
				b.Open(f.url + "/r/" + wrong)
				says(t, b, http.StatusNotFound, lang, "respond.refusal.no_link")
				if b.Attr("main", "data-state") != "unknown" {
					t.Errorf("%s: data-state %q", wrong, b.Attr("main", "data-state"))
				}
				if !strings.Contains(b.Text("p.lead"), words) {
					t.Errorf("in %s: %s", lang, b.Text("p.lead"))
				}
			}
		}
		if f.stored() != before {
			t.Error("looking up bad links changed the database")
		}
		if b := webtest.NewBrowser(t).Open(f.url + "/r/" + strings.ToUpper(token) + "."); b.Status != http.StatusOK {
			t.Errorf("a link as mail programs break it: %d", b.Status)
		}
	})
}

func TestARevokedLinkEndsAndTheNewOneFindsTheDraft(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		ctx := context.Background()
		link := f.employer("it")
		b := f.open(link)
		b.Form("form#answers").Fill("e_contact", "1").Fill("e_since", "gt5").Submit("_go", "save")
		w, err := f.house.Waves.ByLabel(ctx, "2026")
		must(t, err)
		p, err := f.house.Store.Identity.Population(ctx, w.ID, "employer")
		must(t, err)
		all, err := f.house.Store.Identity.Participants(ctx, w.ID, "employer")
		must(t, err)
		i := slices.IndexFunc(all, func(one identity.Participant) bool { return f.house.Waves.Link(p, one) == link })
		one, err := f.house.Waves.Reissue(ctx, p, all[i])
		must(t, err)

		late := webtest.NewBrowser(t)
		late.Headers.Set("Accept-Language", "it")
		says(t, late.Open(link), http.StatusNotFound, "it", "respond.refusal.no_link")
		b.Headers.Set("Accept-Language", "it")
		says(t, b.Open("/answer/e1"), http.StatusForbidden, "it", "respond.refusal.signed_out")
		if got := f.open(f.house.Waves.Link(p, one)).Form("form#answers").Values.Get("e_since"); got != "gt5" {
			t.Errorf("the draft under the new link holds %q", got)
		}
	})
}

func TestForeignAndDoubledFieldsAreRefusedAndNothingIsLost(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		link := f.employer("fr")
		b := f.open(link)
		b.Form("form#answers").Fill("e_contact", "1").Fill("e_since", "lt1").Submit("_go", "save")
		before := f.stored()
		for name, change := range map[string]func(url.Values){
			"foreign":          func(v url.Values) { v.Set("is_admin", "1") },
			"of another page":  func(v url.Values) { v.Set("e_comment", "texte") },
			"doubled":          func(v url.Values) { v["e_since"] = []string{"lt1", "gt5"} },
			"unknown option":   func(v url.Values) { v.Set("e_since", "never") },
			"not even letters": func(v url.Values) { v.Set("e_since", "\x00lt1") },
		} {
			form := b.Open("/answer/e1").Form("form#answers").Fill("e_cases", "1")
			change(form.Values)
			form.Send("_go", "continue")
			says(t, b, http.StatusBadRequest, "fr", "base.status.s400")
			if !b.Has("form#kept") || b.Form("form#kept").Values.Get("e_cases") != "1" {
				t.Errorf("%s: what was typed is lost", name)
			}
		}
		if f.stored() != before {
			t.Error("something was stored")
		}
		if got := f.open(link).Form("form#answers").Values.Get("e_since"); got != "lt1" {
			t.Errorf("the answer given before is now %q", got)
		}
	})
}

func TestATextOfElevenThousandCharactersIsKeptUntilItIsShortened(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		link := f.employer("fr")
		b, long := f.open(link), strings.Repeat("é", 10_999)+"."
		f.walk(b, madeUp("employer", 1, "", short), "/answer/e10")
		b.Form("form#answers").Fill("e_comment", long).Submit("_go", "continue")
		shows(t, b, http.StatusUnprocessableEntity, "Le texte compte 11", "Le maximum est de 2")
		for name, again := range map[string]*webtest.Browser{"the page": b, "another device": f.open(link)} {
			if got := again.Form("form#answers").Values.Get("e_comment"); got != long {
				t.Errorf("%s gives back %d of %d bytes", name, len(got), len(long))
			}
		}
		b.Form("form#answers").Fill("e_comment", strings.Repeat(long, 3)).Send("_go", "continue")
		says(t, b, http.StatusRequestEntityTooLarge, "fr", "base.status.s413")
		if got := b.Form("form#kept").Values.Get("e_comment"); got != strings.Repeat(long, 3) {
			t.Errorf("a text larger than any form comes back as %d bytes", len(got))
		}
		b.Form("form#kept").Fill("e_comment", "Tout va bien.").Submit("_go", "continue")
		if b.URL.Path != "/answer/review" {
			t.Errorf("after shortening: %d at %s", b.Status, b.URL.Path)
		}
	})
}

// short makes an employer without contact, who is asked little.
var short = map[string]map[string]float64{"e_contact": {"0": 1}}

func TestNumbersAreReadAsPeopleWriteThem(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		b := f.open(f.offices["VD"]).Open("/answer")
		a := madeUp("office", 3, "VD", nil)
		f.page(b, a).Fill("o_fte_total", "1'000").Fill("o_fte_employer", "1,5").Submit("_go", "continue")
		if b.Status != http.StatusOK || b.URL.Path == "/answer/o1" {
			t.Fatalf("1'000 and 1,5: %d at %s: %v", b.Status, b.URL.Path, b.Texts(".error-summary li"))
		}
		kept := b.Open("/answer/o1").Form("form#answers").Values
		digits := strings.NewReplacer("'", "", "’", "", ",", ".")
		if total, part := digits.Replace(kept.Get("o_fte_total")), digits.Replace(kept.Get("o_fte_employer")); total != "1000" || part != "1.5" {
			t.Errorf("kept as %q and %q", kept.Get("o_fte_total"), kept.Get("o_fte_employer"))
		}
		for typed, sentence := range map[string]string{
			"mille": "Veuillez saisir uniquement un nombre", "1,55": "au plus un chiffre après la virgule", "-3": "doit être d'au moins 0",
		} {
			b.Open("/answer/o1").Form("form#answers").Fill("o_fte_total", typed).Submit("_go", "continue")
			shows(t, b, http.StatusUnprocessableEntity, sentence)
			if got := b.Form("form#answers").Values; got.Get("o_fte_total") != typed || digits.Replace(got.Get("o_fte_employer")) != "1.5" {
				t.Errorf("after %q the page holds %q and %q", typed, got.Get("o_fte_total"), got.Get("o_fte_employer"))
			}
		}
	})
}

func TestPagesOutOfOrderLoseNothing(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		link := f.employer("it")
		b := f.open(link).Open("/answer/e10")
		b.Form("form#answers").Fill("e_comment", "prima di tutto").Submit("_go", "continue")
		if b.URL.Path != "/answer/review" || b.Status != http.StatusOK {
			t.Fatalf("after the last page: %d at %s", b.Status, b.URL.Path)
		}
		before := f.stored()
		b.Form("form#submit").Submit()
		shows(t, b, http.StatusUnprocessableEntity, "Vi preghiamo di rispondere a questa domanda.")
		if f.stored() != before {
			t.Error("a submit that is refused changed something")
		}
		b.Open("/answer/e1")
		late := b.Open("/answer/e1").Form("form#answers").Fill("e_contact", "1").Fill("e_since", "gt5").Fill("e_reasons", "hire")
		late.Submit("_go", "continue")
		if b.URL.Path != "/answer/e2" {
			t.Fatalf("with contact: %d at %s", b.Status, b.URL.Path)
		}
		hidden := b.Form("form#answers")
		b.Open("/answer/e1").Form("form#answers").Fill("e_contact", "0").Submit("_go", "continue")
		hidden.Send("_go", "save")
		if b.Status != http.StatusSeeOther {
			t.Errorf("a page that routing hides by now: %d", b.Status)
		}
		if b.Open("/answer/e2"); b.Status != http.StatusOK || b.URL.Path == "/answer/e2" {
			t.Errorf("a page that is not asked: %d at %s", b.Status, b.URL.Path)
		}
		says(t, b.Open("/answer/e99"), http.StatusNotFound, "it", "base.status.s404")
		if got := f.open(link).Open("/answer/e10").Form("form#answers").Values.Get("e_comment"); got != "prima di tutto" {
			t.Errorf("the first answer is now %q", got)
		}
	})
}

func TestTwoTabsCollideOnlyOverTheSameAnswer(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		link := f.employer("it")
		b := f.open(link)
		one, two := b.Form("form#answers"), b.Form("form#answers")
		three := b.Open("/answer/e10").Form("form#answers")
		one.Fill("e_contact", "1").Fill("e_since", "lt1").Fill("e_reasons", "hire").Send("_go", "continue")
		if three.Fill("e_comment", "altra scheda").Send("_go", "save"); b.Status != http.StatusSeeOther {
			t.Errorf("another answer from an old tab: %d", b.Status)
		}
		two.Fill("e_contact", "1").Fill("e_since", "gt5").Fill("e_reasons", "hire").Send("_go", "continue")
		since := questionnaires.Newest("employer").Question("e_since")
		shows(t, b, http.StatusConflict, "Queste risposte sono state modificate altrove nel frattempo",
			since.Options[0].Label.In("it"), since.Options[3].Label.In("it"))
		if b.Count(".clash") != 1 || b.Form("form#answers").Values.Get("e_since") != "gt5" {
			t.Errorf("%d collisions; the form holds %q", b.Count(".clash"), b.Form("form#answers").Values.Get("e_since"))
		}
		other := f.open(link)
		if got := other.Open("/answer/e1").Form("form#answers").Values.Get("e_since"); got != "lt1" {
			t.Errorf("the first tab's answer is now %q", got)
		}
		if got := other.Open("/answer/e10").Form("form#answers").Values.Get("e_comment"); got != "altra scheda" {
			t.Errorf("the comment is now %q", got)
		}
	})
}

func TestTwoLinksInOneBrowserAreNeverMixed(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		first, second := f.employer("fr"), f.employer("it")
		b := f.open(first)
		form := b.Form("form#answers").Fill("e_contact", "1").Fill("e_since", "lt1")
		b.Open(second).Form("form#start").Submit()
		before := f.stored()
		form.Send("_go", "continue")
		says(t, b, http.StatusConflict, "it", "respond.refusal.tag") // the language of whoever opened the second link
		kept := b.Form("form#kept")
		if kept.Values.Get("e_since") != "lt1" {
			t.Errorf("what was typed is lost: %v", kept.Values)
		}
		if f.stored() != before {
			t.Error("something was stored")
		}
		b.Open(first).Form("form#start").Submit()
		b.Open("/answer/e1")
		b.Fetch(http.MethodPost, "/answer/e1", kept.Values) // the button on the page of the refusal
		if got := f.open(first).Form("form#answers").Values.Get("e_since"); got != "lt1" {
			t.Errorf("sent again under the right link, e_since is %q (%d)", got, b.Status)
		}
	})
}

func TestASecondSubmitChangesNothing(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		link := f.employer("fr")
		b := f.open(link)
		f.walk(b, madeUp("employer", 2, "", short), "/answer/review")
		submit := b.Form("form#submit")
		elsewhere := f.open(link)
		late := elsewhere.Open("/answer/review").Form("form#submit")
		submit.Submit()
		receipt := b.Text("#receipt")
		if len(receipt) < 24 {
			t.Fatalf("no receipt: %d %s", b.Status, b.Text("main"))
		}
		before := f.stored()
		if submit.Submit(); b.Status != http.StatusOK || b.Text("#receipt") != receipt {
			t.Errorf("the same submit again: %d, receipt %q instead of %q", b.Status, b.Text("#receipt"), receipt)
		}
		late.Send()
		says(t, elsewhere, http.StatusConflict, "fr", "respond.refusal.submitted")
		if f.stored() != before {
			t.Error("a second submit changed the database")
		}
		if b.Open(link); b.Status != http.StatusOK || b.Attr("main", "data-state") != "done" {
			t.Errorf("the link afterwards: %d %q", b.Status, b.Attr("main", "data-state"))
		}
	})
}

func TestAfterTheEndAnsweringIsRefusedAndNothingIsLost(t *testing.T) {
	inTheField(t, func(t *testing.T, f *inField) {
		begun, untouched := f.employer("fr"), f.employer("it")
		b := f.open(begun)
		b.Form("form#answers").Fill("e_contact", "1").Fill("e_since", "lt1").Submit("_go", "save")
		form := b.Open("/answer/e1").Form("form#answers").Fill("e_since", "gt5")
		office := picks(f.open(f.offices["VD"])).Open("/office/nominations/new").Form("main form").Fill("name", "Trop tard SA")
		before := f.stored()
		f.house.Store.DB.SetOffset(61 * 24 * time.Hour)
		form.Send("_go", "continue")
		says(t, b, http.StatusGone, "fr", "respond.refusal.ended")
		if b.Form("form#kept").Values.Get("e_since") != "gt5" {
			t.Error("what was typed is lost")
		}
		for _, path := range []string{begun, "/answer", "/answer/e1", "/answer/review"} {
			says(t, b.Open(path), http.StatusGone, "fr", "respond.refusal.ended")
		}
		says(t, webtest.NewBrowser(t).Open(untouched), http.StatusGone, "it", "respond.refusal.ended")
		late := office.Send()
		says(t, late, http.StatusGone, "fr", "office.refusal.over")
		if late.Form("form#kept").Values.Get("name") != "Trop tard SA" {
			t.Error("the nomination typed is lost")
		}
		if f.stored() != before {
			t.Error("something changed after the end")
		}
		f.house.Store.DB.SetOffset(0) // staff move the end: the draft is as it was
		if got := f.open(begun).Form("form#answers").Values.Get("e_since"); got != "lt1" {
			t.Errorf("the draft holds %q", got)
		}
	})
}
