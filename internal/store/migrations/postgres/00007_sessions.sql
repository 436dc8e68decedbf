-- +goose Up
-- Who signs in at the console, and where they are signed in; which cases changed last.

CREATE TABLE passwords (
    person_id  text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES people (id),
    hash       text NOT NULL,
    changed_at timestamptz NOT NULL
);

CREATE TABLE sessions (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    person_id  text COLLATE "C" NOT NULL REFERENCES people (id),
    hash       bytea NOT NULL,
    agent      text NOT NULL,
    created_at timestamptz NOT NULL,
    used_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz
);
CREATE UNIQUE INDEX sessions_hash ON sessions (hash);
CREATE INDEX sessions_person ON sessions (person_id);

ALTER TABLE cases ADD COLUMN touched_at timestamptz NOT NULL DEFAULT '1970-01-01 00:00:00+00:00';
CREATE INDEX cases_touched ON cases (touched_at);

-- +goose Down
DROP INDEX cases_touched;
ALTER TABLE cases DROP COLUMN touched_at;
DROP TABLE sessions;
DROP TABLE passwords;
