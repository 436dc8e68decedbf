-- +goose Up
-- What the page of the system asks for: what did not leave, and which workflows were started again.
CREATE INDEX messages_unsent ON messages (state, channel) WHERE state <> 'sent';
CREATE INDEX start_intents_restarted ON start_intents (created_at) WHERE restart <> '';

-- +goose Down
DROP INDEX start_intents_restarted;
DROP INDEX messages_unsent;
