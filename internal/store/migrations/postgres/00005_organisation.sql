-- +goose Up
-- Teams, absences and who left; the versions of the dispatch table.

ALTER TABLE people ADD COLUMN teams text; -- JSON
ALTER TABLE people ADD COLUMN languages text; -- JSON
ALTER TABLE people ADD COLUMN deputy text NOT NULL DEFAULT '';

CREATE TABLE teams (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    department  text COLLATE "C" NOT NULL REFERENCES departments (id),
    name_zh     text NOT NULL,
    name_en     text NOT NULL,
    sample      boolean NOT NULL,
    created_at  timestamptz NOT NULL,
    disabled_at timestamptz
);

CREATE TABLE absences (
    person_id text COLLATE "C" NOT NULL REFERENCES people (id),
    from_at   timestamptz NOT NULL,
    until_at  timestamptz NOT NULL,
    reason    text NOT NULL,
    PRIMARY KEY (person_id, from_at)
);
CREATE INDEX absences_until ON absences (until_at);

CREATE TABLE departures (
    person_id text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES people (id),
    successor text COLLATE "C" NOT NULL, -- '': nobody
    author    text COLLATE "C" NOT NULL,
    left_at   timestamptz NOT NULL
);

CREATE TABLE dispatch_tables (
    version    bigint NOT NULL PRIMARY KEY,
    document   bytea NOT NULL, -- canonical JSON
    author     text COLLATE "C" NOT NULL,
    reason     text NOT NULL,
    created_at timestamptz NOT NULL
);

-- +goose Down
DROP TABLE dispatch_tables;
DROP TABLE departures;
DROP TABLE absences;
DROP TABLE teams;
ALTER TABLE people DROP COLUMN deputy;
ALTER TABLE people DROP COLUMN languages;
ALTER TABLE people DROP COLUMN teams;
