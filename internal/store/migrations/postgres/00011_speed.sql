-- +goose Up
-- The long columns that every step writes are compressed with lz4 where the server can: pglz, the
-- default, costs more than all the rest of the statement. What is sealed or a digest is not compressed
-- at all, it would not get shorter. Rows that are there already stay as they are.
-- +goose StatementBegin
DO $$
BEGIN
    ALTER TABLE cases ALTER COLUMN snapshot SET COMPRESSION lz4;
    ALTER TABLE entries ALTER COLUMN body SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL; -- a server built without lz4
END
$$;
-- +goose StatementEnd
ALTER TABLE texts ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE search_texts ALTER COLUMN terms SET STORAGE EXTERNAL;
-- A shorter list of what is still to be merged into the index: the intake that merges it waits less.
ALTER INDEX search_texts_terms SET (gin_pending_list_limit = 128);
-- Who works together on a case, for the lists of those departments.
CREATE INDEX cases_tasks ON cases (id) WHERE tasks <> '';

-- +goose Down
DROP INDEX cases_tasks;
ALTER INDEX search_texts_terms SET (gin_pending_list_limit = 512);
ALTER TABLE search_texts ALTER COLUMN terms SET STORAGE EXTENDED;
ALTER TABLE texts ALTER COLUMN sealed SET STORAGE EXTENDED;
ALTER TABLE entries ALTER COLUMN body SET COMPRESSION default;
ALTER TABLE cases ALTER COLUMN snapshot SET COMPRESSION default;
