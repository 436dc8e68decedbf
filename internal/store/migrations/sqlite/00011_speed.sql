-- +goose Up
-- Who works together on a case, for the lists of those departments. (SQLite compresses nothing.)
CREATE INDEX cases_tasks ON cases (id) WHERE tasks <> '';

-- +goose Down
DROP INDEX cases_tasks;
