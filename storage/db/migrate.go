package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// Migrate brings the schema to this program's version, forward only, and says
// how many steps it took. Several instances may start at once: one migrates, the
// others wait. A database of a newer program is refused (ErrNewer).
func (d *DB) Migrate(ctx context.Context) (steps int, err error) {
	provider, err := d.provider()
	if err != nil {
		return 0, err
	}
	for {
		before, newest, err := d.versions(ctx, provider)
		if err != nil || before == newest {
			return 0, err
		}
		done, err := provider.Up(ctx)
		if err == nil {
			return len(done), nil
		}
		// On SQLite nothing keeps a second instance from trying the same step, which
		// then fails whole; what counts is that somebody took it.
		after, _, readErr := d.versions(ctx, provider)
		if d.Postgres() || readErr != nil || after == before {
			return 0, fmt.Errorf("migrate: %w", err)
		}
	}
}

// Made says whether this program has ever made its tables in the database.
func (d *DB) Made(ctx context.Context) (bool, error) {
	query := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'instance'"
	if d.Postgres() {
		query = "SELECT count(*) FROM pg_class WHERE oid = to_regclass('instance')"
	}
	n, err := One[int64](ctx, d, query)
	if err != nil {
		return false, fmt.Errorf("look for tables: %w", err)
	}
	return n > 0, nil
}

// MigrateTo brings the schema to a version this program knows, for a restore;
// ErrNewer when it does not know it.
func (d *DB) MigrateTo(ctx context.Context, version int64) error {
	provider, err := d.provider()
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	if len(sources) == 0 || version > sources[len(sources)-1].Version {
		return ErrNewer
	}
	if _, err := provider.UpTo(ctx, version); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Pending says whether the schema is older than this program.
func (d *DB) Pending(ctx context.Context) (bool, error) {
	provider, err := d.provider()
	if err != nil {
		return false, err
	}
	version, newest, err := d.versions(ctx, provider)
	return version < newest, err
}

// Version is the number of the newest migration in the database.
func (d *DB) Version(ctx context.Context) (int64, error) {
	provider, err := d.provider()
	if err != nil {
		return 0, err
	}
	version, err := provider.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	return version, nil
}

func (d *DB) provider() (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migrations/"+d.dialect)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	dialect := goose.DialectSQLite3
	if d.Postgres() {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300), lock.WithUnlockTimeout(1, 60)) // try every second
		if err != nil {
			return nil, fmt.Errorf("migrate: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(dialect, d.write, folder, options...)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	return provider, nil
}

// versions gives the newest migration in the database and in this program;
// ErrNewer when the first is beyond the second.
func (d *DB) versions(ctx context.Context, provider *goose.Provider) (version, newest int64, err error) {
	sources := provider.ListSources()
	if len(sources) == 0 {
		return 0, 0, errors.New("migrate: this program holds no migrations")
	}
	newest = sources[len(sources)-1].Version
	if version, err = provider.GetDBVersion(ctx); err != nil {
		return 0, 0, fmt.Errorf("migrate: %w", err)
	}
	if version > newest {
		return version, newest, ErrNewer
	}
	return version, newest, nil
}
