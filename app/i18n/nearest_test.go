package i18n

import "testing"

func TestTheNearestKnownWordIsNamed(t *testing.T) {
	known := []string{"why", "name", "link", "closes", "contact"}
	for typed, want := range map[string]string{"nam": "name", "LINK": "link", "clsoes": "closes", "": "why", "kontakt": "contact", "name": "name", "xxxx": "link"} {
		if got := Nearest(typed, known); got != want {
			t.Errorf("for %q %q is named, want %q", typed, got, want)
		}
	}
	if got := Nearest("x", nil); got != "" {
		t.Errorf("without known words: %q", got)
	}
}
