package db

import (
	"context"
	"fmt"
	"time"
)

// checkpointWait is how long a checkpoint waits for readers: writers wait with it.
const checkpointWait = 200 * time.Millisecond

// Checkpoint brings SQLite's log into the file and truncates it; ErrBusy when
// somebody reads for long. On PostgreSQL it does nothing.
func (d *DB) Checkpoint(ctx context.Context) error {
	if d.Postgres() {
		return nil
	}
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", Refusal(err))
	}
	defer conn.Close()
	wait := func(by time.Duration) error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("PRAGMA busy_timeout = %d", by.Milliseconds()))
		return err
	}
	if err := wait(checkpointWait); err != nil {
		return fmt.Errorf("checkpoint: %w", Refusal(err))
	}
	var busy, pages, moved int
	err = conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	if restored := wait(busyTimeout); err == nil {
		err = restored
	}
	if err == nil && busy != 0 {
		err = ErrBusy
	}
	if err != nil {
		return fmt.Errorf("checkpoint: %w", Refusal(err))
	}
	return nil
}
