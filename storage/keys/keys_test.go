package keys_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rondo/questionnaires/boundtest"
	"rondo/storage/keys"
)

func secret(t testing.TB) keys.Secret {
	t.Helper()
	s, err := keys.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSecretFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	if _, err := keys.Load(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Load of no file = %v", err)
	}
	made, err := keys.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Create(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("Create over a secret = %v", err)
	}
	read, err := keys.Load(path)
	if err != nil || !bytes.Equal(read.Check(), made.Check()) {
		t.Errorf("Load gives another secret, %v", err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("Create leaves %d files", len(left))
	}
	raw := bytes.Repeat([]byte{9}, 32)
	for text, want := range map[string]error{
		hex.EncodeToString(raw): nil, base64.StdEncoding.EncodeToString(raw) + "\n": nil, base64.RawURLEncoding.EncodeToString(raw): nil,
		" " + hex.EncodeToString(raw) + " \r\n": nil, "": keys.ErrBadSecret, "short": keys.ErrBadSecret, hex.EncodeToString(raw[:31]): keys.ErrBadSecret,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := keys.Load(path); !errors.Is(err, want) {
			t.Errorf("Load(%q) = %v, want %v", text, err, want)
		}
	}
	for _, mode := range []fs.FileMode{0o644, 0o640, 0o660, 0o604} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := keys.Load(path); !errors.Is(err, keys.ErrOpenSecret) {
			t.Errorf("Load of mode %v = %v", mode, err)
		}
	}
}

func TestEveryDerivedValueIsDifferent(t *testing.T) {
	s, other := secret(t), mustNew(t, 8)
	seen := map[string]string{}
	for _, derived := range []struct{ name, value string }{
		{"link", s.Link([]byte("salt"), "p", 0)}, {"link of epoch 1", s.Link([]byte("salt"), "p", 1)}, {"link of another", s.Link([]byte("salt"), "q", 0)},
		{"link of another salt", s.Link([]byte("tlas"), "p", 0)}, {"link where salt and participant run together", s.Link([]byte("saltp"), "", 0)},
		{"link of another secret", other.Link([]byte("salt"), "p", 0)}, {"stop", s.Stop("p")},
		{"release", s.Release([]byte("salt"), "p", "h@b.ch")}, {"release of another salt", s.Release([]byte("tlas"), "p", "h@b.ch")},
		{"release by another head", s.Release([]byte("salt"), "p", "g@b.ch")}, {"release of another", s.Release([]byte("salt"), "q", "h@b.ch")},
		{"release like a link", s.Release([]byte("salt"), "p", "0")}, {"stop of the head", s.StopHead("p", "h@b.ch")},
	} {
		if before := seen[derived.value]; before != "" {
			t.Errorf("%s equals %s", derived.name, before)
		}
		seen[derived.value] = derived.name
		if token, ok := keys.ParseToken(derived.value); !ok || token != derived.value {
			t.Errorf("%s is no token: %q", derived.name, derived.value)
		}
	}
	key := s.DraftKey([]byte("salt"), "p")
	hashes := map[string]bool{string(key[:]): true, string(key.ID()): true, string(key.Spent()): true, key.ResponseID(): true, string(s.Check()): true}
	if len(hashes) != 5 || len(key.ResponseID()) != 26 {
		t.Error("draft key, row, marker and response id are not all different")
	}
	if key != s.DraftKey([]byte("salt"), "p") || key == s.DraftKey([]byte("salt"), "q") || key == s.DraftKey([]byte("tlas"), "p") {
		t.Error("the draft key does not depend on exactly salt and participant")
	}
	first := s.Derive("a")
	if first == s.Derive("b") || s.Derive("a") == other.Derive("a") || first != s.Derive("a") {
		t.Error("derived keys do not depend on exactly secret and label")
	}
}

