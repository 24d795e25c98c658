package office

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"rondo/app/nominate"
	"rondo/storage/identity"
)

// undecided makes ZH an office that has not said how it selects.
func undecided(t *testing.T, h *house) {
	t.Helper()
	if err := h.Identity.Unselect(context.Background(), h.zh.ID); err != nil {
		t.Fatal(err)
	}
	h.enter("ZH")
}

func TestNobodyNominatesBeforeSayingHowTheyWereSelected(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		undecided(t, h)
		for _, path := range []string{"/office/nominations/new", "/office/nominations/list"} {
			if h.Open(path); h.URL.Path != "/office/selection" {
				t.Errorf("%s leads to %s", path, h.URL.Path)
			}
		}
		for firms, want := range map[string]string{"": "#error-firms", "0": "#error-firms", "viele": "#error-firms", "20001": "#error-firms"} {
			h.Open("/office/selection")
			h.Form("main form").Fill("mode", "picked").Fill("firms", firms).Submit()
			if h.Status != 422 || !h.Has(want) || h.Attr("#firms", "value") != firms || !h.Has(`#mode-picked[checked]`) {
				t.Errorf("%q firms: %d %q", firms, h.Status, h.Texts(".error"))
			}
		}
		h.Open("/office/selection")
		if h.Form("main form").Fill("firms", "340").Submit(); h.Status != 422 || !h.Has("#error-mode") {
			t.Errorf("no mode: %d", h.Status)
		}
		h.Form("main form").Fill("mode", "picked").Fill("firms", "1'340").Submit()
		if h.URL.Path != "/office" || !strings.Contains(h.Text("main"), "aus 1") {
			t.Fatalf("picked: %d at %s: %s", h.Status, h.URL.Path, h.Text("main"))
		}
		if propose(h, "Muster AG", "a@muster.ch"); h.URL.Path != "/office" || h.nominations(t)[0].Selection != "picked" {
			t.Errorf("after that: %d at %s", h.Status, h.URL.Path)
		}
		h.Open("/office/selection")
		h.Form("main form").Fill("firms", "500").Submit() // a number is corrected
		is, err := h.Identity.SelectionOf(context.Background(), h.zh.ID)
		if err != nil || is.Firms != 500 || is.Mode != "picked" {
			t.Errorf("corrected: %+v, %v", is, err)
		}
		h.Open("/office/selection")
		tag := h.Attr(`input[name="_tag"]`, "value")
		if h.Fetch("POST", "/office/selection", url.Values{"_tag": {tag}, "mode": {"drawn"}, "firms": {"10"}, "numbered": {"yes"}}); h.Status != 409 {
			t.Errorf("a draw after picking: %d", h.Status)
		}
	})
}

// drawnBy lets ZH have rows drawn and gives them in order.
func drawnBy(t *testing.T, h *house, firms int) []int {
	t.Helper()
	undecided(t, h)
	h.Open("/office/selection")
	if h.Form("main form").Fill("mode", "drawn").Fill("firms", strconv.Itoa(firms)).Submit(); h.Status != 422 || !h.Has("#error-numbered") {
		t.Fatalf("a draw of a list that is not numbered: %d", h.Status)
	}
	h.Form("main form").Fill("numbered", "yes").Submit()
	if h.Status != 200 || h.URL.Path != "/office/selection" {
		t.Fatalf("drawing: %d at %s: %s", h.Status, h.URL.Path, h.Text("main"))
	}
	return shownRows(t, h)
}

func shownRows(t *testing.T, h *house) []int {
	t.Helper()
	var rows []int
	for _, text := range h.Texts("table th[scope=row]") {
		row, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestADrawIsRepeatedFromTheJournal(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		rows := drawnBy(t, h, 340)
		entries, err := h.Staff.Entries(t.Context(), 1)
		if err != nil || len(entries) != 1 || entries[0].Action != "selection.drawn" || entries[0].Object != "2026/ZH" || entries[0].Actor != "office ZH" {
			t.Fatalf("journal %+v, %v", entries, err)
		}
		var firms int
		var seed, list string
		if _, err := fmt.Sscanf(entries[0].Detail, "firms=%d seed=%s rows=%s", &firms, &seed, &list); err != nil || firms != 340 {
			t.Fatalf("detail %q: %v", entries[0].Detail, err)
		}
		again := nominate.Draw(nominate.Order(seed, firms), 3, nil)
		if fmt.Sprint(again) != fmt.Sprint(rows) || strings.Trim(strings.ReplaceAll(fmt.Sprint(again), " ", ","), "[]") != list {
			t.Errorf("the journal repeats %v, shown were %v, noted %s", again, rows, list)
		}
		if !strings.Contains(h.Text("main"), seed) {
			t.Error("the office does not see the seed")
		}
		if last, err := h.Staff.VerifyJournal(t.Context()); err != nil || last.Number != entries[0].Number {
			t.Errorf("chain: %v", err)
		}
	})
}

