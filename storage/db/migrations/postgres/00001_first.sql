-- +goose Up

CREATE TABLE instance (
    name  TEXT NOT NULL PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE waves (
    id          TEXT NOT NULL PRIMARY KEY,
    label       TEXT NOT NULL UNIQUE,
    ref_from    BIGINT NOT NULL,
    ref_to      BIGINT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('setup', 'running', 'closed', 'released', 'archived')),
    synthetic   BOOLEAN NOT NULL,
    rehearsal   BOOLEAN NOT NULL,
    opens_at    BIGINT NOT NULL,
    closes_at   BIGINT NOT NULL,
    closed_at   BIGINT NOT NULL,
    not_before  BIGINT NOT NULL,
    mail_paused BOOLEAN NOT NULL,
    settings    TEXT NOT NULL
);

CREATE TABLE populations (
    wave_id       TEXT NOT NULL REFERENCES waves (id),
    name          TEXT NOT NULL CHECK (name IN ('office', 'employer', 'discussion')),
    questionnaire TEXT NOT NULL,
    hash          TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('planned', 'open', 'closed')),
    opens         BIGINT NOT NULL,
    closes        BIGINT NOT NULL,
    link_salt     BYTEA,
    PRIMARY KEY (wave_id, name)
);

CREATE TABLE participants (
    id             TEXT NOT NULL PRIMARY KEY,
    wave_id        TEXT NOT NULL,
    population     TEXT NOT NULL,
    code           TEXT NOT NULL,
    name           TEXT NOT NULL,
    email          TEXT NOT NULL,
    language       TEXT NOT NULL,
    size           TEXT NOT NULL,
    branch         TEXT NOT NULL,
    town           TEXT NOT NULL,
    office_id      TEXT NOT NULL,
    selection      TEXT NOT NULL,
    feedback_group TEXT NOT NULL,
    stratum        TEXT NOT NULL,
    epoch          BIGINT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('open', 'done', 'refused', 'wrong_person', 'undeliverable')),
    token_hash     BYTEA UNIQUE,
    quota          BIGINT NOT NULL,
    names          TEXT NOT NULL,
    UNIQUE (wave_id, population, code),
    FOREIGN KEY (wave_id, population) REFERENCES populations (wave_id, name)
);
CREATE INDEX participants_by_office ON participants (office_id);

CREATE TABLE nominations (
    id             TEXT NOT NULL PRIMARY KEY,
    wave_id        TEXT NOT NULL REFERENCES waves (id),
    office_id      TEXT NOT NULL REFERENCES participants (id),
    name           TEXT NOT NULL,
    email          TEXT NOT NULL,
    language       TEXT NOT NULL,
    size           TEXT NOT NULL,
    branch         TEXT NOT NULL,
    town           TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected', 'withdrawn', 'duplicate')),
    reason         TEXT NOT NULL,
    participant_id TEXT NOT NULL
);
CREATE INDEX nominations_by_office ON nominations (wave_id, office_id);

CREATE TABLE messages (
    id             TEXT NOT NULL PRIMARY KEY,
    wave_id        TEXT NOT NULL REFERENCES waves (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    kind           TEXT NOT NULL,
    number         BIGINT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('queued', 'claimed', 'transmitting', 'sent', 'retry', 'failed', 'unknown', 'cancelled')),
    not_after      BIGINT NOT NULL,
    due_at         BIGINT NOT NULL,
    lease_until    BIGINT NOT NULL,
    owner          TEXT NOT NULL,
    fence          BIGINT NOT NULL,
    attempts       BIGINT NOT NULL,
    code           TEXT NOT NULL,
    UNIQUE (wave_id, participant_id, kind, number)
);
CREATE INDEX messages_by_state ON messages (state, due_at);

CREATE TABLE suppressions (
    email_hash BYTEA NOT NULL PRIMARY KEY,
    reason     TEXT NOT NULL
);

