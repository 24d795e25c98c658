-- +goose Up

-- The correction sheet of a closed population: what is put right before the answers are frozen, each
-- entry by one person and confirmed by another. An entry names a value of a variable and no
-- response, and rests sealed like the answers; slot is a keyed hash of what it names, so that a
-- value is corrected once. With the snapshot the sheet is closed; archiving erases it.
CREATE TABLE corrections (
    id          TEXT NOT NULL PRIMARY KEY,
    wave_id     TEXT NOT NULL,
    population  TEXT NOT NULL,
    slot        BYTEA NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'rejected')),
    proposed_by TEXT NOT NULL,
    decided_by  TEXT NOT NULL,
    body        BYTEA NOT NULL,
    CHECK (state <> 'confirmed' OR (decided_by <> '' AND decided_by <> proposed_by))
);
CREATE INDEX corrections_by_population ON corrections (wave_id, population);
CREATE UNIQUE INDEX corrections_once ON corrections (slot) WHERE state <> 'rejected';

-- +goose StatementBegin
CREATE FUNCTION refuse_corrections_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM snapshots s WHERE s.wave_id = NEW.wave_id AND s.population = NEW.population) THEN
        RAISE EXCEPTION 'rondo: immutable';
    END IF;
    RETURN NEW;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER corrections_no_insert BEFORE INSERT ON corrections FOR EACH ROW EXECUTE FUNCTION refuse_corrections_insert();

-- +goose StatementBegin
CREATE FUNCTION refuse_corrections_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'rejected' OR NEW.state = 'proposed'
        OR NEW.id <> OLD.id OR NEW.wave_id <> OLD.wave_id OR NEW.population <> OLD.population OR NEW.slot <> OLD.slot
        OR NEW.proposed_by <> OLD.proposed_by OR NEW.body <> OLD.body
        OR EXISTS (SELECT 1 FROM snapshots s WHERE s.wave_id = OLD.wave_id AND s.population = OLD.population) THEN
        RAISE EXCEPTION 'rondo: immutable';
    END IF;
    RETURN NEW;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections FOR EACH ROW EXECUTE FUNCTION refuse_corrections_update();

-- +goose StatementBegin
CREATE FUNCTION refuse_corrections_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM windows w WHERE w.wave_id = OLD.wave_id AND w.population = OLD.population AND w.answer_salt IS NOT NULL) THEN
        RAISE EXCEPTION 'rondo: immutable';
    END IF;
    RETURN OLD;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections FOR EACH ROW EXECUTE FUNCTION refuse_corrections_delete();
CREATE TRIGGER corrections_no_truncate BEFORE TRUNCATE ON corrections FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
