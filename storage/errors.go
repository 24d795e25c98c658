package storage

import (
	"rondo/storage/db"
	"rondo/storage/keys"
	"rondo/storage/staff"
)

// The refusals of storage. Each says what it means where it is made (db, keys, staff).
var (
	ErrNotFound    = db.ErrNotFound
	ErrDuplicate   = db.ErrDuplicate
	ErrConflict    = db.ErrConflict
	ErrClosed      = db.ErrClosed
	ErrSpent       = db.ErrSpent
	ErrState       = db.ErrState
	ErrImmutable   = db.ErrImmutable
	ErrNewer       = db.ErrNewer
	ErrDurability  = db.ErrDurability
	ErrURL         = db.ErrURL
	ErrBusy        = db.ErrBusy
	ErrFull        = db.ErrFull
	ErrWrongSecret = db.ErrWrongSecret
	ErrNoSecret    = db.ErrNoSecret
	ErrLostSecret  = db.ErrLostSecret
	ErrNotEmpty    = db.ErrNotEmpty
	ErrNoDatabase  = db.ErrNoDatabase
	ErrBackup      = db.ErrBackup
	ErrBadSecret   = keys.ErrBadSecret
	ErrOpenSecret  = keys.ErrOpenSecret
	ErrNoSalt      = keys.ErrNoSalt
	ErrSealed      = keys.ErrSealed
	ErrJournal     = staff.ErrJournal
	ErrOwn         = db.ErrOwn
)
