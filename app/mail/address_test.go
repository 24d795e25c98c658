package mail

import (
	"strings"
	"testing"

	"rondo/questionnaires/boundtest"
)

func TestAddressReadsOneUsableAddress(t *testing.T) {
	cases := []struct{ name, typed, want string }{
		{"plain", "info@firma.ch", "info@firma.ch"},
		{"spaces around are dropped", "  info@firma.ch\t", "info@firma.ch"},
		{"display name is dropped", "Müller AG <Info@Firma.CH>", "Info@firma.ch"},
		{"domain with umlaut goes out as ASCII", "a@exämple.ch", "a@xn--exmple-cua.ch"},
		{"plus is allowed", "hr+iv@firma.ch", "hr+iv@firma.ch"},
		{"no at", "info.firma.ch", ""},
		{"no dot in the domain", "a@localhost", ""},
		{"domain literal", "a@[127.0.0.1]", ""},
		{"two addresses", "a@firma.ch, b@firma.ch", ""},
		{"two with semicolon", "a@firma.ch;b@firma.ch", ""},
		{"line break", "a@firma.ch\r\nBcc: b@firma.ch", ""},
		{"NUL", "a\x00@firma.ch", ""},
		{"quoted local part", `"a b"@firma.ch`, ""},
		{"umlaut in the local part", "müller@firma.ch", ""},
		{"SMTP command in quotes", `"a@firma.ch> RCPT TO:<b"@firma.ch`, ""},
		{"not UTF-8", "a@firm\xe4.ch", ""},
		{"empty", "", ""},
		{"too long", strings.Repeat("a", 60) + "@" + strings.Repeat("b.", 120) + "ch", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Address(c.typed)
			if got != c.want || (err == nil) != (c.want != "") {
				t.Errorf("Address(%q) = %q, %v, want %q", c.typed, got, err, c.want)
			}
		})
	}
}

func TestNormalMakesSpellingsEqual(t *testing.T) {
	if a, b := Normal("Info@Exämple.ch"), Normal("A <info@xn--exmple-cua.CH>"); a != b || a == "" {
		t.Errorf("Normal gives %q and %q, want the same", a, b)
	}
}

func TestMaskedTellsFirstLetterAndDomainOnly(t *testing.T) {
	for address, want := range map[string]string{
		"marta.keller@firma.ch": "m…@firma.ch", "a@xn--exmple-cua.ch": "a…@exämple.ch", "": "…", "@x.ch": "…",
	} {
		if got := Masked(address); got != want {
			t.Errorf("Masked(%q) = %q, want %q", address, got, want)
		}
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("a@firma.ch")
	f.Add("Müller <a@exämple.ch>")
	f.Fuzz(func(t *testing.T, typed string) {
		var got string
		var err error
		boundtest.Quick(t, func() { got, err = Address(typed) })
		if err != nil {
			return
		}
		if strings.ContainsAny(got, " \r\n\x00<>,;\"") || strings.Count(got, "@") != 1 || len(got) > longest {
			t.Errorf("Address(%q) = %q", typed, got)
		}
		if again, err := Address(got); again != got || err != nil {
			t.Errorf("Address(%q) = %q, %v, want itself", got, again, err)
		}
	})
}
