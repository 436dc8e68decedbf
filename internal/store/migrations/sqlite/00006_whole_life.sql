-- +goose Up
-- How a case lives beside the main road. What a column means stands with its field in models/rows.go;
-- lists of ids are kept as ',a,b,' so that one query fits both databases.
ALTER TABLE cases ADD COLUMN ending text NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN returns integer NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN transfers integer NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN urges integer NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN problem boolean NOT NULL DEFAULT false;
ALTER TABLE cases ADD COLUMN pause_reason text NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN interim boolean NOT NULL DEFAULT false;
ALTER TABLE cases ADD COLUMN merged_into text NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN group_lead text NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN tasks text NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN circle text NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN named text NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN given_minor integer NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN given_currency text NOT NULL DEFAULT '';
CREATE INDEX cases_group ON cases (group_lead) WHERE group_lead <> '';
CREATE INDEX cases_merged ON cases (merged_into) WHERE merged_into <> '';

-- +goose Down
DROP INDEX cases_merged;
DROP INDEX cases_group;
ALTER TABLE cases DROP COLUMN ending;
ALTER TABLE cases DROP COLUMN returns;
ALTER TABLE cases DROP COLUMN transfers;
ALTER TABLE cases DROP COLUMN urges;
ALTER TABLE cases DROP COLUMN problem;
ALTER TABLE cases DROP COLUMN pause_reason;
ALTER TABLE cases DROP COLUMN interim;
ALTER TABLE cases DROP COLUMN merged_into;
ALTER TABLE cases DROP COLUMN group_lead;
ALTER TABLE cases DROP COLUMN tasks;
ALTER TABLE cases DROP COLUMN circle;
ALTER TABLE cases DROP COLUMN named;
ALTER TABLE cases DROP COLUMN given_minor;
ALTER TABLE cases DROP COLUMN given_currency;
