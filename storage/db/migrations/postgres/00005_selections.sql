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

ALTER TABLE nominations DROP CONSTRAINT nominations_state_check;
ALTER TABLE nominations ADD CONSTRAINT nominations_state_check
    CHECK (state IN ('proposed', 'approved', 'rejected', 'withdrawn', 'duplicate', 'stopped'));
ALTER TABLE nominations ADD COLUMN selection TEXT NOT NULL DEFAULT 'picked';
ALTER TABLE nominations ADD COLUMN list_row BIGINT NOT NULL DEFAULT 0;
ALTER TABLE nominations ADD COLUMN told_on TEXT NOT NULL DEFAULT '';
CREATE INDEX nominations_by_participant ON nominations (participant_id);
