-- +goose Up

-- Versions in progress at the desk. A draft may change and go; what is published lies in
-- published, and stays.
CREATE TABLE questionnaire_drafts (
    ref       TEXT NOT NULL PRIMARY KEY,
    hash      TEXT NOT NULL,
    files     TEXT NOT NULL,
    edited_by TEXT NOT NULL,
    edited_at BIGINT NOT NULL
);

-- INSERT OR REPLACE would change a published version without an UPDATE or a DELETE that a
-- trigger sees.
-- +goose StatementBegin
CREATE TRIGGER published_no_replace BEFORE INSERT ON published
WHEN EXISTS (SELECT 1 FROM published p WHERE p.ref = NEW.ref)
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd
