-- +goose Up

-- A questionnaire handed over, and answers put before the head of an office, are written about in the
-- words of the wave as well.
ALTER TABLE message_texts DROP CONSTRAINT message_texts_kind_check;
ALTER TABLE message_texts ADD CONSTRAINT message_texts_kind_check
    CHECK (kind IN ('invitation', 'reminder', 'last_call', 'handover', 'release', 'given_back', 'thanks', 'results'));
