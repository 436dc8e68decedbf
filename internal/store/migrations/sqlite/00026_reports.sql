-- +goose Up
-- Reports of periods, frozen when they are made: rows are only added. Who wants to be told of what the
-- figures bring, and messages that are about no case.

CREATE TABLE reports (
    id       text NOT NULL PRIMARY KEY,
    step     text NOT NULL,
    from_at  datetime NOT NULL,
    until_at datetime NOT NULL,
    zone     text NOT NULL,
    scope    text NOT NULL, -- JSON
    cut_at   datetime NOT NULL,
    made_at  datetime NOT NULL,
    made_by  text NOT NULL, -- empty: the schedule, or whoever sits at the machine
    original text NOT NULL, -- the report that it restates; empty: none
    reason   text NOT NULL,
    format   integer NOT NULL,
    digest   text NOT NULL,
    body     blob NOT NULL
);
CREATE UNIQUE INDEX reports_once ON reports (step, from_at, scope) WHERE original = '';
CREATE INDEX reports_latest ON reports (made_at, id);
CREATE INDEX reports_twins ON reports (original, made_at) WHERE original <> '';

CREATE TABLE subscriptions (
    person_id  text NOT NULL REFERENCES people (id),
    topic      text NOT NULL,
    created_at datetime NOT NULL,
    PRIMARY KEY (person_id, topic)
);

-- A message may be about something else than a case: SQLite lets no column of a table that is there be NULL.
CREATE TABLE messages_now (
    id         text NOT NULL PRIMARY KEY,
    case_id    text REFERENCES cases (id), -- NULL: it is about what stands in about
    seq        integer NOT NULL,
    template   text NOT NULL,
    channel    text NOT NULL,
    person     text NOT NULL, -- '': the customer, or roles or a department's head not yet resolved
    roles      text, -- JSON
    department text NOT NULL,
    language   text NOT NULL,
    state      text NOT NULL,
    attempts   integer NOT NULL,
    next_at    datetime NOT NULL,
    created_at datetime NOT NULL,
    sent_at    datetime,
    read_at    datetime,
    last_error text NOT NULL,
    key_id     text NOT NULL, -- '' while there is no body
    endpoint   text NOT NULL DEFAULT '',
    about      text NOT NULL DEFAULT '',
    body       blob
);
INSERT INTO messages_now (id, case_id, seq, template, channel, person, roles, department, language, state, attempts, next_at, created_at, sent_at, read_at, last_error, key_id, endpoint, body)
    SELECT id, case_id, seq, template, channel, person, roles, department, language, state, attempts, next_at, created_at, sent_at, read_at, last_error, key_id, endpoint, body FROM messages;
DROP TABLE messages;
ALTER TABLE messages_now RENAME TO messages;
CREATE INDEX messages_case ON messages (case_id, seq);
CREATE INDEX messages_person ON messages (person, created_at, id) WHERE person <> '';
CREATE INDEX messages_next ON messages (next_at) WHERE state = 'pending';
CREATE INDEX messages_alert ON messages (next_at) WHERE state = 'pending' AND template = 'alert';
CREATE INDEX messages_unsent ON messages (state, channel) WHERE state <> 'sent';
CREATE INDEX messages_created ON messages (created_at, id);

-- +goose Down
DELETE FROM messages WHERE case_id IS NULL;
ALTER TABLE messages DROP COLUMN about;
DROP TABLE subscriptions;
DROP TABLE reports;
