-- +goose Up

-- Versions in progress at the desk. A draft may change and go; what is published lies in
-- published, and stays.
CREATE TABLE questionnaire_drafts (
    ref       TEXT NOT NULL PRIMARY KEY,
    hash      TEXT NOT NULL,
    files     TEXT NOT NULL,
    edited_by TEXT NOT NULL,
    edited_at BIGINT NOT NULL
);

-- A published version cannot be inserted over, as it cannot be updated or deleted.
-- +goose StatementBegin
CREATE FUNCTION refuse_published_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM published p WHERE p.ref = NEW.ref) THEN
        RAISE EXCEPTION 'rondo: immutable';
    END IF;
    RETURN NEW;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER published_no_replace BEFORE INSERT ON published FOR EACH ROW EXECUTE FUNCTION refuse_published_insert();
