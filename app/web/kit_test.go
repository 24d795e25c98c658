package web

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestConfigurationIsChecked(t *testing.T) {
	for _, config := range []Config{
		{}, {PublicURL: "survey.example.ch"}, {PublicURL: "ftp://x"},
		{PublicURL: "http://x", TrustedProxies: []string{"here"}}, {PublicURL: "http://x", Accent: "red;}"},
	} {
		if _, err := NewKit(config); err == nil {
			t.Errorf("NewKit(%+v) found nothing wrong", config)
		}
	}
}

func TestContactIsReadByItsLook(t *testing.T) {
	got := ParseContact("Studienteam BSV | Effingerstrasse 20, 3003 Bern\n+41 58 462 90 11 | studie@example.ch")
	if line := got.Line(); line != "Studienteam BSV, Effingerstrasse 20, 3003 Bern, +41 58 462 90 11, studie@example.ch" {
		t.Errorf("in a message: %q", line)
	}
	want := Contact{Lines: []string{"Studienteam BSV", "Effingerstrasse 20, 3003 Bern"}, Phone: "+41 58 462 90 11", Email: "studie@example.ch"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.PhoneDigits() != "+41584629011" {
		t.Errorf("PhoneDigits = %q", got.PhoneDigits())
	}
}

func TestThrottleCountsFailuresPerNetwork(t *testing.T) {
	guard, now := NewThrottle(3, time.Minute), time.Unix(1000, 0)
	a, near, far := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.200"), netip.MustParseAddr("198.51.100.1")
	for i, want := range []bool{false, false, false, true} {
		at := a
		if i%2 == 1 {
			at = near
		}
		if got := guard.Failed(at, now); got != want {
			t.Errorf("failure %d: too many = %v", i+1, got)
		}
	}
	if guard.Failed(far, now) {
		t.Error("another network is throttled too")
	}
	if guard.Failed(a, now.Add(time.Minute)) {
		t.Error("still throttled after a minute")
	}
}

func TestTagFitsItsCredentialOnly(t *testing.T) {
	key := [32]byte{1}
	tag := Tag(key, "token-a")
	if !TagFits(key, "token-a", tag) || TagFits(key, "token-b", tag) || TagFits([32]byte{2}, "token-a", tag) || TagFits(key, "token-a", "") {
		t.Errorf("tag %q fits what it must not, or not what it must", tag)
	}
}

func TestKeptValuesComeBackInOrderAndWhole(t *testing.T) {
	got := Keep(Form{"b": {"2", "1"}, "a": {"x"}}, nil)
	want := []KeptField{
		{Name: "a", Value: "x", Label: "a", Shown: "x"}, {Name: "b", Value: "2", Label: "b", Shown: "2"}, {Name: "b", Value: "1", Label: "b", Shown: "1"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
