-- +goose Up
-- Destinations outside, and every attempt to hand a message to one of them. People may have a phone.

CREATE TABLE endpoints (
    id             text NOT NULL PRIMARY KEY,
    name           text NOT NULL,
    channel        text NOT NULL,
    department     text NOT NULL, -- empty: of the whole company
    language       text NOT NULL,
    severities     text, -- JSON
    per_minute     integer NOT NULL,
    confidential   boolean NOT NULL,
    disabled_at    datetime,
    created_at     datetime NOT NULL,
    created_by     text NOT NULL,
    changed_at     datetime NOT NULL,
    key_id         text NOT NULL REFERENCES keys (id),
    sealed         blob NOT NULL,
    previous_until datetime
);

CREATE TABLE deliveries (
    message_id  text NOT NULL, -- of a ping: no message
    at          datetime NOT NULL,
    endpoint_id text NOT NULL REFERENCES endpoints (id),
    attempt     integer NOT NULL,
    took        integer NOT NULL, -- nanoseconds
    status      integer NOT NULL,
    code        text NOT NULL,
    answer      text NOT NULL,
    outcome     text NOT NULL,
    PRIMARY KEY (message_id, at)
);
CREATE INDEX deliveries_endpoint ON deliveries (endpoint_id, at, message_id);

ALTER TABLE messages ADD COLUMN endpoint text NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN phone text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE people DROP COLUMN phone;
ALTER TABLE messages DROP COLUMN endpoint;
DROP TABLE deliveries;
DROP TABLE endpoints;
