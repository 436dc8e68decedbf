-- +goose Up
CREATE INDEX messages_alert ON messages (next_at) WHERE state = 'pending' AND template = 'alert';

-- +goose Down
DROP INDEX messages_alert;
