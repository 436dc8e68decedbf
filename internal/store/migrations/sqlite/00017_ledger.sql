-- +goose Up
-- What the clocks took, in nanoseconds, gross and net of pauses, as the clock ledger sums it up; and when
-- each part of the system was up, so that a breach noticed late can say why.
ALTER TABLE cases ADD COLUMN response_gross integer NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN response_net integer NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN feedback_gross integer NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN feedback_net integer NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN handling_gross integer NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN handling_net integer NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN total_gross integer NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN paused_for integer NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN snapshot_last blob; -- it stays the last: see 00015
UPDATE cases SET snapshot_last = snapshot;
ALTER TABLE cases DROP COLUMN snapshot;
ALTER TABLE cases RENAME COLUMN snapshot_last TO snapshot;

CREATE TABLE uptimes (
    id    text NOT NULL PRIMARY KEY,
    part  text NOT NULL,
    since datetime NOT NULL,
    until datetime NOT NULL -- the last heartbeat
);
CREATE INDEX uptimes_until ON uptimes (until, part);

-- +goose Down
DROP TABLE uptimes;
ALTER TABLE cases DROP COLUMN response_gross;
ALTER TABLE cases DROP COLUMN response_net;
ALTER TABLE cases DROP COLUMN feedback_gross;
ALTER TABLE cases DROP COLUMN feedback_net;
ALTER TABLE cases DROP COLUMN handling_gross;
ALTER TABLE cases DROP COLUMN handling_net;
ALTER TABLE cases DROP COLUMN total_gross;
ALTER TABLE cases DROP COLUMN paused_for;
