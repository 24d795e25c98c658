-- +goose Up

-- A bundle is rejected because of what it holds: its bytes go, its hash and the reason stay.
DROP TRIGGER release_parts_no_delete;
DELETE FROM release_parts WHERE release_id IN (SELECT id FROM releases WHERE state = 'rejected');

-- +goose StatementBegin
CREATE TRIGGER release_parts_no_delete BEFORE DELETE ON release_parts
WHEN NOT EXISTS (SELECT 1 FROM releases r WHERE r.id = OLD.release_id AND r.state = 'rejected')
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd
