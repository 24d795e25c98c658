-- +goose Up

-- A questionnaire handed over, and answers put before the head of an office, are written about in the
-- words of the wave as well.
ALTER TABLE message_texts DROP CONSTRAINT message_texts_kind_check;
ALTER TABLE message_texts ADD CONSTRAINT message_texts_kind_check
    CHECK (kind IN ('invitation', 'reminder', 'last_call', 'handover', 'release', 'given_back', 'thanks', 'results'));

-- The links of employers who were taken off the list again, as hashes: whoever holds one on paper is
-- told so, and not that there is no such page. Nothing says whose they were.
CREATE TABLE taken_back (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    wave_id    TEXT NOT NULL REFERENCES waves (id)
);
