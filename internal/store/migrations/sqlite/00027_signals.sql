-- +goose Up
-- Products, categories and causes whose complaints rose beyond what chance explains, as it was seen then.

CREATE TABLE signals (
    id          text NOT NULL PRIMARY KEY,
    dimension   text NOT NULL,
    value       text NOT NULL,
    step        text NOT NULL,
    from_at     datetime NOT NULL,
    until_at    datetime NOT NULL,
    zone        text NOT NULL,
    chart       text NOT NULL,
    count       integer NOT NULL,
    size        integer NOT NULL,
    center      real NOT NULL,
    upper       real NOT NULL,
    rules       text NOT NULL, -- JSON
    chance      real NOT NULL,
    first_seen  datetime NOT NULL,
    evidence    text NOT NULL, -- JSON
    detected_at datetime NOT NULL
);
CREATE INDEX signals_until ON signals (until_at, id);
CREATE INDEX signals_detected ON signals (detected_at);

-- +goose Down
DROP TABLE signals;
