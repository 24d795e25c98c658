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
		var there [][]byte
		if err := s.db.Gorm(ctx).Table("suppressions").Where("email_hash IN ?", part).Pluck("email_hash", &there).Error; err != nil {
			return nil, wrap("look up suppressions", err)
		}
		for _, hash := range there {
			found[string(hash)] = true
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
