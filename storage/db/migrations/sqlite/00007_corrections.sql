-- +goose Up

-- A message that comes back makes a task: somebody knows a better address. How often that happened
-- is part of the links that stop messages, so that whoever reads the mail of the old address cannot
-- stop those to the new one.
ALTER TABLE participants ADD COLUMN corrections BIGINT NOT NULL DEFAULT 0;

-- Messages that were not delivered for now, to tell a mailbox that is full for a day from one that
-- nobody reads. The day is that of the mail system, and it says nothing of whoever did get theirs.
CREATE TABLE soft_returns (
    id             TEXT NOT NULL PRIMARY KEY,
    wave_id        TEXT NOT NULL REFERENCES waves (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    kind           TEXT NOT NULL,
    day            BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX soft_returns_by_participant ON soft_returns (wave_id, participant_id);

-- The next message to send is the first entry of an index, however long the queue is.
DROP INDEX messages_by_state;
CREATE INDEX messages_due ON messages (state, due_at, id);
