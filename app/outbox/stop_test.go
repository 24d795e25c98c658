package outbox

import (
	"errors"
	"strings"
	"testing"
)

// A message may be late and arrive all the same: whoever has it can stop messages until the address is another one.
func TestAStopLinkWorksWhateverAddressesAnOfficeHasTried(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := t.Context(), newScene(t, o, 1)
		sink, _ := s.sentOut(t, 1)
		late := s.employers[0]
		_, stop, _ := strings.Cut(s.StopURL(late), "/u/")
		s.back(t, bounceOf(sink.to(late.Email)[0].from, "5.1.1", 1))
		if err := s.Identity.Suppress(ctx, EmailHash(s.Secret, "never@firma.example.ch"), "stopped"); err != nil {
			t.Fatal(err)
		}
		if err := s.Correct(ctx, s.wave.ID, s.office.ID, late.ID, "never@firma.example.ch", "de"); !errors.Is(err, ErrBadAddress) {
			t.Fatal(err)
		}
		if look, err := s.LookStop(ctx, stop); err != nil || look.Stopped || look.Masked != "e…@firma.example.ch" {
			t.Errorf("the stop link shows %+v, %v", look, err)
		}
		if err := s.Stop(ctx, stop); err != nil {
			t.Fatal(err)
		}
		if stopped, err := s.Identity.Suppressed(ctx, EmailHash(s.Secret, late.Email)); !stopped || err != nil {
			t.Errorf("the messages are stopped: %v, %v", stopped, err)
		}
	})
}
