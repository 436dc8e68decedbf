-- +goose Up
-- What a queue is sorted by. The second index holds what is open in the words of openOnly in query.go.
ALTER TABLE cases ADD COLUMN due_clock text NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN due_from datetime;
ALTER TABLE cases ADD COLUMN soon_at datetime;
ALTER TABLE cases ADD COLUMN due_at datetime;
CREATE INDEX cases_due ON cases (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX cases_waiting ON cases (id) WHERE due_at IS NULL AND state IN ('received', 'dispatched', 'investigating', 'awaiting_approval', 'solution_ready', 'implementing', 'resolved', 'following_up');
CREATE INDEX cases_first_resolved ON cases (first_resolved_at) WHERE first_resolved_at IS NOT NULL; -- figures of a period

-- +goose Down
DROP INDEX cases_first_resolved;
DROP INDEX cases_waiting;
DROP INDEX cases_due;
ALTER TABLE cases DROP COLUMN due_at;
ALTER TABLE cases DROP COLUMN soon_at;
ALTER TABLE cases DROP COLUMN due_from;
ALTER TABLE cases DROP COLUMN due_clock;
