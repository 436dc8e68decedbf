-- +goose Up
-- What the clocks took, in nanoseconds, gross and net of pauses, as the clock ledger sums it up; and when
-- each part of the system was up, so that a breach noticed late can say why.
ALTER TABLE cases ADD COLUMN response_gross bigint NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN response_net bigint NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN feedback_gross bigint NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN feedback_net bigint NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN handling_gross bigint NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN handling_net bigint NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN total_gross bigint NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN paused_for bigint NOT NULL DEFAULT 0;

CREATE TABLE uptimes (
    id    text COLLATE "C" NOT NULL PRIMARY KEY,
    part  text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL -- the last heartbeat
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
