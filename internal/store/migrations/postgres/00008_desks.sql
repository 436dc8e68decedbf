-- +goose Up
-- What the desks of deciders, managers and callers ask for: which roles a case waits for to decide, and
-- what is out and not yet acknowledged, or acknowledged by whom. The first index holds what waits in the
-- words of waiting in alerts.go.
ALTER TABLE cases ADD COLUMN asks text COLLATE "C" NOT NULL DEFAULT '';
UPDATE cases SET asks = (
    SELECT ',' || string_agg(decider, ',' ORDER BY decider COLLATE "C") || ',' FROM (
        SELECT DISTINCT request->>'decider' AS decider FROM jsonb_array_elements(convert_from(snapshot, 'UTF8')::jsonb->'requests') AS request
    ) AS deciders
) WHERE position('"requests":[{'::bytea IN snapshot) > 0;
CREATE INDEX cases_asks ON cases (asks) WHERE asks <> '';
CREATE INDEX alerts_waiting ON alerts (ack_by, id) WHERE ack_by IS NOT NULL AND acknowledged_at IS NULL AND ended_at IS NULL AND NOT superseded;
CREATE INDEX alerts_by ON alerts (acknowledged_by, fired_at) WHERE acknowledged_by <> '';

-- +goose Down
DROP INDEX alerts_by;
DROP INDEX alerts_waiting;
DROP INDEX cases_asks;
ALTER TABLE cases DROP COLUMN asks;
