package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rondo/app/auth"
	"rondo/storage/db"
)

func (p *paper) Accounts(context.Context) ([]auth.Account, error) {
	var list []auth.Account
	for _, id := range slices.Sorted(maps.Keys(p.accounts)) {
		list = append(list, p.accounts[id].Account)
	}
	return list, nil
}

func (p *paper) AccountByID(_ context.Context, id string) (auth.Account, error) {
	if a, ok := p.accounts[id]; ok {
		return a.Account, nil
	}
	return auth.Account{}, db.ErrNotFound
}

func (p *paper) AccountByEmail(_ context.Context, email string) (auth.Account, string, error) {
	for _, a := range p.accounts {
		if a.Email == email {
			return a.Account, a.hash, nil
		}
	}
	return auth.Account{}, "", db.ErrNotFound
}

func (p *paper) DisableAccount(_ context.Context, id string) error {
	a := p.accounts[id]
	a.Disabled = true
	p.accounts[id] = a
	maps.DeleteFunc(p.sessions, func(_, account string) bool { return account == id })
	return p.change("disable ", id)
}

func (p *paper) AddLink(_ context.Context, hash []byte, email string, role auth.Role, life time.Duration) error {
	p.links[string(hash)] = invited{email, role, p.now.Add(life)}
	return p.change("link for ", email, " ", role)
}

func (p *paper) Link(_ context.Context, hash []byte) (string, auth.Role, error) {
	if l, ok := p.links[string(hash)]; ok && p.now.Before(l.ends) {
		return l.email, l.role, nil
	}
	return "", "", db.ErrNotFound
}

func (p *paper) UseLink(ctx context.Context, hash []byte, a auth.Account, passwordHash string) error {
	if _, _, err := p.Link(ctx, hash); err != nil {
		return err
	}
	if _, _, err := p.AccountByEmail(ctx, a.Email); err == nil {
		return db.ErrDuplicate
	}
	delete(p.links, string(hash))
	a.ID = fmt.Sprint("b", len(p.accounts))
	p.accounts[a.ID] = kept{a, passwordHash, nil, 0}
	return p.change("account ", a.Email)
}

func (p *paper) AddSession(_ context.Context, hash []byte, accountID string, _ time.Duration) error {
	p.sessions[string(hash)] = accountID
	return p.change("session")
}

func (p *paper) SessionAccount(ctx context.Context, hash []byte) (auth.Account, error) {
	id, ok := p.sessions[string(hash)]
	if !ok || p.accounts[id].Disabled {
		return auth.Account{}, db.ErrNotFound
	}
	return p.AccountByID(ctx, id)
}

func (p *paper) EndSession(_ context.Context, hash []byte) error {
	if _, ok := p.sessions[string(hash)]; !ok {
		return nil
	}
	delete(p.sessions, string(hash))
	return p.change("session ends")
}

func (p *paper) Failures(_ context.Context, key []byte) (int, time.Duration, error) {
	f := p.failures[string(key)]
	return f.n, p.now.Sub(f.last), nil
}

func (p *paper) AddFailure(_ context.Context, key []byte, n int) (bool, error) {
	if p.failures[string(key)].n != n {
		return false, nil
	}
	p.failures[string(key)] = failed{n + 1, p.now}
	return true, nil
}

func (p *paper) ClearFailures(_ context.Context, key []byte) error {
	delete(p.failures, string(key))
	return nil
}

// withPassword gives an account a password; hashes are made once for all tests, because that is meant to be slow.
func (p *paper) withPassword(role auth.Role) {
	for id, a := range p.accounts {
		if strings.HasPrefix(a.Email, string(role)+"@") {
			a.hash = testHash()
			p.accounts[id] = a
		}
	}
}

func (p *paper) Factor(_ context.Context, id string) ([]byte, error) {
	return p.accounts[id].factor, nil
}

func (p *paper) SetFactor(_ context.Context, id string, sealed []byte) error {
	a := p.accounts[id]
	a.factor, a.step = sealed, 0
	p.accounts[id] = a
	maps.DeleteFunc(p.sessions, func(_, account string) bool { return account == id })
	return p.change("factor of ", id)
}

func (p *paper) UseStep(_ context.Context, id string, step int64) error {
	a := p.accounts[id]
	if step <= a.step {
		return db.ErrConflict
	}
	a.step = step
	p.accounts[id] = a
	return nil
}
