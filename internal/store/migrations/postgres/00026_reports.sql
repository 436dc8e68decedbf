-- +goose Up
-- Reports of periods, frozen when they are made: rows are only added. Who wants to be told of what the
-- figures bring, and messages that are about no case.

CREATE TABLE reports (
    id       text COLLATE "C" NOT NULL PRIMARY KEY,
    step     text COLLATE "C" NOT NULL,
    from_at  timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    zone     text COLLATE "C" NOT NULL,
    scope    text COLLATE "C" NOT NULL, -- JSON
    cut_at   timestamptz NOT NULL,
    made_at  timestamptz NOT NULL,
    made_by  text COLLATE "C" NOT NULL, -- empty: the schedule, or whoever sits at the machine
    original text COLLATE "C" NOT NULL, -- the report that it restates; empty: none
    reason   text NOT NULL,
    format   bigint NOT NULL,
    digest   text COLLATE "C" NOT NULL,
    body     bytea NOT NULL
);
CREATE UNIQUE INDEX reports_once ON reports (step, from_at, scope) WHERE original = '';
CREATE INDEX reports_latest ON reports (made_at, id);
CREATE INDEX reports_twins ON reports (original, made_at) WHERE original <> '';

CREATE TABLE subscriptions (
    person_id  text COLLATE "C" NOT NULL REFERENCES people (id),
    topic      text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, topic)
);

ALTER TABLE messages ALTER COLUMN case_id DROP NOT NULL; -- a message may be about something else than a case
ALTER TABLE messages ADD COLUMN about text COLLATE "C" NOT NULL DEFAULT '';

-- +goose Down
DELETE FROM messages WHERE case_id IS NULL;
ALTER TABLE messages ALTER COLUMN case_id SET NOT NULL;
ALTER TABLE messages DROP COLUMN about;
DROP TABLE subscriptions;
DROP TABLE reports;
