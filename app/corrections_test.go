package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"slices"
	"testing"

	"rondo/app/auth"
	"rondo/app/web/webtest"
	"rondo/exports/verify"
	"rondo/storage"
	"rondo/storage/storagetest"
)

// member lets a new member of staff in.
func (g *ground) member(email string, role auth.Role) *webtest.Browser {
	g.t.Helper()
	token, err := auth.NewLink(g.t.Context(), auth.Kept(g.Store.Staff), email, role)
	g.must(err)
	return (&site{t: g.t, url: g.url}).account(g.url+"/desk/welcome/"+token, "Vera "+string(role), email)
}

func TestWhatIsWrongIsCorrectedByTwoBeforeTheAnswersAreFrozen(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		g := serveStore(t, s)
		g.closedWave()
		analyst, reviewer, lead := g.member("anna@bsv.example", auth.Analyst), g.member("beat@bsv.example", auth.Reviewer), g.member("lea@bsv.example", auth.Lead)
		sheet := g.url + "/desk/waves/2032/corrections"

		analyst.Open(sheet).Click(`main a[href="/desk/waves/2032/corrections/office"]`).Click(`main a[href="/desk/waves/2032/corrections/office/o_case_days"]`)
		f := analyst.Form("main form").Fill("from", "0").Fill("to", "366").Fill("reason", "no case takes less than a day")
		shows(t, f.Submit(), http.StatusUnprocessableEntity, "höchstens 365")
		if got := analyst.Form("main form").Values.Get("reason"); got != "no case takes less than a day" || !analyst.Has("#to-problem") {
			t.Errorf("what was typed comes back as %q", got)
		}
		shows(t, analyst.Form("main form").Fill("to", "−92").Submit(), http.StatusOK, "o_case_days", "wartet auf Bestätigung")
		analyst.Open(sheet + "/office/o_role_other")
		shows(t, analyst.Form("main form").Fill("from", otherRole).Fill("to", "head_integration").Fill("reason", "it stands in the list").Submit(), http.StatusOK, otherRole)

		freeze := g.url + "/desk/waves/2032/step/freeze/office"
		lead.Open(freeze)
		shows(t, lead.Form("main form").Submit(), http.StatusConflict, "Eine Korrektur wartet")
		ids := analyst.Form("main form").Options("id")
		shows(t, analyst.Form("main form").Fill("id", ids...).Submit("do", "confirm"), http.StatusForbidden)
		reviewer.Open(sheet)
		shows(t, reviewer.Form("main form").Fill("id", ids...).Submit("do", "confirm"), http.StatusOK, "bestätigt von beat@bsv.example")
		stale := analyst.Open(sheet+"/office/o_role").Form("main form").Fill("from", "several").Fill("to", "management").Fill("reason", "late")

		lead.Open(freeze)
		shows(t, lead.Form("main form").Submit(), http.StatusOK, "festgehalten")
		shows(t, stale.Submit(), http.StatusConflict, "Die Daten sind festgehalten")
		shows(t, analyst.Open(sheet), http.StatusOK, "bestätigt von")
		if analyst.Has("main form") || analyst.Has(`main a[href="/desk/waves/2032/corrections/office"]`) {
			t.Error("a frozen sheet still offers changes")
		}
		g.exportIsCorrected()
	})
}

// exportIsCorrected builds the internal bundle and looks at what became of the answers.
func (g *ground) exportIsCorrected() {
	g.t.Helper()
	r, err := g.build(g.t.Context(), bundleOrder{label: "2032", population: "office", profile: "internal", by: "anna@bsv.example"})
	g.must(err)
	var bundle bytes.Buffer
	g.must(g.parts(g.t.Context(), r, func(part []byte) error { bundle.Write(part); return nil }))
	report, err := verify.Bundle(bytes.NewReader(bundle.Bytes()), int64(bundle.Len()))
	if err != nil || report.Records != 3 {
		g.t.Fatalf("the bundle does not hold: %v %+v", err, report)
	}
	zr, err := zip.NewReader(bytes.NewReader(bundle.Bytes()), int64(bundle.Len()))
	g.must(err)
	data, err := zr.Open("data/office.csv")
	g.must(err)
	rows, err := csv.NewReader(data).ReadAll()
	g.must(err)
	got := map[string][]string{}
	for i, name := range rows[0] {
		for _, row := range rows[1:] {
			got[name] = append(got[name], row[i])
		}
		slices.Sort(got[name])
	}
	for name, want := range map[string][]string{"o_case_days": {"-92", "-92", "-92"}, "o_role": {"head_integration", "head_integration", "several"}, "o_role_other": {"-91", "-91", "-91"}} {
		if !slices.Equal(got[name], want) {
			g.t.Errorf("%s in the export is %v, want %v", name, got[name], want)
		}
	}
	list, err := zr.Open("report/corrections.json")
	g.must(err)
	body, err := io.ReadAll(list)
	g.must(err)
	for _, want := range []string{`"from": "` + otherRole + `"`, `"responses": 2`, `"responses": 3`, `"reason": "no case takes less than a day"`} {
		if !bytes.Contains(body, []byte(want)) {
			g.t.Errorf("the list of corrections does not say %s:\n%s", want, body)
		}
	}
}
