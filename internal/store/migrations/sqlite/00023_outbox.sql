-- +goose Up
-- The outbox shows all messages, the latest first.
CREATE INDEX messages_created ON messages (created_at, id);

-- +goose Down
DROP INDEX messages_created;