func TestOnlyDrawnRowsAreEnteredAndALeftOutOneIsReplaced(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		rows := drawnBy(t, h, 340)
		other := 1
		for slicesHas(rows, other) {
			other++
		}
		h.Open(fmt.Sprint("/office/nominations/new?row=", rows[1]))
		if h.Count("#row option") != 4 || !h.Has(fmt.Sprintf(`#row option[value="%d"][selected]`, rows[1])) {
			t.Fatalf("form: %q", h.Texts("#row option"))
		}
		tag := h.Attr(`input[name="_tag"]`, "value")
		h.Form("main form").Fill("name", "Muster AG").Fill("email", "a@muster.ch").Fill("language", "de").Fill("size", "1-9").Fill("branch", "a").Submit()
		all := h.nominations(t)
		if h.URL.Path != "/office" || len(all) != 1 || all[0].Selection != "drawn" || all[0].ListRow != rows[1] {
			t.Fatalf("entered: %d at %s, %+v", h.Status, h.URL.Path, all)
		}
		for _, row := range []int{other, rows[1], 0, 341} {
			h.Fetch("POST", "/office/nominations/new", url.Values{"_tag": {tag}, "row": {strconv.Itoa(row)}, "name": {"X"}, "email": {"x@x.ch"}, "language": {"de"}, "size": {"1-9"}, "branch": {"a"}})
			if h.Status != 422 || !h.Has("#error-row") || len(h.nominations(t)) != 1 {
				t.Errorf("row %d: %d", row, h.Status)
			}
		}

		h.Open("/office/selection")
		h.Form(fmt.Sprintf("form#leave-%d", rows[0])).Submit()
		if h.Status != 422 || !h.Has(fmt.Sprintf("#error-reason-%d", rows[0])) {
			t.Errorf("no reason: %d", h.Status)
		}
		h.Form(fmt.Sprintf("form#leave-%d", rows[0])).Fill("reason", "no_contact").Submit()
		after := shownRows(t, h)
		is, err := h.Identity.SelectionOf(t.Context(), h.zh.ID)
		if err != nil {
			t.Fatal(err)
		}
		if want := nominate.Order(is.Seed, 340)[1:4]; fmt.Sprint(after) != fmt.Sprint(want) {
			t.Errorf("after leaving out %d of %v: %v, want %v", rows[0], rows, after, want)
		}
		entries, err := h.Staff.Entries(t.Context(), 1)
		if err != nil || entries[0].Action != "selection.exclude" || entries[0].Detail != fmt.Sprintf("row=%d reason=no_contact", rows[0]) {
			t.Errorf("journal %+v, %v", entries, err)
		}
		for _, bad := range []url.Values{{"row": {strconv.Itoa(rows[0])}, "reason": {"gone"}}, {"row": {strconv.Itoa(other)}, "reason": {"gone"}}, {"row": {strconv.Itoa(rows[1])}, "reason": {"gone"}}} {
			bad.Set("_tag", tag)
			if h.Fetch("POST", "/office/selection/exclude", bad); h.Status != 409 {
				t.Errorf("leaving out %v: %d", bad, h.Status)
			}
		}
	})
}

func TestAListNamesTheDrawnRows(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		rows := drawnBy(t, h, 340)
		list := fmt.Sprintf("Nummer;Firma;E-Mail;Sprache;Grösse;Branche;Informiert am\n%d;Zwei;zwei@zwei.ch;de;7;A;3.11.2025\n%d;Drei;drei@drei.ch;de;7;A;\n", rows[1], rows[2])
		h.Open("/office/nominations/list")
		h.Form("main form").Fill("list", list).Submit()
		h.Form("main form").Submit()
		all := h.nominations(t)
		if h.URL.Path != "/office" || len(all) != 2 {
			t.Fatalf("list: %d at %s: %s", h.Status, h.URL.Path, h.Text("main"))
		}
		for _, n := range all {
			if n.Name == "Zwei" && (n.ListRow != rows[1] || n.ToldOn != "2025-11-03") {
				t.Errorf("kept %+v", n)
			}
		}
	})
}

func slicesHas(all []int, one int) bool {
	for _, a := range all {
		if a == one {
			return true
		}
	}
	return false
}

func TestAWaveMayLeaveNoChoice(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		if err := h.service.SetSelectionMode(t.Context(), "2026", "drawn"); err != nil {
			t.Fatal(err)
		}
		undecided(t, h)
		h.Open("/office/selection")
		if h.Has("#mode-picked") || !h.Has("#numbered") {
			t.Errorf("a choice is offered: %q", h.Text("main"))
		}
		tag := h.Attr(`input[name="_tag"]`, "value")
		h.Fetch("POST", "/office/selection", url.Values{"_tag": {tag}, "mode": {"picked"}, "firms": {"50"}})
		if h.Status != 422 { // it is a draw all the same, of a list that is not numbered
			t.Errorf("picking where rows are drawn for all: %d", h.Status)
		}
		h.enter("BE") // has begun to pick
		if propose(h, "Rochat", "a@rochat.ch"); h.URL.Path != "/office" {
			t.Errorf("who has begun goes on: %d", h.Status)
		}
	})
}

