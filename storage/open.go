package storage

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rondo/storage/answers"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/staff"
)

// Store is an open database with everything on it.
type Store struct {
	DB       *db.DB
	Identity *identity.Store
	Answers  *answers.Store
	Staff    *staff.Store
	Secret   keys.Secret
}

// Open opens "sqlite:PATH" or "postgres://…", migrates it and checks the secret.
// secretFile "" means rondo.secret beside a SQLite database; on PostgreSQL it is
// ErrNoSecret. The file is made when neither it nor the database's check value is
// there yet. ErrWrongSecret when the database was made with another one.
func Open(ctx context.Context, address, secretFile string) (*Store, error) {
	return open(ctx, address, secretFile, false)
}

// OpenExisting is Open where a database is there already: at a mistyped address it makes nothing, and
// gives ErrNoDatabase.
func OpenExisting(ctx context.Context, address, secretFile string) (*Store, error) {
	if file, ok := db.Path(address); ok {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%w %s", ErrNoDatabase, file)
		}
	}
	return open(ctx, address, secretFile, true)
}

func open(ctx context.Context, address, secretFile string, existing bool) (*Store, error) {
	path, err := SecretPath(address, secretFile)
	if err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, address)
	if err != nil {
		return nil, err
	}
	if existing {
		if made, err := d.Made(ctx); err != nil || !made {
			return nil, errors.Join(cmp.Or(err, fmt.Errorf("%w of Rondo at this address", ErrNoDatabase)), d.Close())
		}
	}
	if _, err := d.Migrate(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	secret, err := secretOf(ctx, d, path)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return newStore(d, secret), nil
}

func newStore(d *db.DB, secret keys.Secret) *Store {
	return &Store{
		DB: d, Secret: secret,
		Identity: identity.New(d), Answers: answers.New(d), Staff: staff.New(d, secret.Derive("journal")),
	}
}

// Close gives the connections back.
func (s *Store) Close() error { return s.DB.Close() }

// With gives the same store inside a transaction of DB.InTx.
func (s *Store) With(tx *db.DB) *Store {
	return &Store{DB: tx, Secret: s.Secret, Identity: s.Identity.With(tx), Answers: s.Answers.With(tx), Staff: s.Staff.With(tx)}
}

// SecretPath is the file of the master secret for a database address.
func SecretPath(address, secretFile string) (string, error) {
	if secretFile != "" {
		return secretFile, nil
	}
	path, ok := db.Path(address)
	if !ok && !strings.HasPrefix(address, "postgres") {
		return "", ErrURL
	}
	if !ok {
		return "", fmt.Errorf("%w: name its file in RONDO_SECRET_FILE", ErrNoSecret)
	}
	return filepath.Join(filepath.Dir(path), "rondo.secret"), nil
}

// secretOf reads the secret, or makes it for an empty database, and holds it
// against the check value.
func secretOf(ctx context.Context, d *db.DB, path string) (keys.Secret, error) {
	check, err := checkValue(ctx, d)
	if err != nil {
		return keys.Secret{}, err
	}
	secret, err := keys.Load(path)
	if errors.Is(err, fs.ErrNotExist) {
		if check != nil {
			return keys.Secret{}, fmt.Errorf("%w, in the file %s", ErrLostSecret, path)
		}
		secret, err = keys.Create(path)
		if errors.Is(err, fs.ErrExist) { // another instance was first
			secret, err = keys.Load(path)
		}
	}
	if err != nil {
		return keys.Secret{}, fmt.Errorf("secret file %s: %w", path, err)
	}
	if check == nil {
		if err := keepCheckValue(ctx, d, secret); err != nil {
			return keys.Secret{}, err
		}
	}
	return secret, checkSecret(ctx, d, secret, path)
}

// loadSecret reads the secret from a file that must be there.
func loadSecret(path string) (keys.Secret, error) {
	secret, err := keys.Load(path)
	if errors.Is(err, fs.ErrNotExist) {
		return keys.Secret{}, fmt.Errorf("%w: there is no file %s", ErrNoSecret, path)
	}
	if err != nil {
		return keys.Secret{}, fmt.Errorf("secret file %s: %w", path, err)
	}
	return secret, nil
}

// checkSecret refuses a secret that the database was not made with.
func checkSecret(ctx context.Context, d *db.DB, secret keys.Secret, path string) error {
	check, err := checkValue(ctx, d)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(check, secret.Check()) != 1 {
		return fmt.Errorf("%w than the one in %s", ErrWrongSecret, path)
	}
	return nil
}

// checkValue gives what the database keeps of its secret; nil when it is empty.
func checkValue(ctx context.Context, d *db.DB) ([]byte, error) {
	check, err := db.One[[]byte](ctx, d, "SELECT value FROM instance WHERE name = 'secret'")
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read check value: %w", err)
	}
	return check, nil
}

// keepCheckValue writes the check value unless another instance was first.
func keepCheckValue(ctx context.Context, d *db.DB, secret keys.Secret) error {
	_, err := d.Exec(ctx, "INSERT INTO instance (name, value) VALUES ('secret', ?) ON CONFLICT (name) DO NOTHING", secret.Check())
	if err != nil {
		return fmt.Errorf("keep check value: %w", err)
	}
	return nil
}
