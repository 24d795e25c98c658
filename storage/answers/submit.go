package answers

import (
	"bytes"
	"context"
	"errors"

	"rondo/storage/db"
	"rondo/storage/keys"
)

// errNothing is what a submission comes to that changed nothing.
var errNothing = errors.New("nothing was stored")

// Submit stores a response, its marker, and takes the draft out, all or nothing,
// while the window is open. The same receipt again is no error and changes
// nothing. ErrSpent when another response was submitted with this key, ErrClosed
// when the window is not open, ErrConflict when Revision is no longer the draft's.
func (s *Store) Submit(ctx context.Context, sub Submission) error {
	if sub.ID == "" {
		sub.ID = db.NewID()
	}
	var err error
	switch {
	case sub.Replace && sub.ID != sub.Key.ResponseID():
		err = errNothing
	case !s.db.Postgres():
		err = s.submitSQLite(ctx, sub)
	case sub.Replace:
		err = s.replacePostgres(ctx, sub)
	default:
		err = s.submitPostgres(ctx, sub)
	}
	switch {
	case errors.Is(err, errNothing) || errors.Is(db.Refusal(err), db.ErrDuplicate):
		err = s.whyNotSubmitted(ctx, sub)
	case db.Lost(err) && len(sub.ReceiptHash) > 0:
		// Nobody knows whether the commit was kept: the receipt tells.
		if _, there := s.ResponseByReceipt(ctx, sub.ReceiptHash); there == nil {
			err = nil
		}
	}
	return wrap("submit", err)
}

// submitPostgres does all in one statement. The draft goes first, so that two
// submissions from the same draft wait for one another.
func (s *Store) submitPostgres(ctx context.Context, sub Submission) error {
	stored, err := db.One[int64](ctx, s.db, `
		WITH w AS (
			SELECT w.wave_id, w.population FROM windows w
			WHERE w.wave_id = ? AND w.population = ? AND `+s.openSQL()+`
		), d AS (
			DELETE FROM drafts WHERE id = ? AND (revision = ? OR ? = 0) AND EXISTS (SELECT 1 FROM w) RETURNING revision
		), m AS (
			INSERT INTO spent (marker, wave_id, population)
			SELECT CAST(? AS BYTEA), wave_id, population FROM w WHERE ? = 0 OR EXISTS (SELECT 1 FROM d)
			ON CONFLICT (marker) DO NOTHING RETURNING wave_id, population
		), r AS (
			INSERT INTO responses (id, wave_id, population, receipt, body)
			SELECT CAST(? AS TEXT), wave_id, population, CAST(? AS BYTEA), CAST(? AS BYTEA) FROM m RETURNING id
		)
		SELECT COUNT(*) FROM r`,
		sub.WaveID, sub.Population, sub.Key.ID(), sub.Revision, sub.Revision, sub.Key.Spent(), sub.Revision,
		sub.ID, sub.ReceiptHash, sub.Body)
	if err == nil && stored == 0 {
		err = errNothing
	}
	return err
}

// replacePostgres writes a confidential response over the one that is there, or a first one.
func (s *Store) replacePostgres(ctx context.Context, sub Submission) error {
	stored, err := db.One[int64](ctx, s.db, `
		WITH w AS (
			SELECT w.wave_id, w.population FROM windows w
			WHERE w.wave_id = ? AND w.population = ? AND w.promise = 'confidential' AND `+s.openSQL()+`
		), d AS (
			DELETE FROM drafts WHERE id = ? AND (revision = ? OR ? = 0) AND EXISTS (SELECT 1 FROM w) RETURNING revision
		), ready AS (
			SELECT wave_id, population FROM w WHERE ? = 0 OR EXISTS (SELECT 1 FROM d)
		), m AS (
			INSERT INTO spent (marker, wave_id, population)
			SELECT CAST(? AS BYTEA), wave_id, population FROM ready ON CONFLICT (marker) DO NOTHING
		), r AS (
			INSERT INTO responses (id, wave_id, population, receipt, body)
			SELECT CAST(? AS TEXT), wave_id, population, CAST(? AS BYTEA), CAST(? AS BYTEA) FROM ready
			ON CONFLICT (id) DO UPDATE SET receipt = excluded.receipt, body = excluded.body RETURNING id
		)
		SELECT COUNT(*) FROM r`,
		sub.WaveID, sub.Population, sub.Key.ID(), sub.Revision, sub.Revision, sub.Revision, sub.Key.Spent(),
		sub.ID, sub.ReceiptHash, sub.Body)
	if err == nil && stored == 0 {
		err = errNothing
	}
	return err
}

