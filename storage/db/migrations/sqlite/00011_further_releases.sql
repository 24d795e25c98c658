-- +goose Up

-- Whoever releases the same answers once more says why, and the second person reads it before
-- approving. A rejection has a reason of its own, so this one is kept beside it.
ALTER TABLE releases ADD COLUMN again TEXT NOT NULL DEFAULT '';
