package nominate

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"rondo/app/mail"
)

// Plain gives what people typed or copied in its plain form: composed, letters, digits and signs of
// full width (１２, ＠) as ordinary ones, every blank as a blank, none around it, and nothing that
// nobody sees: soft hyphens, joiners, marks of a direction of writing.
func Plain(typed string) string {
	if !strings.ContainsFunc(typed, func(r rune) bool { return r >= utf8.RuneSelf }) || !utf8.ValidString(typed) {
		return strings.TrimSpace(typed)
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.Is(unicode.Zs, r):
			return ' '
		}
		return r
	}, norm.NFC.String(width.Fold.String(typed))))
}

// copied takes off an address what mail programs and Excel put around it when it is copied:
// "'a@b.ch'", "mailto:a@b.ch", "a@b.ch <mailto:a@b.ch>;".
func copied(typed string) string {
	s := strings.TrimRight(strings.TrimLeft(Plain(typed), "'’‘ "), "'’‘;,. ")
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
	}
	shown, linked, found := strings.Cut(s, "mailto:")
	switch {
	case found && shown == "":
		return linked
	case found && mail.Normal(strings.TrimRight(shown, " <")) == mail.Normal(strings.TrimRight(linked, "> ")):
		return strings.TrimRight(linked, "> ")
	}
	return s
}
