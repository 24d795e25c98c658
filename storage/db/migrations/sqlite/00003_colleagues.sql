-- +goose Up

-- A participant may hand the questionnaire over to a colleague. Messages then go to the colleague,
-- while email stays the address that was nominated or imported: a nomination that is checked
-- against the list must not find out that somebody handed over, or to whom.
ALTER TABLE participants ADD COLUMN colleague TEXT NOT NULL DEFAULT '';
ALTER TABLE participants ADD COLUMN handovers BIGINT NOT NULL DEFAULT 0;
