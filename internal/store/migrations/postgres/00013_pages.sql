-- +goose Up
-- Pages of a queue at a million cases. In the order in which they press, a single state or severity is
-- found in the index; the cases of a department, of a person, or that wait, lie in it by themselves.
-- Those three cost nothing while a complaint is taken. What is open stands here in the words of
-- unweighed in order.go.
DROP INDEX cases_due;
CREATE INDEX cases_due ON cases (due_at, id, state, severity) WHERE due_at IS NOT NULL;
CREATE INDEX cases_department_due ON cases (department, due_at, id) WHERE due_at IS NOT NULL AND department <> '';
CREATE INDEX cases_assignee_due ON cases (assignee, due_at, id) WHERE due_at IS NOT NULL AND assignee <> '';
CREATE INDEX cases_paused ON cases (due_at, id) WHERE pause_reason <> '';
DROP INDEX cases_waiting;
CREATE INDEX cases_waiting ON cases (id) WHERE due_at IS NULL AND CASE WHEN state IN ('received', 'dispatched', 'investigating', 'awaiting_approval', 'solution_ready', 'implementing', 'resolved', 'following_up') THEN TRUE ELSE FALSE END;

-- +goose Down
DROP INDEX cases_waiting;
CREATE INDEX cases_waiting ON cases (id) WHERE due_at IS NULL AND state IN ('received', 'dispatched', 'investigating', 'awaiting_approval', 'solution_ready', 'implementing', 'resolved', 'following_up');
DROP INDEX cases_paused;
DROP INDEX cases_assignee_due;
DROP INDEX cases_department_due;
DROP INDEX cases_due;
CREATE INDEX cases_due ON cases (due_at, id) WHERE due_at IS NOT NULL;
