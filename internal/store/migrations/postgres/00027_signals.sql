-- +goose Up
-- Products, categories and causes whose complaints rose beyond what chance explains, as it was seen then.

CREATE TABLE signals (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    dimension   text COLLATE "C" NOT NULL,
    value       text COLLATE "C" NOT NULL,
    step        text COLLATE "C" NOT NULL,
    from_at     timestamptz NOT NULL,
    until_at    timestamptz NOT NULL,
    zone        text NOT NULL,
    chart       text NOT NULL,
    count       bigint NOT NULL,
    size        bigint NOT NULL,
    center      double precision NOT NULL,
    upper       double precision NOT NULL,
    rules       text NOT NULL, -- JSON
    chance      double precision NOT NULL,
    first_seen  timestamptz NOT NULL,
    evidence    text NOT NULL, -- JSON
    detected_at timestamptz NOT NULL
);
CREATE INDEX signals_until ON signals (until_at, id);
CREATE INDEX signals_detected ON signals (detected_at);

-- +goose Down
DROP TABLE signals;
