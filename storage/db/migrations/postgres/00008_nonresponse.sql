-- +goose Up

-- What became of the invitations of an archived wave, as an aggregate: written in one piece when
-- the contacts go, in cells of at least ten invited, outcomes rounded down to a multiple of five.
CREATE TABLE nonresponse (
    wave_id       TEXT NOT NULL REFERENCES waves (id),
    dimension     TEXT NOT NULL,
    value         TEXT NOT NULL,
    invited       BIGINT NOT NULL,
    submitted     BIGINT NOT NULL,
    refused       BIGINT NOT NULL,
    undeliverable BIGINT NOT NULL,
    silent        BIGINT NOT NULL,
    PRIMARY KEY (wave_id, dimension, value)
);
