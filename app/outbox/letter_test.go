package outbox

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"rondo/app/views"
	"rondo/storage/identity"
)

func TestALetterCarriesItsParticipantsLinkInTheirLanguageOnASheetOfItsOwn(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 3)
		french := s.add(t, identity.Participant{Population: "employer", Code: "fr1", Name: "Boulangerie <Exemple>", Email: "x@y.ch", Language: "fr", OfficeID: s.office.ID})
		var out bytes.Buffer
		n, err := s.Letters(ctx, s.wave, "employer", func(identity.Participant) bool { return true }, &out)
		if err != nil || n != 4 {
			t.Fatalf("%d letters, %v", n, err)
		}
		sheets := strings.Split(out.String(), "<section ")[1:]
		if len(sheets) != 4 {
			t.Fatalf("%d sheets", len(sheets))
		}
		pop, err := s.Identity.Population(ctx, s.wave.ID, "employer")
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range append(s.employers, french) {
			link, _ := o.Link(identity.Entry{Participant: p, Population: pop})
			code, err := views.NewQR(link)
			if err != nil {
				t.Fatal(err)
			}
			found := 0
			for _, sheet := range sheets {
				if strings.Contains(sheet, link) {
					found++
					if !strings.Contains(sheet, code.Dots) || strings.Count(sheet, "/r/") != 1 || strings.Contains(sheet, "/u/") {
						t.Errorf("the sheet of %s: not its code, another link, or the link that stops messages", p.Name)
					}
					if p.Code == french.Code && (!strings.HasPrefix(sheet, `lang="fr"`) || !strings.Contains(sheet, "Boulangerie &lt;Exemple&gt;") || !strings.Contains(sheet, "Scannez")) {
						t.Errorf("not in the participant's language: %s", sheet)
					}
				}
			}
			if found != 1 {
				t.Errorf("the link of %s stands on %d sheets", p.Name, found)
			}
		}
		out.Reset()
		n, err = s.Letters(ctx, s.wave, "employer", func(p identity.Participant) bool { return p.State == "undeliverable" }, &out)
		if err != nil || n != 0 || strings.Contains(out.String(), "/r/") {
			t.Errorf("letters to those whose messages came back: %d, %v", n, err)
		}
	})
}