CREATE TABLE panel (
    id       TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    email    TEXT NOT NULL UNIQUE,
    language TEXT NOT NULL,
    year     BIGINT NOT NULL
);

-- The answer side. No column here may tell who, when or in which order; a test
-- holds the list of its columns, and each has its reason there.

CREATE TABLE windows (
    wave_id       TEXT NOT NULL,
    population    TEXT NOT NULL,
    promise       TEXT NOT NULL CHECK (promise IN ('anonymous', 'confidential')),
    state         TEXT NOT NULL CHECK (state IN ('planned', 'open', 'closed')),
    opens         BIGINT NOT NULL,
    closes        BIGINT NOT NULL,
    questionnaire TEXT NOT NULL,
    hash          TEXT NOT NULL,
    answer_salt   BYTEA,
    mixed         BIGINT NOT NULL,
    PRIMARY KEY (wave_id, population)
);

CREATE TABLE drafts (
    id         BYTEA NOT NULL PRIMARY KEY,
    wave_id    TEXT NOT NULL,
    population TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    body       BYTEA NOT NULL
);

CREATE TABLE responses (
    id         TEXT NOT NULL PRIMARY KEY,
    wave_id    TEXT NOT NULL,
    population TEXT NOT NULL,
    receipt    BYTEA UNIQUE,
    body       BYTEA NOT NULL
);

CREATE TABLE spent (
    marker     BYTEA NOT NULL PRIMARY KEY,
    wave_id    TEXT NOT NULL,
    population TEXT NOT NULL
);

CREATE TABLE snapshots (
    id         TEXT NOT NULL PRIMARY KEY,
    wave_id    TEXT NOT NULL,
    population TEXT NOT NULL,
    hash       TEXT NOT NULL,
    responses  BIGINT NOT NULL,
    UNIQUE (wave_id, population)
);

CREATE TABLE snapshot_parts (
    snapshot_id TEXT NOT NULL,
    part        BIGINT NOT NULL,
    body        BYTEA NOT NULL,
    PRIMARY KEY (snapshot_id, part)
);

CREATE TABLE accounts (
    id            TEXT NOT NULL PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    language      TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('admin', 'lead', 'analyst', 'reviewer', 'moderator')),
    password_hash TEXT NOT NULL,
    totp_secret   BYTEA,
    totp_step     BIGINT NOT NULL,
    disabled      BOOLEAN NOT NULL
);

CREATE TABLE sign_in_links (
    hash    BYTEA NOT NULL PRIMARY KEY,
    email   TEXT NOT NULL,
    role    TEXT NOT NULL,
    expires BIGINT NOT NULL
);

CREATE TABLE sessions (
    hash       BYTEA NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    started    BIGINT NOT NULL,
    expires    BIGINT NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account_id);

CREATE TABLE failures (
    bucket   BYTEA NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at  BIGINT NOT NULL
);

CREATE TABLE journal (
    number   BIGINT NOT NULL PRIMARY KEY,
    at       BIGINT NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    object   TEXT NOT NULL,
    detail   TEXT NOT NULL,
    previous BYTEA NOT NULL,
    hash     BYTEA NOT NULL UNIQUE
);

CREATE TABLE releases (
    id          TEXT NOT NULL PRIMARY KEY,
    wave_id     TEXT NOT NULL,
    population  TEXT NOT NULL,
    profile     TEXT NOT NULL CHECK (profile IN ('internal', 'scientific', 'public')),
    snapshot_id TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected', 'internal')),
    proposed_by TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    reason      TEXT NOT NULL,
    file_name   TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    size        BIGINT NOT NULL,
    records     BIGINT NOT NULL,
    marks       TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    decided_at  BIGINT NOT NULL
);
CREATE INDEX releases_by_wave ON releases (wave_id, population);
CREATE UNIQUE INDEX releases_once ON releases (snapshot_id, profile) WHERE state <> 'rejected';