func mustNew(t testing.TB, b byte) keys.Secret {
	t.Helper()
	s, err := keys.New(bytes.Repeat([]byte{b}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLinksStayAsTheyAre(t *testing.T) {
	// A change here would break every link in the field.
	if got, want := secret(t).Link([]byte("salt"), "participant", 2), "907tase9f13yr9e9dn4mxs6apq8e5yyq"; got != want {
		t.Errorf("Link = %s, want %s", got, want)
	}
	if got, want := hex.EncodeToString(secret(t).Check()[:8]), "7910c42ad446ffc0"; got != want {
		t.Errorf("Check = %s…, want %s…", got, want)
	}
}

func TestParseToken(t *testing.T) {
	const token = "0123456789abcdefghjkmnpqrstvwxyz"
	for raw, want := range map[string]string{
		token: token, strings.ToUpper(token): token, token + ".": token, token + ">": token, token + ")": token, "<" + token + ">.": token,
		token[:10] + "\r\n " + token[10:]: token, "o123456789abcdefghjkmnpqrstvwxyz": token, "0I23456789abcdefghjkmnpqrstvwxyz": token,
		"0l23456789abcdefghjkmnpqrstvwxyz": token, "  " + token + " ": token,
		"": "", token[1:]: "", token + "0": "", strings.Replace(token, "z", "u", 1): "", strings.Replace(token, "z", "ä", 1): "",
		strings.Repeat(" ", 500) + token: "", "' OR 1=1 --": "", token + "'": token,
	} {
		got, ok := keys.ParseToken(raw)
		if got != want || ok != (want != "") {
			t.Errorf("ParseToken(%q) = %q, %v; want %q", raw, got, ok, want)
		}
	}
}

func FuzzParseToken(f *testing.F) {
	f.Add("0123456789abcdefghjkmnpqrstvwxyz")
	f.Add(" O1I…>.)\x00\xff")
	f.Fuzz(func(t *testing.T, raw string) {
		var token string
		var ok bool
		boundtest.Quick(t, func() { token, ok = keys.ParseToken(raw) })
		if ok != (len(token) == keys.TokenLength) {
			t.Fatalf("ParseToken(%q) = %q, %v", raw, token, ok)
		}
		if again, _ := keys.ParseToken(token); again != token {
			t.Fatalf("ParseToken of its own result %q gives %q", token, again)
		}
	})
}

func TestSeal(t *testing.T) {
	sealer, err := secret(t).Sealer([]byte("an answer salt of a wave"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := secret(t).Sealer([]byte("the salt of another wave"))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, 3000).Draw(r, "plain")
		aad := rapid.SliceOf(rapid.Byte()).Draw(r, "aad")
		sealed := sealer.Seal(plain, aad)
		opened, err := sealer.Open(sealed, aad)
		if err != nil || !bytes.Equal(opened, plain) {
			r.Fatalf("Open(Seal) = %x, %v", opened, err)
		}
		if bytes.Equal(sealed, sealer.Seal(plain, aad)) {
			r.Fatal("sealed twice the same")
		}
		for name, err := range map[string]error{
			"another salt": second(other.Open(sealed, aad)), "another name": second(sealer.Open(sealed, append(aad, 1))),
			"a changed body": second(sealer.Open(flip(sealed, rapid.IntRange(0, len(sealed)-1).Draw(r, "at")), aad)), "a short body": second(sealer.Open(sealed[:5], aad)),
		} {
			if !errors.Is(err, keys.ErrSealed) {
				r.Fatalf("Open with %s = %v", name, err)
			}
		}
	})
	if _, err := secret(t).Sealer(nil); !errors.Is(err, keys.ErrNoSalt) {
		t.Errorf("Sealer without salt = %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func flip(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 1
	return b
}

func TestLengthSaysNothing(t *testing.T) {
	sealer, err := secret(t).Sealer(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	lengths := map[int]bool{}
	for n := range 3837 { // and four bytes that say how long it is
		lengths[len(sealer.Seal(make([]byte, n), nil))] = true
	}
	if len(lengths) != 1 {
		t.Errorf("bodies of up to 3836 bytes have %d different lengths", len(lengths))
	}
	whole := map[int]bool{}
	for _, n := range []int{0, 1500, 2900, 5000, 8000} {
		whole[len(sealer.SealResponse(make([]byte, n), nil))] = true
	}
	if len(whole) != 1 {
		t.Errorf("responses of up to 8000 bytes have %d different lengths", len(whole))
	}
	for _, n := range []int{5000, 70000, 1 << 20} {
		if got := len(sealer.Seal(make([]byte, n), nil)) - 28; got%3840 != 0 && got%(64<<10) != 0 || got < n {
			t.Errorf("%d bytes are padded to %d", n, got)
		}
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	s := secret(t)
	key := s.DraftKey([]byte("salt"), "p")
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", s, "key", key)
	text := log.String() + fmt.Sprintf("%v %+v %#v %s %v %#v", s, s, s, s, key, key)
	for _, canary := range []string{"7, 7, 7", "7 7 7", "0x7", hex.EncodeToString(key[:4]), fmt.Sprint(key[0], key[1])} {
		if strings.Contains(text, canary) {
			t.Errorf("%q is in %s", canary, text)
		}
	}
}
