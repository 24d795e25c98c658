package auth

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"rondo/storage/db"
)

// ErrCode refuses a code of the second factor that is wrong, too old or used before.
var ErrCode = errors.New("the code does not fit")

const (
	stepLength   = 30 // seconds
	secretLength = 20 // bytes, as RFC 4226 recommends
)

// NewFactor is a second factor somebody is about to set up: Secret is what they type or scan into their app, Sealed travels in the
// form and is what the database keeps.
type NewFactor struct{ Secret, Address, Sealed string }

// ProposeFactor makes a new secret for an account; nothing is kept yet. ErrDenied where the account has a second factor: whoever
// sits down at an open session must not replace it.
func (d *Door) ProposeFactor(ctx context.Context, a Account) (NewFactor, error) {
	if err := d.withoutFactor(ctx, a.ID); err != nil {
		return NewFactor{}, err
	}
	raw := make([]byte, secretLength)
	if _, err := rand.Read(raw); err != nil {
		return NewFactor{}, fmt.Errorf("read random secret: %w", err)
	}
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	box, err := d.factorBox()
	if err != nil {
		return NewFactor{}, err
	}
	nonce := make([]byte, box.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return NewFactor{}, fmt.Errorf("read random nonce: %w", err)
	}
	sealed := box.Seal(nonce, nonce, []byte(secret), []byte(a.ID))
	return NewFactor{secret, appAddress(a, secret), base64.RawURLEncoding.EncodeToString(sealed)}, nil
}

// appAddress is what the picture holds that an app scans.
func appAddress(a Account, secret string) string {
	return "otpauth://totp/Rondo:" + url.PathEscape(a.Email) + "?" + url.Values{"secret": {secret}, "issuer": {"Rondo"}}.Encode()
}

// SameFactor gives the proposal again whose form came back.
func (d *Door) SameFactor(a Account, sealed string) (NewFactor, error) {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return NewFactor{}, ErrTag
	}
	secret, err := d.openFactor(a.ID, raw)
	if err != nil {
		return NewFactor{}, ErrTag
	}
	return NewFactor{secret, appAddress(a, secret), sealed}, nil
}

// KeepFactor sets the proposed second factor once its first code fits, and ends the account's sessions; ErrCode otherwise, ErrDenied
// where the account has one, which is removed first, with a code of it.
func (d *Door) KeepFactor(ctx context.Context, a Account, f NewFactor, code string) error {
	if err := d.withoutFactor(ctx, a.ID); err != nil {
		return err
	}
	step, ok := fits(f.Secret, code, d.Now())
	if !ok {
		return ErrCode
	}
	sealed, err := base64.RawURLEncoding.DecodeString(f.Sealed)
	if err != nil {
		return ErrTag
	}
	if err := d.Records.SetFactor(ctx, a.ID, sealed); err != nil {
		return fmt.Errorf("keep second factor: %w", err)
	}
	return d.Records.UseStep(ctx, a.ID, step)
}

// HasFactor says whether an account has a second factor.
func (d *Door) HasFactor(ctx context.Context, id string) (bool, error) {
	sealed, err := d.Records.Factor(ctx, id)
	return len(sealed) > 0, err
}

// withoutFactor refuses an account that has a second factor with ErrDenied.
func (d *Door) withoutFactor(ctx context.Context, id string) error {
	has, err := d.HasFactor(ctx, id)
	if err != nil {
		return fmt.Errorf("find second factor: %w", err)
	}
	if has {
		return ErrDenied
	}
	return nil
}

// RemoveFactor removes one's own second factor, given a code of it; ErrCode.
func (d *Door) RemoveFactor(ctx context.Context, a Account, code string) error {
	if err := d.second(ctx, a.ID, code); err != nil {
		return err
	}
	return d.DropFactor(ctx, a.ID)
}

// DropFactor removes a second factor, for somebody who has lost their device; the account's sessions end.
func (d *Door) DropFactor(ctx context.Context, id string) error {
	return d.Records.SetFactor(ctx, id, nil)
}

// second checks the code of an account that has a second factor; each code works once.
func (d *Door) second(ctx context.Context, accountID, code string) error {
	sealed, err := d.Records.Factor(ctx, accountID)
	if err != nil {
		return fmt.Errorf("find second factor: %w", err)
	}
	if len(sealed) == 0 {
		return nil
	}
	secret, err := d.openFactor(accountID, sealed)
	if err != nil {
		return fmt.Errorf("open second factor: %w", err)
	}
	step, ok := fits(secret, code, d.Now())
	if !ok {
		return ErrCode
	}
	err = d.Records.UseStep(ctx, accountID, step)
	if errors.Is(err, db.ErrConflict) {
		return ErrCode
	}
	return err
}

// fits says which time step a code belongs to: the present one or a neighbour, because clocks differ.
func fits(secret, code string, now time.Time) (step int64, ok bool) {
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '-' {
			return -1
		}
		return r
	}, code)
	for _, step := range []int64{now.Unix() / stepLength, now.Unix()/stepLength - 1, now.Unix()/stepLength + 1} {
		want, err := hotp.GenerateCodeCustom(secret, uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return step, true
		}
	}
	return 0, false
}

func (d *Door) factorBox() (cipher.AEAD, error) {
	key := d.Derive("staff-factor")
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("second factor cipher: %w", err)
	}
	return cipher.NewGCM(block)
}

func (d *Door) openFactor(accountID string, sealed []byte) (string, error) {
	box, err := d.factorBox()
	if err != nil {
		return "", err
	}
	if len(sealed) < box.NonceSize() {
		return "", errCookie
	}
	secret, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], []byte(accountID))
	return string(secret), err
}