// submitSQLite does either by one INSERT: a trigger (see the migrations) stores all or nothing.
func (s *Store) submitSQLite(ctx context.Context, sub Submission) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO submission (wave_id, population, id, receipt, body, marker, draft, revision, again, now)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, `+s.db.NowSQL()+`)`,
		sub.WaveID, sub.Population, sub.ID, sub.ReceiptHash, sub.Body, sub.Key.Spent(), sub.Key.ID(), sub.Revision, sub.Replace)
	if db.NothingStored(err) {
		err = errNothing
	}
	return err
}

// whyNotSubmitted finds the reason after a submission that changed nothing; nil
// when the very same one was stored before.
func (s *Store) whyNotSubmitted(ctx context.Context, sub Submission) error {
	if len(sub.ReceiptHash) > 0 {
		_, err := s.ResponseByReceipt(ctx, sub.ReceiptHash)
		if err == nil || !errors.Is(err, db.ErrNotFound) {
			return err
		}
	}
	sitting, err := s.Find(ctx, sub.WaveID, sub.Population, sub.Key)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return db.ErrClosed
	case err != nil:
		return err
	case sitting.Spent && !sub.Replace:
		return db.ErrSpent
	case !sitting.Window.Open(sitting.Now):
		return db.ErrClosed
	case sub.Replace && (sitting.Window.Promise != Confidential || sub.ID != sub.Key.ResponseID()):
		return db.ErrState
	}
	return db.ErrConflict
}

// Response is a stored response, still sealed.
type Response struct {
	ID         string `gorm:"primaryKey"`
	WaveID     string
	Population string
	Body       []byte
}

const responseSQL = "SELECT id, wave_id, population, body FROM responses "

// ResponseByReceipt finds a response by SHA-256(receipt), until close; ErrNotFound.
func (s *Store) ResponseByReceipt(ctx context.Context, receiptHash []byte) (Response, error) {
	r, err := db.One[Response](ctx, s.db, responseSQL+"WHERE receipt = ?", receiptHash)
	return r, wrap("find response", err)
}

// ResponseByKey gives the sealed body of a confidential response; ErrNotFound.
func (s *Store) ResponseByKey(ctx context.Context, waveID, population string, k keys.DraftKey) ([]byte, error) {
	r, err := db.One[Response](ctx, s.db, responseSQL+"WHERE id = ? AND wave_id = ? AND population = ?", k.ResponseID(), waveID, population)
	return bytes.Clone(r.Body), wrap("find response", err)
}

// Withdraw removes the response of a receipt while its window is open; the
// marker stays. ErrNotFound when there is none, ErrClosed after the window.
func (s *Store) Withdraw(ctx context.Context, receiptHash []byte) error {
	n, err := s.db.Exec(ctx, `DELETE FROM responses WHERE receipt = ? AND EXISTS (
		SELECT 1 FROM windows w WHERE w.wave_id = responses.wave_id AND w.population = responses.population AND `+s.openSQL()+`)`, receiptHash)
	if err == nil && n == 0 {
		var r Response
		if r, err = s.ResponseByReceipt(ctx, receiptHash); err == nil {
			err = s.closedOr(ctx, r.WaveID, r.Population, db.ErrNotFound)
		}
	}
	return wrap("withdraw", err)
}