CREATE TABLE release_parts (
    release_id TEXT NOT NULL,
    part       BIGINT NOT NULL,
    body       BYTEA NOT NULL,
    PRIMARY KEY (release_id, part)
);

CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE published (
    ref          TEXT NOT NULL PRIMARY KEY,
    hash         TEXT NOT NULL,
    files        TEXT NOT NULL,
    published_by TEXT NOT NULL,
    published_at BIGINT NOT NULL
);

-- Sealed and packed bytes cannot be made smaller: PostgreSQL need not try.
ALTER TABLE drafts ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE responses ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE snapshot_parts ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE release_parts ALTER COLUMN body SET STORAGE EXTERNAL;

-- A draft is saved a dozen times. It rests on its page, not beside it, and the page has room for
-- its next version: a save then touches one page, no index and no second table.
ALTER TABLE drafts SET (fillfactor = 50, toast_tuple_target = 8160);

-- What was frozen, published, released or journalled stays as it is.

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rondo: immutable';
END;
$$;
-- +goose StatementEnd

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER published_no_update BEFORE UPDATE ON published FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER published_no_delete BEFORE DELETE ON published FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER snapshots_no_update BEFORE UPDATE ON snapshots FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- +goose StatementBegin
CREATE FUNCTION refuse_snapshots_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM windows w WHERE w.wave_id = OLD.wave_id AND w.population = OLD.population AND w.answer_salt IS NOT NULL) THEN
        RAISE EXCEPTION 'rondo: immutable';
    END IF;
    RETURN OLD;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER snapshots_no_delete BEFORE DELETE ON snapshots FOR EACH ROW EXECUTE FUNCTION refuse_snapshots_delete();

CREATE TRIGGER snapshot_parts_no_update BEFORE UPDATE ON snapshot_parts FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- +goose StatementBegin
CREATE FUNCTION refuse_snapshot_parts_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM snapshots s WHERE s.id = NEW.snapshot_id) THEN
        RAISE EXCEPTION 'rondo: immutable';
    END IF;
    RETURN NEW;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER snapshot_parts_no_insert BEFORE INSERT ON snapshot_parts FOR EACH ROW EXECUTE FUNCTION refuse_snapshot_parts_insert();

-- +goose StatementBegin
CREATE FUNCTION refuse_snapshot_parts_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM snapshots s JOIN windows w ON w.wave_id = s.wave_id AND w.population = s.population WHERE s.id = OLD.snapshot_id AND w.answer_salt IS NOT NULL) THEN
        RAISE EXCEPTION 'rondo: immutable';
    END IF;
    RETURN OLD;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER snapshot_parts_no_delete BEFORE DELETE ON snapshot_parts FOR EACH ROW EXECUTE FUNCTION refuse_snapshot_parts_delete();

CREATE TRIGGER releases_no_update BEFORE UPDATE ON releases FOR EACH ROW WHEN (OLD.state <> 'proposed') EXECUTE FUNCTION refuse_change();

CREATE TRIGGER releases_no_delete BEFORE DELETE ON releases FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER release_parts_no_update BEFORE UPDATE ON release_parts FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- +goose StatementBegin
CREATE FUNCTION refuse_release_parts_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM releases r WHERE r.id = NEW.release_id) THEN
        RAISE EXCEPTION 'rondo: immutable';
    END IF;
    RETURN NEW;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER release_parts_no_insert BEFORE INSERT ON release_parts FOR EACH ROW EXECUTE FUNCTION refuse_release_parts_insert();

CREATE TRIGGER release_parts_no_delete BEFORE DELETE ON release_parts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER published_no_truncate BEFORE TRUNCATE ON published FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER snapshots_no_truncate BEFORE TRUNCATE ON snapshots FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER snapshot_parts_no_truncate BEFORE TRUNCATE ON snapshot_parts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER releases_no_truncate BEFORE TRUNCATE ON releases FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER release_parts_no_truncate BEFORE TRUNCATE ON release_parts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
