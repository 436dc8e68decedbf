-- +goose Up
-- An alert can be put off or handed over, and acknowledged by a link in the mail that carries it, once.
-- Who is on duty for a role stands in rosters, versions of which are only added.

ALTER TABLE alerts ADD COLUMN snoozed_by text NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN handed_to text NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN handed_by text NOT NULL DEFAULT '';

ALTER TABLE links ADD COLUMN alert text NOT NULL DEFAULT ''; -- id
ALTER TABLE links ADD COLUMN person text NOT NULL DEFAULT '';
ALTER TABLE links ADD COLUMN used_at datetime;

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
ALTER TABLE links DROP COLUMN used_at;
ALTER TABLE links DROP COLUMN person;
ALTER TABLE links DROP COLUMN alert;
ALTER TABLE alerts DROP COLUMN handed_by;
ALTER TABLE alerts DROP COLUMN handed_to;
ALTER TABLE alerts DROP COLUMN snoozed_by;
