-- +goose Up

-- When a wave sends what to whom. A population without rows follows the default schedule, all by
-- hand. days count from the beginning of the window, to the last call back from its end, to thanks
-- from its end; hour is Swiss local time. number tells reminders apart; the last call is one.
CREATE TABLE schedule (
    wave_id    TEXT NOT NULL,
    population TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('invitation', 'reminder', 'thanks', 'results')),
    number     BIGINT NOT NULL,
    days       BIGINT NOT NULL CHECK (days >= 0),
    hour       BIGINT NOT NULL CHECK (hour BETWEEN 0 AND 23),
    automatic  BOOLEAN NOT NULL,
    PRIMARY KEY (wave_id, population, kind, number),
    FOREIGN KEY (wave_id, population) REFERENCES populations (wave_id, name)
) WITHOUT ROWID;

-- The words of a wave's messages, where staff have written their own in place of the catalogue's.
CREATE TABLE message_texts (
    wave_id    TEXT NOT NULL,
    population TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('invitation', 'reminder', 'last_call', 'thanks', 'results')),
    language   TEXT NOT NULL,
    subject    TEXT NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (wave_id, population, kind, language),
    FOREIGN KEY (wave_id, population) REFERENCES populations (wave_id, name)
) WITHOUT ROWID;
