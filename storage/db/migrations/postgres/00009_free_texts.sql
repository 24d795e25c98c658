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
    body       BYTEA NOT NULL
);
CREATE INDEX free_texts_by_variable ON free_texts (wave_id, population, variable);

-- The texts of a question are a release of their own: profile freetext, with the variable.
ALTER TABLE releases DROP CONSTRAINT releases_profile_check;
ALTER TABLE releases ADD CONSTRAINT releases_profile_check CHECK (profile IN ('internal', 'scientific', 'public', 'freetext'));
ALTER TABLE releases ADD COLUMN variable TEXT NOT NULL DEFAULT '';
DROP INDEX releases_once;
CREATE UNIQUE INDEX releases_once ON releases (snapshot_id, profile, variable) WHERE state <> 'rejected';
