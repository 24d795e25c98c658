-- +goose Up

-- A questionnaire handed over, and answers put before the head of an office, are written about in the
-- words of the wave as well. SQLite changes a check only with its table.
CREATE TABLE more_texts (
    wave_id    TEXT NOT NULL,
    population TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('invitation', 'reminder', 'last_call', 'handover', 'release', 'given_back', 'thanks', 'results')),
    language   TEXT NOT NULL,
    subject    TEXT NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (wave_id, population, kind, language),
    FOREIGN KEY (wave_id, population) REFERENCES populations (wave_id, name)
) WITHOUT ROWID;
INSERT INTO more_texts (wave_id, population, kind, language, subject, body)
    SELECT wave_id, population, kind, language, subject, body FROM message_texts;
DROP TABLE message_texts;
ALTER TABLE more_texts RENAME TO message_texts;

-- The links of employers who were taken off the list again, as hashes: whoever holds one on paper is
-- told so, and not that there is no such page. Nothing says whose they were.
CREATE TABLE taken_back (
    token_hash BLOB NOT NULL PRIMARY KEY,
    wave_id    TEXT NOT NULL REFERENCES waves (id)
) WITHOUT ROWID;
