package office

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"rondo/app/outbox"
	"rondo/storage/identity"
)

func correct(h *house, id string) *house {
	h.Open("/office/nominations/correct?id=" + id)
	return h
}

func TestACorrectionKeepsTheAddressUnlessOneIsTyped(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		propose(h, "Muster", "marta@muster.ch")
		id := h.nominations(t)[0].ID
		if correct(h, id); h.Attr("#email", "value") != "" || strings.Contains(h.Body, "marta@") || !strings.Contains(h.Text("#hint-email"), "m…@muster.ch") {
			t.Fatalf("form: %q", h.Text("main"))
		}
		h.Form("main form").Fill("name", "Muster AG").Fill("told", "2025-11-03").Submit()
		if n := h.nominations(t)[0]; h.URL.Path != "/office" || n.Name != "Muster AG" || n.Email != "marta@muster.ch" || n.ToldOn != "2025-11-03" || n.ID != id {
			t.Errorf("corrected: %d, %+v", h.Status, n)
		}
		correct(h, id)
		if h.Form("main form").Fill("email", "kaputt(at)muster.ch").Submit(); h.Status != 422 || h.Attr("#email", "value") != "kaputt(at)muster.ch" {
			t.Errorf("bad address: %d", h.Status)
		}
		propose(h, "Zwei", "zwei@zwei.ch")
		correct(h, id)
		if h.Form("main form").Fill("email", "ZWEI@zwei.ch").Submit(); h.Status != 422 || !strings.Contains(h.Text("#error-email"), "schon vorgeschlagen") {
			t.Errorf("the address of another proposal: %d", h.Status)
		}
		h.enter("BE")
		if correct(h, id); h.URL.Path != "/office" {
			t.Errorf("another office's: %d at %s", h.Status, h.URL.Path)
		}
		h.Open("/office/selection")
		tag := h.Attr(`input[name="_tag"]`, "value")
		if h.Fetch("POST", "/office/nominations/correct", url.Values{"_tag": {tag}, "id": {id}, "name": {"X"}}); h.Status != 404 {
			t.Errorf("correcting another office's: %d", h.Status)
		}
	})
}

func TestAnApprovedNominationChangesUntilItsEmployerIsInvited(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		propose(h, "Eins", "eins@eins.ch")
		approve(t, h)
		if n := h.nominations(t)[0]; n.State != "approved" || len(h.employers(t)) != 2 {
			t.Fatalf("approved: %+v", n)
		}
		correct(h, h.nominations(t)[0].ID)
		h.Form("main form").Fill("email", "neu@eins.ch").Submit()
		n := h.nominations(t)[0]
		if n.State != "proposed" || n.Email != "neu@eins.ch" || n.ParticipantID != "" || len(h.employers(t)) != 1 {
			t.Fatalf("corrected: %+v, %d employers", n, len(h.employers(t)))
		}
		approve(t, h)
		h.invite(t, "neu@eins.ch", "queued")
		h.Open("/office")
		h.Form(`form[action="/office/nominations/withdraw"]`).Submit()
		if h.Status != 200 || h.nominations(t)[0].State != "withdrawn" || len(h.employers(t)) != 1 {
			t.Errorf("withdrawn while its invitation is queued: %d, %s", h.Status, h.nominations(t)[0].State)
		}
		if left, err := h.Identity.Messages(t.Context(), h.wave.ID); err != nil || len(left) != 0 {
			t.Errorf("messages left: %v, %v", left, err)
		}

		propose(h, "Zwei", "zwei@zwei.ch")
		approve(t, h)
		h.invite(t, "zwei@zwei.ch", "sent")
		h.Open("/office")
		if h.Has(`form[action="/office/nominations/withdraw"]`) || h.Has(`a[href^="/office/nominations/correct"]`) {
			t.Error("an invited employer can be withdrawn")
		}
		h.Open("/office/tell")
		tag := h.Attr(`input[name="_tag"]`, "value")
		for _, n := range h.nominations(t) {
			if n.State != "approved" {
				continue
			}
			for _, path := range []string{"withdraw", "correct"} {
				h.Fetch("POST", "/office/nominations/"+path, url.Values{"_tag": {tag}, "id": {n.ID}, "name": {"X"}, "language": {"de"}, "size": {"1-9"}, "branch": {"a"}})
				if h.Status != 409 || len(h.employers(t)) != 2 {
					t.Errorf("%s of an invited one: %d", path, h.Status)
				}
			}
		}
	})
}

// Who got the link on paper may answer before the e-mail is due, which is then cancelled: it must not
// stay the only one of whom the office may still change something.
func TestAnOfficeDoesNotSeeWhoseInvitationWasNotNeeded(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		propose(h, "Eins", "eins@eins.ch")
		propose(h, "Zwei", "zwei@zwei.ch")
		approve(t, h)
		h.invite(t, "eins@eins.ch", "sent")
		h.invite(t, "zwei@zwei.ch", "cancelled")
		h.Open("/office/tell")
		tag := h.Attr(`input[name="_tag"]`, "value")
		if h.Open("/office"); h.Has(`form[action="/office/nominations/withdraw"]`) || h.Has(`a[href^="/office/nominations/correct"]`) {
			t.Error("the office sees of whom no message was needed")
		}
		for _, n := range h.nominations(t) {
			h.Fetch("POST", "/office/nominations/withdraw", url.Values{"_tag": {tag}, "id": {n.ID}})
			if h.Status != 409 || len(h.employers(t)) != 3 {
				t.Errorf("withdrawing %s: %d", n.Name, h.Status)
			}
		}
	})
}

// invite queues an invitation for whoever has an address.
func (h *house) invite(t *testing.T, email, state string) {
	t.Helper()
	now, err := h.DB.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range h.employers(t) {
		if e.Email != email {
			continue
		}
		m := identity.Message{WaveID: h.wave.ID, ParticipantID: e.ID, Kind: "invitation", Number: 1, State: state, DueAt: now, NotAfter: now.Add(time.Hour)}
		if state == "cancelled" {
			m.Code = identity.CodeNotNeeded
		}
		if _, err := h.Identity.QueueMessages(t.Context(), []identity.Message{m}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAnOfficeLearnsNothingOfOthers lets ZH propose what others have proposed, what is on the list
// already, what wants no messages, and what nobody knows: before the decision it reads the same of
// all, and after it the same of all that are not invited through it.
func TestAnOfficeLearnsNothingOfOthers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("BE")
		propose(h, "Fremd", "fremd@fremd.ch")
		if err := h.Identity.Suppress(t.Context(), outbox.EmailHash(h.Secret, "stop@stop.ch"), "refused"); err != nil {
			t.Fatal(err)
		}
		h.enter("ZH")
		for _, email := range []string{"fremd@fremd.ch", "stop@stop.ch", "alt@firma.example.ch"} {
			if propose(h, "Firma", email); h.Status != 200 || h.URL.Path != "/office" {
				t.Fatalf("%s: %d %q", email, h.Status, h.Text(".error-summary"))
			}
		}
		state := func() map[string]string {
			h.Open("/office")
			words, seen := map[string]string{}, h.Texts(`td[data-label="Stand"]`)
			for i, masked := range h.Texts(`td[data-label="E-Mail"]`) {
				words[masked] = seen[i]
			}
			return words
		}
		for masked, words := range state() {
			if words != "Vorgeschlagen, noch nicht geprüft" {
				t.Errorf("%s before the decision: %s", masked, words)
			}
		}
		approve(t, h)
		after := state()
		if len(after) != 3 {
			t.Fatalf("after the decision: %v", after)
		}
		for masked, words := range after {
			if words != after["s…@stop.ch"] || !strings.HasPrefix(words, "Wird nicht über Ihre IV-Stelle eingeladen") {
				t.Errorf("%s after the decision: %s", masked, words)
			}
		}
		if strings.Contains(h.Body, "Bern") || !strings.Contains(h.Body, "0 von 3") {
			t.Errorf("the page: %s", h.Text("main"))
		}
		if propose(h, "Firma", "fremd@fremd.ch"); h.Status != 422 || !strings.Contains(h.Text("#error-email"), "schon entschieden") {
			t.Errorf("once more: %d", h.Status)
		}
		if propose(h, "Ersatz", "ersatz@ersatz.ch"); h.Status != 200 || h.URL.Path != "/office" {
			t.Errorf("a substitute: %d", h.Status)
		}
		h.enter("BE")
		if h.Open("/office"); !strings.Contains(h.Text("main"), "Acceptée") {
			t.Errorf("the office with the fewest: %s", h.Text("main"))
		}
	})
}

// Two people of one office have its page open; or FSIO decides while a correction is typed.
func TestAProposalThatIsDecidedMeanwhileIsNoUnknownPage(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.enter("ZH")
		for _, state := range []string{"rejected", "duplicate", "withdrawn"} {
			propose(h, "Firma "+state, state+"@firma.ch")
			id := h.nominations(t)[0].ID
			for _, n := range h.nominations(t) {
				if n.State == "proposed" {
					id = n.ID
				}
			}
			form := correct(h, id).Form("main form").Fill("name", "Anders")
			h.Open("/office")
			withdraw := h.Form(`form[action="/office/nominations/withdraw"]`)
			if err := h.Identity.SetNominationState(t.Context(), id, "proposed", state, "", ""); err != nil {
				t.Fatal(err)
			}
			if form.Submit(); h.Status != 409 || !strings.Contains(h.Text("main"), "inzwischen") {
				t.Errorf("correcting what is %s: %d %s", state, h.Status, h.Text("main"))
			}
			want := map[bool]int{true: 200, false: 409}[state == "withdrawn"] // what is withdrawn already stays so
			if withdraw.Submit(); h.Status != want {
				t.Errorf("withdrawing what is %s: %d", state, h.Status)
			}
			if correct(h, id); h.URL.Path != "/office" {
				t.Errorf("the form for what is %s: %d at %s", state, h.Status, h.URL.Path)
			}
		}
	})
}
