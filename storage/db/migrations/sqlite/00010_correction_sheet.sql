-- +goose Up

-- The correction sheet of a closed population: what is put right before the answers are frozen, each
-- entry by one person and confirmed by another. An entry names a value of a variable and no
-- response, and rests sealed like the answers; slot is a keyed hash of what it names, so that a
-- value is corrected once. With the snapshot the sheet is closed; archiving erases it.
CREATE TABLE corrections (
    id          TEXT NOT NULL PRIMARY KEY,
    wave_id     TEXT NOT NULL,
    population  TEXT NOT NULL,
    slot        BLOB NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'rejected')),
    proposed_by TEXT NOT NULL,
    decided_by  TEXT NOT NULL,
    body        BLOB NOT NULL,
    CHECK (state <> 'confirmed' OR (decided_by <> '' AND decided_by <> proposed_by))
) WITHOUT ROWID;
CREATE INDEX corrections_by_population ON corrections (wave_id, population);
CREATE UNIQUE INDEX corrections_once ON corrections (slot) WHERE state <> 'rejected';

-- +goose StatementBegin
CREATE TRIGGER corrections_no_insert BEFORE INSERT ON corrections
WHEN EXISTS (SELECT 1 FROM snapshots s WHERE s.wave_id = NEW.wave_id AND s.population = NEW.population)
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections
WHEN OLD.state = 'rejected' OR NEW.state = 'proposed'
    OR NEW.id <> OLD.id OR NEW.wave_id <> OLD.wave_id OR NEW.population <> OLD.population OR NEW.slot <> OLD.slot
    OR NEW.proposed_by <> OLD.proposed_by OR NEW.body <> OLD.body
    OR EXISTS (SELECT 1 FROM snapshots s WHERE s.wave_id = OLD.wave_id AND s.population = OLD.population)
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections
WHEN EXISTS (SELECT 1 FROM windows w WHERE w.wave_id = OLD.wave_id AND w.population = OLD.population AND w.answer_salt IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd
