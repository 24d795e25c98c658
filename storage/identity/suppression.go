package identity

import (
	"context"

	"rondo/storage/db"
)

// Suppress notes that no mail goes to an address any more; the address itself is
// not kept, only the caller's keyed hash. The first reason stays.
func (s *Store) Suppress(ctx context.Context, emailHash []byte, reason string) error {
	_, err := s.db.Exec(ctx, "INSERT INTO suppressions (email_hash, reason) VALUES (?, ?) ON CONFLICT (email_hash) DO NOTHING", emailHash, reason)
	return wrap("suppress", err)
}

// Unsuppress lets mail go to an address again.
func (s *Store) Unsuppress(ctx context.Context, emailHash []byte) error {
	_, err := s.db.Exec(ctx, "DELETE FROM suppressions WHERE email_hash = ?", emailHash)
	return wrap("unsuppress", err)
}

// Suppressed says whether no mail may go to an address.
func (s *Store) Suppressed(ctx context.Context, emailHash []byte) (bool, error) {
	n, err := db.One[int64](ctx, s.db, "SELECT COUNT(*) FROM suppressions WHERE email_hash = ?", emailHash)
	return n > 0, wrap("look up suppression", err)
}

// SuppressedAmong says which of these hashes belong to addresses no mail may go to; keys are the
// hashes as strings.
func (s *Store) SuppressedAmong(ctx context.Context, hashes [][]byte) (map[string]bool, error) {
	found := map[string]bool{}
	for _, part := range chunks(hashes) {
		places, args := db.Places(part)
		err := db.Each(ctx, s.db, func(scan func(into ...any) error) error {
			var hash []byte
			err := scan(&hash)
			found[string(hash)] = true
			return err
		}, "SELECT email_hash FROM suppressions WHERE email_hash IN "+places, args...)
		if err != nil {
			return nil, wrap("look up suppressions", err)
		}
	}
	return found, nil
}

// AddPanel keeps an employer for later waves; the same address again renews it.
func (s *Store) AddPanel(ctx context.Context, m PanelMember) error {
	_, err := s.db.Exec(ctx, `INSERT INTO panel (id, name, email, language, year) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (email) DO UPDATE SET name = excluded.name, language = excluded.language, year = excluded.year`,
		db.NewID(), m.Name, m.Email, m.Language, m.Year)
	return wrap("add to panel", err)
}

// Panel gives all members by name.
func (s *Store) Panel(ctx context.Context) ([]PanelMember, error) {
	var members []PanelMember
	err := s.db.Gorm(ctx).Order("name, email").Find(&members).Error
	return members, wrap("list panel", err)
}

// LeavePanel removes a member by address.
func (s *Store) LeavePanel(ctx context.Context, email string) error {
	_, err := s.db.Exec(ctx, "DELETE FROM panel WHERE email = ?", email)
	return wrap("leave panel", err)
}
