-- +goose Up

-- How an office comes to the employers it proposes: it picks them, or rows of its own numbered list
-- are drawn. firms is out of how many; seed, which the journal holds too, decides the rows.
CREATE TABLE selections (
    office_id TEXT NOT NULL PRIMARY KEY REFERENCES participants (id),
    wave_id   TEXT NOT NULL REFERENCES waves (id),
    mode      TEXT NOT NULL CHECK (mode IN ('picked', 'drawn')),
    firms     BIGINT NOT NULL,
    seed      TEXT NOT NULL
);

-- Rows of the list that an office leaves out, each with the code of its reason.
CREATE TABLE exclusions (
    office_id TEXT NOT NULL REFERENCES participants (id),
    list_row  BIGINT NOT NULL,
    reason    TEXT NOT NULL,
    PRIMARY KEY (office_id, list_row)
);

-- SQLite cannot change a CHECK: the table is written anew. No other refers to it.
CREATE TABLE nominations_with_selection (
    id             TEXT NOT NULL PRIMARY KEY,
    wave_id        TEXT NOT NULL REFERENCES waves (id),
    office_id      TEXT NOT NULL REFERENCES participants (id),
    name           TEXT NOT NULL,
    email          TEXT NOT NULL,
    language       TEXT NOT NULL,
    size           TEXT NOT NULL,
    branch         TEXT NOT NULL,
    town           TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected', 'withdrawn', 'duplicate', 'stopped')),
    reason         TEXT NOT NULL,
    participant_id TEXT NOT NULL,
    selection      TEXT NOT NULL DEFAULT 'picked',
    list_row       BIGINT NOT NULL DEFAULT 0,
    told_on        TEXT NOT NULL DEFAULT ''
);
INSERT INTO nominations_with_selection (id, wave_id, office_id, name, email, language, size, branch, town, state, reason, participant_id)
SELECT id, wave_id, office_id, name, email, language, size, branch, town, state, reason, participant_id FROM nominations;
DROP TABLE nominations;
ALTER TABLE nominations_with_selection RENAME TO nominations;
CREATE INDEX nominations_by_office ON nominations (wave_id, office_id);
CREATE INDEX nominations_by_participant ON nominations (participant_id);
