package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// cost is what one argon2id takes: memory in KiB, passes, lanes.
type cost struct {
	memory, time uint32
	lanes        uint8
}

// today is the cost of new hashes (SEC-41); older hashes keep the cost written in them.
var today = cost{memory: 19 * 1024, time: 2, lanes: 1}

// dearest bounds what a stored hash may ask for, so that a forged row cannot eat the machine.
var dearest = cost{memory: 256 * 1024, time: 10, lanes: 8}

const (
	saltLength = 16
	keyLength  = 32
	atOnce     = 2 // argon2id computations at a time in this process
)

var errEncoding = errors.New("password hash is not a PHC string of argon2id")

var turnstile = make(chan struct{}, atOnce)

var b64 = base64.RawStdEncoding

// Hash derives the PHC string of a password: $argon2id$v=19$m=…,t=…,p=…$salt$key. It waits for its turn as long as ctx allows.
func Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLength)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("read random salt: %w", err)
	}
	key, err := derive(ctx, password, salt, today, keyLength)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, today.memory, today.time, today.lanes,
		b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// matches says whether password is the one behind the PHC string; the comparison takes the same time for every key.
func matches(ctx context.Context, encoded, password string) (bool, error) {
	c, salt, want, err := decode(encoded)
	if err != nil {
		return false, err
	}
	got, err := derive(ctx, password, salt, c, uint32(len(want)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

func derive(ctx context.Context, password string, salt []byte, c cost, length uint32) ([]byte, error) {
	select {
	case turnstile <- struct{}{}:
		defer func() { <-turnstile }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a password check: %w", ctx.Err())
	}
	return argon2.IDKey([]byte(normal(password)), salt, c.time, c.memory, c.lanes, length), nil
}

func decode(encoded string) (c cost, salt, key []byte, err error) {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errEncoding
	}
	var rest string
	n, err := fmt.Sscanf(parts[3]+" .", "m=%d,t=%d,p=%d %s", &c.memory, &c.time, &c.lanes, &rest)
	if n != 4 || err != nil || rest != "." {
		return c, nil, nil, errEncoding
	}
	if c.memory < 8 || c.time < 1 || c.lanes < 1 || c.memory > dearest.memory || c.time > dearest.time || c.lanes > dearest.lanes {
		return c, nil, nil, errEncoding
	}
	if salt, err = b64.Strict().DecodeString(parts[4]); err != nil || len(salt) < 8 || len(salt) > 64 {
		return c, nil, nil, errEncoding
	}
	if key, err = b64.Strict().DecodeString(parts[5]); err != nil || len(key) < 16 || len(key) > 64 {
		return c, nil, nil, errEncoding
	}
	return c, salt, key, nil
}
