-- +goose Up
-- Cases that came from the log of another system: where from, and by what number there. A case comes once.

ALTER TABLE cases ADD COLUMN source text NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN reference text NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN snapshot_last blob; -- it stays the last: see 00015
UPDATE cases SET snapshot_last = snapshot;
ALTER TABLE cases DROP COLUMN snapshot;
ALTER TABLE cases RENAME COLUMN snapshot_last TO snapshot;
CREATE UNIQUE INDEX cases_reference ON cases (source, reference) WHERE source <> '';

CREATE TABLE imports (
    id         text NOT NULL PRIMARY KEY,
    source     text NOT NULL,
    digest     text NOT NULL,
    files      text NOT NULL, -- JSON
    state      text NOT NULL,
    as_of      datetime,
    visited    integer NOT NULL,
    cases      integer NOT NULL,
    skipped    integer NOT NULL,
    started_by text NOT NULL,
    begun_at   datetime NOT NULL,
    done_at    datetime
);
CREATE UNIQUE INDEX imports_digest ON imports (digest);

-- How much business there was, so that complaints can be seen in proportion.
CREATE TABLE volumes (
    product  text NOT NULL, -- empty: of no product's name
    kind     text NOT NULL,
    from_at  datetime NOT NULL,
    until_at datetime NOT NULL,
    count    integer NOT NULL,
    PRIMARY KEY (product, kind, from_at)
);

-- +goose Down
DROP TABLE volumes;
DROP TABLE imports;
DROP INDEX cases_reference;
ALTER TABLE cases DROP COLUMN reference;
ALTER TABLE cases DROP COLUMN source;
