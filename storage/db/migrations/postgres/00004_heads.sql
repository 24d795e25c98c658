-- +goose Up

-- The head of an office may have to release its answers. Messages about that go to this address,
-- which is nobody's in a wave without such releases.
ALTER TABLE participants ADD COLUMN head TEXT NOT NULL DEFAULT '';
