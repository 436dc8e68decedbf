-- +goose Up
-- What the page of the system asks for: answers that a case refused, in the words of RefusedIncomings.
CREATE INDEX incomings_refused ON incomings (passed_at) WHERE state = 'refused';

-- +goose Down
DROP INDEX incomings_refused;
