-- +goose Up

-- A bundle is rejected because of what it holds: its bytes go, its hash and the reason stay.
DROP TRIGGER release_parts_no_delete ON release_parts;
DELETE FROM release_parts WHERE release_id IN (SELECT id FROM releases WHERE state = 'rejected');

-- +goose StatementBegin
CREATE FUNCTION refuse_release_parts_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM releases r WHERE r.id = OLD.release_id AND r.state = 'rejected') THEN
        RAISE EXCEPTION 'rondo: immutable';
    END IF;
    RETURN OLD;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER release_parts_no_delete BEFORE DELETE ON release_parts FOR EACH ROW EXECUTE FUNCTION refuse_release_parts_delete();
