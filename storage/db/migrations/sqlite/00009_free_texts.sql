-- +goose Up

-- Texts that people typed, one by one, from the freezing of their population to its archive: staff
-- redact them, and a second person reads what may leave. Which question and what staff did with a
-- text is all that stands here in clear; what was typed, and by whom it was redacted and read, rests
-- sealed like other answers.
CREATE TABLE free_texts (
    id         TEXT NOT NULL PRIMARY KEY,
    wave_id    TEXT NOT NULL,
    population TEXT NOT NULL,
    variable   TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('flagged', 'redacted', 'released', 'rejected')),
    revision   BIGINT NOT NULL,
    body       BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX free_texts_by_variable ON free_texts (wave_id, population, variable);

-- The texts of a question are a release of their own: profile freetext, with the variable. SQLite
-- cannot change a CHECK, so the table is written anew; DROP TABLE fires no trigger.
DROP TRIGGER release_parts_no_insert;
CREATE TABLE releases_of_texts (
    id          TEXT NOT NULL PRIMARY KEY,
    wave_id     TEXT NOT NULL,
    population  TEXT NOT NULL,
    profile     TEXT NOT NULL CHECK (profile IN ('internal', 'scientific', 'public', 'freetext')),
    snapshot_id TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected', 'internal')),
    proposed_by TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    reason      TEXT NOT NULL,
    file_name   TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    size        BIGINT NOT NULL,
    records     BIGINT NOT NULL,
    marks       TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    decided_at  BIGINT NOT NULL,
    variable    TEXT NOT NULL DEFAULT ''
);
INSERT INTO releases_of_texts (id, wave_id, population, profile, snapshot_id, state, proposed_by, approved_by, reason, file_name, sha256, size, records, marks, proposed_at, decided_at)
SELECT id, wave_id, population, profile, snapshot_id, state, proposed_by, approved_by, reason, file_name, sha256, size, records, marks, proposed_at, decided_at FROM releases;
DROP TABLE releases;
ALTER TABLE releases_of_texts RENAME TO releases;
CREATE INDEX releases_by_wave ON releases (wave_id, population);
CREATE UNIQUE INDEX releases_once ON releases (snapshot_id, profile, variable) WHERE state <> 'rejected';

-- +goose StatementBegin
CREATE TRIGGER releases_no_update BEFORE UPDATE ON releases
WHEN OLD.state <> 'proposed'
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER releases_no_delete BEFORE DELETE ON releases
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER release_parts_no_insert BEFORE INSERT ON release_parts
WHEN EXISTS (SELECT 1 FROM releases r WHERE r.id = NEW.release_id)
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd
