-- +goose Up
-- Cases that came from the log of another system: where from, and by what number there. A case comes once.

ALTER TABLE cases ADD COLUMN source text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN reference text COLLATE "C" NOT NULL DEFAULT '';
CREATE UNIQUE INDEX cases_reference ON cases (source, reference) WHERE source <> '';

CREATE TABLE imports (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    source     text COLLATE "C" NOT NULL,
    digest     text COLLATE "C" NOT NULL,
    files      text NOT NULL, -- JSON
    state      text NOT NULL,
    as_of      timestamptz,
    visited    bigint NOT NULL,
    cases      bigint NOT NULL,
    skipped    bigint NOT NULL,
    started_by text COLLATE "C" NOT NULL,
    begun_at   timestamptz NOT NULL,
    done_at    timestamptz
);
CREATE UNIQUE INDEX imports_digest ON imports (digest);

-- How much business there was, so that complaints can be seen in proportion.
CREATE TABLE volumes (
    product  text COLLATE "C" NOT NULL, -- empty: of no product's name
    kind     text NOT NULL,
    from_at  timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    count    bigint NOT NULL,
    PRIMARY KEY (product, kind, from_at)
);

-- +goose Down
DROP TABLE volumes;
DROP TABLE imports;
DROP INDEX cases_reference;
ALTER TABLE cases DROP COLUMN reference;
ALTER TABLE cases DROP COLUMN source;
