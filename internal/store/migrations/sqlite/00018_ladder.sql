-- +goose Up
-- An alert can be put off or handed over.
-- Who is on duty for a role stands in rosters, versions of which are only added.

ALTER TABLE alerts ADD COLUMN snoozed_by text NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN handed_to text NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN handed_by text NOT NULL DEFAULT '';

CREATE TABLE rosters (
    role       text NOT NULL,
    department text NOT NULL, -- empty: the whole company
    version    integer NOT NULL,
    document   blob NOT NULL, -- JSON
    author     text NOT NULL,
    reason     text NOT NULL,
    created_at datetime NOT NULL,
    PRIMARY KEY (role, department, version)
);

-- +goose Down
DROP TABLE rosters;
ALTER TABLE alerts DROP COLUMN handed_by;
ALTER TABLE alerts DROP COLUMN handed_to;
ALTER TABLE alerts DROP COLUMN snoozed_by;
