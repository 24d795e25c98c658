-- +goose Up

CREATE TABLE instance (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

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
    link_salt     BLOB,
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
    token_hash     BLOB UNIQUE,
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
    email_hash BLOB NOT NULL PRIMARY KEY,
    reason     TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE panel (
    id       TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    email    TEXT NOT NULL UNIQUE,
    language TEXT NOT NULL,
    year     BIGINT NOT NULL
) WITHOUT ROWID;

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
    answer_salt   BLOB,
    mixed         BIGINT NOT NULL,
    PRIMARY KEY (wave_id, population)
) WITHOUT ROWID;

CREATE TABLE drafts (
    id         BLOB NOT NULL PRIMARY KEY,
    wave_id    TEXT NOT NULL,
    population TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    body       BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE responses (
    id         TEXT NOT NULL PRIMARY KEY,
    wave_id    TEXT NOT NULL,
    population TEXT NOT NULL,
    receipt    BLOB UNIQUE,
    body       BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE spent (
    marker     BLOB NOT NULL PRIMARY KEY,
    wave_id    TEXT NOT NULL,
    population TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE snapshots (
    id         TEXT NOT NULL PRIMARY KEY,
    wave_id    TEXT NOT NULL,
    population TEXT NOT NULL,
    hash       TEXT NOT NULL,
    responses  BIGINT NOT NULL,
    UNIQUE (wave_id, population)
) WITHOUT ROWID;

CREATE TABLE snapshot_parts (
    snapshot_id TEXT NOT NULL,
    part        BIGINT NOT NULL,
    body        BLOB NOT NULL,
    PRIMARY KEY (snapshot_id, part)
) WITHOUT ROWID;

CREATE TABLE accounts (
    id            TEXT NOT NULL PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    language      TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('admin', 'lead', 'analyst', 'reviewer', 'moderator')),
    password_hash TEXT NOT NULL,
    totp_secret   BLOB,
    totp_step     BIGINT NOT NULL,
    disabled      BOOLEAN NOT NULL
);

CREATE TABLE sign_in_links (
    hash    BLOB NOT NULL PRIMARY KEY,
    email   TEXT NOT NULL,
    role    TEXT NOT NULL,
    expires BIGINT NOT NULL
);

CREATE TABLE sessions (
    hash       BLOB NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    started    BIGINT NOT NULL,
    expires    BIGINT NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account_id);

CREATE TABLE failures (
    bucket   BLOB NOT NULL PRIMARY KEY,
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
    previous BLOB NOT NULL,
    hash     BLOB NOT NULL UNIQUE
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
    body       BLOB NOT NULL,
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

-- What was frozen, published, released or journalled stays as it is.

-- +goose StatementBegin
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER published_no_update BEFORE UPDATE ON published
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER published_no_delete BEFORE DELETE ON published
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER snapshots_no_update BEFORE UPDATE ON snapshots
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER snapshots_no_delete BEFORE DELETE ON snapshots
WHEN EXISTS (SELECT 1 FROM windows w WHERE w.wave_id = OLD.wave_id AND w.population = OLD.population AND w.answer_salt IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER snapshot_parts_no_update BEFORE UPDATE ON snapshot_parts
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER snapshot_parts_no_insert BEFORE INSERT ON snapshot_parts
WHEN EXISTS (SELECT 1 FROM snapshots s WHERE s.id = NEW.snapshot_id)
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER snapshot_parts_no_delete BEFORE DELETE ON snapshot_parts
WHEN EXISTS (SELECT 1 FROM snapshots s JOIN windows w ON w.wave_id = s.wave_id AND w.population = s.population WHERE s.id = OLD.snapshot_id AND w.answer_salt IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER releases_no_update BEFORE UPDATE ON releases
WHEN OLD.state <> 'proposed'
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER releases_no_delete BEFORE DELETE ON releases
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER release_parts_no_update BEFORE UPDATE ON release_parts
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER release_parts_no_insert BEFORE INSERT ON release_parts
WHEN EXISTS (SELECT 1 FROM releases r WHERE r.id = NEW.release_id)
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER release_parts_no_delete BEFORE DELETE ON release_parts
BEGIN
    SELECT RAISE(ABORT, 'rondo: immutable');
END;
-- +goose StatementEnd

-- A response arrives by one INSERT into this view, as on PostgreSQL by one statement: all of it or
-- nothing. now is the clock, draft the id of the draft, revision its revision (0: any or none),
-- again whether a confidential response may be written over.
CREATE VIEW submission AS
SELECT wave_id, population, id, receipt, body, NULL AS marker, NULL AS draft, 0 AS revision, 0 AS again, 0 AS now
FROM responses WHERE FALSE;

-- +goose StatementBegin
CREATE TRIGGER submission_arrives INSTEAD OF INSERT ON submission
BEGIN
    SELECT RAISE(ABORT, 'rondo: nothing stored')
    WHERE NOT EXISTS (
            SELECT 1 FROM windows w
            WHERE w.wave_id = NEW.wave_id AND w.population = NEW.population
                AND w.state = 'open' AND w.opens <= NEW.now AND w.closes > NEW.now
                AND (NOT NEW.again OR w.promise = 'confidential'))
        OR NEW.revision > 0 AND NOT EXISTS (SELECT 1 FROM drafts d WHERE d.id = NEW.draft AND d.revision = NEW.revision);
    INSERT INTO spent (marker, wave_id, population)
    SELECT NEW.marker, NEW.wave_id, NEW.population
    WHERE NOT (NEW.again AND EXISTS (SELECT 1 FROM spent m WHERE m.marker = NEW.marker));
    DELETE FROM responses WHERE NEW.again AND id = NEW.id;
    INSERT INTO responses (id, wave_id, population, receipt, body)
    VALUES (NEW.id, NEW.wave_id, NEW.population, NEW.receipt, NEW.body);
    DELETE FROM drafts WHERE id = NEW.draft;
END;
-- +goose StatementEnd
