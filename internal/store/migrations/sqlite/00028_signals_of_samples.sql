-- +goose Up
-- A signal that was found in samples is of no use once there is a real case: it is known by this.

ALTER TABLE signals ADD COLUMN sample boolean NOT NULL DEFAULT FALSE;
UPDATE signals SET sample = TRUE
    WHERE NOT EXISTS (SELECT 1 FROM cases WHERE NOT cases.sample AND cases.recorded_at <= signals.detected_at);

-- +goose Down
ALTER TABLE signals DROP COLUMN sample;
