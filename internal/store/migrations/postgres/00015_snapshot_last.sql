-- +goose Up
SELECT 1; -- Postgres keeps what is large beside the row by itself; SQLite moves the snapshot behind it

-- +goose Down
SELECT 1;