func TestTheTextForEmployersStandsInFourLanguages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("BE")
		propose(h, "Rochat", "a@rochat.ch")
		h.Open("/office/tell?lang=de")
		for lang, want := range map[string][]string{"de": {"freiwillig", "ohne Namen, Adresse oder Link"}, "fr": {"facultative", "Office AI de Berne"}, "it": {"facoltativa"}, "en": {"voluntary"}} {
			text := h.Text("#text-" + lang)
			for _, words := range append(want, "+41 58 000 00 00") {
				if !strings.Contains(text, words) {
					t.Errorf("%s lacks %q: %s", lang, words, text)
				}
			}
			if h.Attr("#text-"+lang, "lang") != lang || strings.Contains(text, "{{") {
				t.Errorf("%s: %s", lang, text)
			}
		}
		for day, want := range map[string]int{"": 422, "bald": 422, "2199-01-01": 422} {
			if h.Form("main form").Fill("told", day).Submit(); h.Status != want || h.nominations(t)[0].ToldOn != "" {
				t.Errorf("%q: %d", day, h.Status)
			}
			h.Open("/office/tell")
		}
		h.Form("main form").Fill("told", "2025-11-03").Submit()
		if h.URL.Path != "/office" || h.nominations(t)[0].ToldOn != "2025-11-03" {
			t.Errorf("told: %d, %+v", h.Status, h.nominations(t)[0])
		}
		if h.Open("/office/tell"); h.Has("main form") {
			t.Error("everybody is told, and it asks again")
		}
	})
}

// approve lets staff approve what is proposed.
func approve(t *testing.T, h *house) {
	t.Helper()
	var ids []string
	for _, n := range h.nominations(t) {
		if n.State == "proposed" {
			ids = append(ids, n.ID)
		}
	}
	if _, err := h.service.Approve(t.Context(), "2026", ids); err != nil {
		t.Fatal(err)
	}
}

func (h *house) employers(t *testing.T) []identity.Participant {
	t.Helper()
	all, err := h.Identity.Participants(t.Context(), h.wave.ID, "employer")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Many lists have a column "Nr.": the frame would call a firm drawn that its office has picked.
func TestWhatAnOfficePicksIsNeverCalledDrawn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		h.Open("/office/nominations/list")
		h.Form("main form").Fill("list", "Nr.;Firma;E-Mail;Sprache;Grösse;Branche\n1;Eins;eins@eins.ch;de;7;A\n1;Zwei;zwei@zwei.ch;de;7;A\n").Submit()
		h.Form("main form").Submit()
		tag := h.Open("/office/nominations/new").Attr(`input[name="_tag"]`, "value")
		h.Fetch("POST", "/office/nominations/new", url.Values{"_tag": {tag}, "row": {"5"}, "name": {"X"}, "email": {"x@x.ch"}, "language": {"de"}, "size": {"1-9"}, "branch": {"a"}})
		all := h.nominations(t)
		if len(all) != 3 {
			t.Fatalf("%d nominations: %d %s", len(all), h.Status, h.Text("main"))
		}
		for _, n := range all {
			if n.Selection != "picked" || n.ListRow != 0 {
				t.Errorf("%s is kept as %s, row %d", n.Name, n.Selection, n.ListRow)
			}
		}
	})
}

// Excel puts a tab before every line of a selection whose first column is empty.
func TestAPastedListMayBeginWithAnEmptyColumn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		h.Open("/office/nominations/list")
		h.Form("main form").Fill("list", "\n\tFirma\tE-Mail\tSprache\tGrösse\tBranche\n\tEins\teins@eins.ch\tde\t7\tA\n").Submit()
		if h.Status != 200 || h.Text("tbody th") != "Eins" {
			t.Errorf("%d: %s", h.Status, h.Text("main"))
		}
		h.Open("/office/nominations/list")
		if h.Form("main form").Fill("list", " \t\n ").Submit(); h.Status != 422 || !strings.Contains(h.Text(".error-summary"), "fügen") {
			t.Errorf("blanks only: %d %s", h.Status, h.Text("main"))
		}
	})
}

// What is kept was shown: in which language a firm is written to, and when it was told, are read like the rest.
func TestAllThatWasReadOfAListIsShown(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		for list, want := range map[string]string{
			"Firma;E-Mail;Sprache;Grösse;Branche;Informiert am\nEins;eins@eins.ch;F;7;A;3/11/2025\nZwei;zwei@zwei.ch;it;7;A;\n": "Français|3. November 2025|Italiano|",
			"Firma;E-Mail;Sprache;Grösse;Branche\nEins;eins@eins.ch;E;7;A\nZwei;zwei@zwei.ch;rätisch;7;A\n":                     "English|rätisch",
		} {
			h.Open("/office/nominations/list?lang=de")
			h.Form("main form").Fill("list", list).Submit()
			var got []string
			languages, told := h.Texts(`td[data-label="Sprache"]`), h.Texts(`td[data-label="Informiert am"]`)
			for i, language := range languages {
				got = append(got, language)
				if len(told) > i {
					got = append(got, told[i])
				}
			}
			if strings.Join(got, "|") != want {
				t.Errorf("%q shows %q, want %q", list, got, want)
			}
		}
	})
}
