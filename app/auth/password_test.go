package auth

import (
	"strings"
	"testing"
)

func TestPasswordProblem(t *testing.T) {
	for _, tc := range []struct{ rule, password, want string }{
		{"four words are good", "lampe fluss karton neun", ""},
		{"a sentence is good", "Der Zug nach Chur fährt um acht.", ""},
		{"random letters are good", "xkvbqmzptrwhjdl", ""},
		{"umlauts count as one character", "ÄöüÄ grün Öhr ü", ""},
		{"a random mixed one is good", "t9K#vQ2m!xR7pL4w", ""},
		{"random digits and signs are good", "83!95.06+74?21-9", ""},
		{"fourteen characters", "xkvbqmzptrwhjd", "too_short"},
		{"nothing", "", "too_short"},
		{"257 characters", strings.Repeat("lampe f ", 32) + "x", "too_long"},
		{"one key pressed", strings.Repeat("a", 20), "too_common"},
		{"two keys pressed", strings.Repeat("ab", 10), "too_common"},
		{"a row of keys", "qwertzuiopasdfgh", "too_common"},
		{"digits in order", "12345678901234567890", "too_common"},
		{"our own words", "BSVUmfrage2026!!", "too_common"},
		{"our own words in French", "OFAS-enquete-2026", "too_common"},
		{"password in four languages", "passwortmotdepassepassword", "too_common"},
		{"the address itself", "vera.muster@bsv.admin.ch", "too_common"},
		{"a short word repeated", "tiger!tiger!tiger!", "too_common"},
		{"not text", "lampe fluss karton \xff", "too_common"},
	} {
		if got := PasswordProblem(tc.password, "vera.muster@bsv.admin.ch", "Vera Muster"); got != tc.want {
			t.Errorf("%s: PasswordProblem(%q) = %q, want %q", tc.rule, tc.password, got, tc.want)
		}
	}
}
