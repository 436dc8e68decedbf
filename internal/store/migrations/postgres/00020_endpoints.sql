-- +goose Up
-- Destinations outside, and every attempt to hand a message to one of them. People may have a phone.

CREATE TABLE endpoints (
    id             text COLLATE "C" NOT NULL PRIMARY KEY,
    name           text NOT NULL,
    channel        text COLLATE "C" NOT NULL,
    department     text COLLATE "C" NOT NULL, -- empty: of the whole company
    language       text COLLATE "C" NOT NULL,
    severities     text, -- JSON
    per_minute     bigint NOT NULL,
    confidential   boolean NOT NULL,
    disabled_at    timestamptz,
    created_at     timestamptz NOT NULL,
    created_by     text COLLATE "C" NOT NULL,
    changed_at     timestamptz NOT NULL,
    key_id         text COLLATE "C" NOT NULL REFERENCES keys (id),
    sealed         bytea NOT NULL,
    previous_until timestamptz
);

CREATE TABLE deliveries (
    message_id  text COLLATE "C" NOT NULL, -- of a ping: no message
    at          timestamptz NOT NULL,
    endpoint_id text COLLATE "C" NOT NULL REFERENCES endpoints (id),
    attempt     bigint NOT NULL,
    took        bigint NOT NULL, -- nanoseconds
    status      bigint NOT NULL,
    code        text NOT NULL,
    answer      text NOT NULL,
    outcome     text COLLATE "C" NOT NULL,
    PRIMARY KEY (message_id, at)
);
CREATE INDEX deliveries_endpoint ON deliveries (endpoint_id, at, message_id);

ALTER TABLE messages ADD COLUMN endpoint text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN phone text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE people DROP COLUMN phone;
ALTER TABLE messages DROP COLUMN endpoint;
DROP TABLE deliveries;
DROP TABLE endpoints;
