package auth

import (
	"context"
	"strings"
	"testing"
)

func TestHash_opens_only_with_its_password(t *testing.T) {
	ctx := context.Background()
	encoded, err := Hash(ctx, "ein langer Satz für É")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(encoded, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("Hash = %q, want a PHC string with today's cost", encoded)
	}
	for password, want := range map[string]bool{
		"ein langer Satz für É":       true,
		"ein langer Satz fu\u0308r É": true, // the same characters from another keyboard
		"ein langer Satz für E":       false,
		"":                            false,
	} {
		got, err := matches(ctx, encoded, password)
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("matches(%q) = %v, want %v", password, got, want)
		}
	}
}

func TestHash_is_salted(t *testing.T) {
	a, _ := Hash(context.Background(), "the same password twice")
	b, _ := Hash(context.Background(), "the same password twice")
	if a == b {
		t.Error("two hashes of one password are equal")
	}
}

func TestDecode_refuses_what_is_not_its_own(t *testing.T) {
	const salt, key = "c2FsdHNhbHRzYWx0", "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V"
	for name, encoded := range map[string]string{
		"empty":           "",
		"another scheme":  "$argon2i$v=19$m=19456,t=2,p=1$" + salt + "$" + key,
		"another version": "$argon2id$v=16$m=19456,t=2,p=1$" + salt + "$" + key,
		"memory too dear": "$argon2id$v=19$m=4194304,t=2,p=1$" + salt + "$" + key,
		"time too dear":   "$argon2id$v=19$m=19456,t=9999,p=1$" + salt + "$" + key,
		"no passes":       "$argon2id$v=19$m=19456,t=0,p=1$" + salt + "$" + key,
		"trailing words":  "$argon2id$v=19$m=19456,t=2,p=1,x=1$" + salt + "$" + key,
		"no salt":         "$argon2id$v=19$m=19456,t=2,p=1$$" + key,
		"not base64":      "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$!!!!",
		"one part more":   "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + key + "$",
	} {
		if _, _, _, err := decode(encoded); err == nil {
			t.Errorf("decode %s: no error", name)
		}
	}
}

func TestHash_gives_up_when_its_time_is_over(t *testing.T) {
	for range atOnce {
		turnstile <- struct{}{}
	}
	defer func() {
		for range atOnce {
			<-turnstile
		}
	}()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Hash(ctx, "does not matter at all"); err == nil {
		t.Error("Hash ran beside two others")
	}
}
