-- +goose Up
-- Who signs in at the console, and where they are signed in; which cases changed last.

CREATE TABLE passwords (
    person_id  text NOT NULL PRIMARY KEY REFERENCES people (id),
    hash       text NOT NULL,
    changed_at datetime NOT NULL
);

CREATE TABLE sessions (
    id         text NOT NULL PRIMARY KEY,
    person_id  text NOT NULL REFERENCES people (id),
    hash       blob NOT NULL,
    agent      text NOT NULL,
    created_at datetime NOT NULL,
    used_at    datetime NOT NULL,
    expires_at datetime NOT NULL,
    ended_at   datetime
);
CREATE UNIQUE INDEX sessions_hash ON sessions (hash);
CREATE INDEX sessions_person ON sessions (person_id);

ALTER TABLE cases ADD COLUMN touched_at datetime NOT NULL DEFAULT '1970-01-01 00:00:00+00:00';
CREATE INDEX cases_touched ON cases (touched_at);

-- +goose Down
DROP INDEX cases_touched;
ALTER TABLE cases DROP COLUMN touched_at;
DROP TABLE sessions;
DROP TABLE passwords;
