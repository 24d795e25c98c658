package mail

import (
	"errors"
	netmail "net/mail"
	"strings"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"
	"golang.org/x/net/idna"
)

// ErrAddress is the refusal of an address no message can be sent to.
var ErrAddress = errors.New("not a usable e-mail address")

// longest is the most bytes an address may have on the way (RFC 5321).
const longest = 254

var validate = validator.New(validator.WithRequiredStructEnabled())

// Address reads exactly one address as people type it and gives it as it goes
// to a relay: without display name, the domain in lower case and ASCII.
// Whoever types "Müller <a@exämple.ch>" gets "a@xn--exmple-cua.ch".
func Address(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if len(typed) > 2*longest || !utf8.ValidString(typed) || strings.ContainsAny(typed, "\r\n\x00") {
		return "", ErrAddress
	}
	parsed, err := netmail.ParseAddress(typed)
	if err != nil {
		return "", ErrAddress
	}
	if validate.Var(parsed.Address, "required,email") != nil {
		return "", ErrAddress
	}
	at := strings.LastIndexByte(parsed.Address, '@')
	local, domain := parsed.Address[:at], parsed.Address[at+1:]
	if !ascii(local) || strings.ContainsAny(local, " \t\"\\<>(),;:[]@") {
		return "", ErrAddress // few relays carry such a local part; nobody would get the message
	}
	domain, err = idna.Lookup.ToASCII(strings.TrimSuffix(domain, "."))
	if err != nil || !strings.Contains(domain, ".") || len(local)+1+len(domain) > longest || len(local) > 64 {
		return "", ErrAddress
	}
	address := local + "@" + strings.ToLower(domain)
	if validate.Var(address, "required,email") != nil { // rc.² was fine, rc.2 has no domain at its end
		return "", ErrAddress
	}
	return address, nil
}

// Normal gives the form under which two spellings of an address count as one:
// as Address, all in lower case; an unusable address gives "".
func Normal(typed string) string {
	address, err := Address(typed)
	if err != nil {
		return ""
	}
	return strings.ToLower(address)
}

// Masked shows an address without telling it: m…@firma.ch.
func Masked(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at <= 0 {
		return "…"
	}
	_, size := utf8.DecodeRuneInString(address)
	domain := address[at+1:]
	if shown, err := idna.Display.ToUnicode(domain); err == nil {
		domain = shown
	}
	return address[:size] + "…@" + domain
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf || s[i] < 0x21 || s[i] == 0x7f {
			return false
		}
	}
	return s != ""
}
