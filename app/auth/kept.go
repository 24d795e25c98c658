package auth

import (
	"context"
	"time"

	"rondo/storage/staff"
)

// Kept gives the Records of a real database.
func Kept(store *staff.Store) Records { return kept{store} }

type kept struct{ store *staff.Store }

func account(a staff.Account) Account {
	return Account{ID: a.ID, Email: a.Email, Name: a.Name, Role: Role(a.Role), Disabled: a.Disabled}
}

func (k kept) Accounts(ctx context.Context) ([]Account, error) {
	rows, err := k.store.Accounts(ctx)
	var list []Account
	for _, a := range rows {
		list = append(list, account(a))
	}
	return list, err
}

func (k kept) AccountByID(ctx context.Context, id string) (Account, error) {
	a, err := k.store.AccountByID(ctx, id)
	return account(a), err
}

func (k kept) AccountByEmail(ctx context.Context, email string) (Account, string, error) {
	a, err := k.store.AccountByEmail(ctx, email)
	return account(a), a.PasswordHash, err
}

func (k kept) DisableAccount(ctx context.Context, id string) error {
	return k.store.DisableAccount(ctx, id)
}

func (k kept) AddLink(ctx context.Context, hash []byte, email string, role Role, life time.Duration) error {
	return k.store.AddLink(ctx, hash, email, string(role), life)
}

func (k kept) Link(ctx context.Context, hash []byte) (string, Role, error) {
	l, err := k.store.Link(ctx, hash)
	return l.Email, Role(l.Role), err
}

func (k kept) UseLink(ctx context.Context, hash []byte, a Account, passwordHash string) error {
	_, err := k.store.UseLink(ctx, hash, staff.Account{Email: a.Email, Name: a.Name, Role: string(a.Role), PasswordHash: passwordHash})
	return err
}

func (k kept) AddSession(ctx context.Context, hash []byte, accountID string, life time.Duration) error {
	return k.store.AddSession(ctx, hash, accountID, life)
}

func (k kept) SessionAccount(ctx context.Context, hash []byte) (Account, error) {
	a, err := k.store.SessionAccount(ctx, hash)
	return account(a), err
}

func (k kept) EndSession(ctx context.Context, hash []byte) error {
	return k.store.EndSession(ctx, hash)
}

func (k kept) Failures(ctx context.Context, key []byte) (int, time.Duration, error) {
	return k.store.Failures(ctx, key)
}

func (k kept) AddFailure(ctx context.Context, key []byte, n int) (bool, error) {
	return k.store.AddFailure(ctx, key, n)
}

func (k kept) ClearFailures(ctx context.Context, key []byte) error {
	return k.store.ClearFailures(ctx, key)
}

func (k kept) Factor(ctx context.Context, accountID string) ([]byte, error) {
	a, err := k.store.AccountByID(ctx, accountID)
	return a.TOTPSecret, err
}

func (k kept) SetFactor(ctx context.Context, accountID string, sealed []byte) error {
	return k.store.SetTOTP(ctx, accountID, sealed)
}

func (k kept) UseStep(ctx context.Context, accountID string, step int64) error {
	return k.store.UseTOTPStep(ctx, accountID, step)
}
