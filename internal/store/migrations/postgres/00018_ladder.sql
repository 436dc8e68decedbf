-- +goose Up
-- An alert can be put off or handed over.
-- Who is on duty for a role stands in rosters, versions of which are only added.

ALTER TABLE alerts ADD COLUMN snoozed_by text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN handed_to text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN handed_by text COLLATE "C" NOT NULL DEFAULT '';

CREATE TABLE rosters (
    role       text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL, -- empty: the whole company
    version    bigint NOT NULL,
    document   bytea NOT NULL, -- JSON
    author     text COLLATE "C" NOT NULL,
    reason     text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (role, department, version)
);

-- +goose Down
DROP TABLE rosters;
ALTER TABLE alerts DROP COLUMN handed_by;
ALTER TABLE alerts DROP COLUMN handed_to;
ALTER TABLE alerts DROP COLUMN snoozed_by;
