package office

import (
	"context"
	"strings"
	"testing"

	"rondo/app/web/webtest"
	"rondo/storage/identity"
)

// cameBack lets the invitation of the employer come back, in an open window.
func (h *house) cameBack(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	_, queued := h.Identity.QueueMessages(ctx, []identity.Message{
		{WaveID: h.wave.ID, ParticipantID: h.employer.ID, Kind: "invitation", Number: 1, State: "sent"},
		{WaveID: h.wave.ID, ParticipantID: h.employer.ID, Kind: identity.MessageReturned + "invitation", Number: 1, State: "failed", Code: "5.1.1"},
	})
	for _, err := range []error{
		queued, h.Identity.SetPopulationState(ctx, h.wave.ID, "employer", "planned", "open"),
		h.Identity.SetParticipantState(ctx, h.employer.ID, []string{"open"}, "undeliverable"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnOfficeCorrectsTheAddressOfItsOwnEmployerOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.enter("BE")
		if b.Has("#returned") {
			t.Error("something came back although nothing was sent")
		}
		h.cameBack(t)
		b = h.enter("BE")
		if !b.Has("#returned") {
			t.Fatalf("the office is not told: %s", b.Text("main"))
		}
		b.Open(h.url + "/office/returned")
		if !strings.Contains(b.Text("main"), "alt@firma.example.ch") {
			t.Errorf("the whole address is not shown: %s", b.Text("main"))
		}
		tag := b.Form("main form").Values.Get("_tag")

		b.Form("main form").Fill("email", "nobody at all").Submit()
		if b.Status != 422 || b.Form("main form").Values.Get("email") != "nobody at all" || !b.Has(`input[aria-invalid="true"]`) {
			t.Errorf("a wrong address: %d %s", b.Status, b.Text("main"))
		}
		b.Form("main form").Fill("email", "neu@firma.example.ch").Fill("language", "it").Submit()
		if b.Status != 200 || b.URL.Path != "/office/returned" || b.Has("main form") || !b.Has(".notice.done") {
			t.Errorf("after the correction: %d %s: %s", b.Status, b.URL.Path, b.Text("main"))
		}
		p, err := h.Identity.ParticipantByID(context.Background(), h.employer.ID)
		if err != nil || p.Email != "neu@firma.example.ch" || p.Language != "it" || p.State != "open" || p.Epoch != 1 {
			t.Errorf("the employer is %+v, %v", p, err)
		}
		counts, err := h.Identity.MessageCounts(context.Background(), h.wave.ID)
		if err != nil || counts["invitation"]["queued"] != 1 {
			t.Errorf("messages %v, %v", counts, err)
		}
		b.Fetch("POST", h.url+"/office/returned", map[string][]string{"_tag": {tag}, "id": {h.employer.ID}, "email": {"x@firma.example.ch"}, "language": {"de"}})
		if b.Status != 409 || strings.Contains(b.Body, "x@firma") {
			t.Errorf("the same once more: %d %s", b.Status, b.Text("main"))
		}
	})
}

func TestNobodyElseSeesOrCorrectsIt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.cameBack(t)
		b := h.enter("ZH").Open(h.url + "/office/returned")
		if b.Status != 200 || strings.Contains(b.Body, "firma.example.ch") || strings.Contains(b.Body, "Alte Firma") {
			t.Errorf("another office sees %d %s", b.Status, b.Text("main"))
		}
		b.Open(h.url + "/office/nominations/new")
		form := map[string][]string{"_tag": {b.Form("main form").Values.Get("_tag")}, "id": {h.employer.ID}, "email": {"x@firma.example.ch"}, "language": {"de"}}
		if b.Fetch("POST", h.url+"/office/returned", form); b.Status != 409 {
			t.Errorf("another office corrects it: %d", b.Status)
		}
		stranger := webtest.NewBrowser(t)
		if stranger.Open(h.url + "/office/returned"); stranger.Status != 404 {
			t.Errorf("a stranger is answered %d", stranger.Status)
		}
		form["_tag"] = []string{"made up"}
		if b.Fetch("POST", h.url+"/office/returned", form); b.Status != 409 {
			t.Errorf("a form of somebody else: %d", b.Status)
		}
		if p, err := h.Identity.ParticipantByID(context.Background(), h.employer.ID); err != nil || p.Email != "alt@firma.example.ch" {
			t.Errorf("the employer is %+v, %v", p, err)
		}
	})
}
