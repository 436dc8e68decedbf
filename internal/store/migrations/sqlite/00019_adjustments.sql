-- +goose Up
-- Changes to the deadlines of many running cases, and what became of each case under them.

CREATE TABLE adjustments (
    id         text NOT NULL PRIMARY KEY,
    kind       text NOT NULL,
    state      text NOT NULL,
    policy     text NOT NULL,
    grace      integer NOT NULL, -- nanoseconds
    later      integer NOT NULL, -- nanoseconds
    calendar   text NOT NULL,
    clocks     text NOT NULL,
    until      datetime,
    tell       boolean NOT NULL,
    filter     text NOT NULL,
    reason     text NOT NULL,
    author     text NOT NULL,
    not_before datetime,
    created_at datetime NOT NULL,
    started_by text NOT NULL,
    started_at datetime,
    done_at    datetime,
    undone_by  text NOT NULL,
    undone_at  datetime
);

CREATE TABLE adjusted_cases (
    adjustment_id text NOT NULL REFERENCES adjustments (id),
    case_id       text NOT NULL,
    number        text NOT NULL,
    state         text NOT NULL,
    planned       text, -- nothing: no bound moves
    moved         text,
    earlier       boolean NOT NULL,
    later         boolean NOT NULL,
    at_once       boolean NOT NULL,
    seq           integer NOT NULL,
    attempts      integer NOT NULL,
    why           text NOT NULL,
    at            datetime,
    PRIMARY KEY (adjustment_id, case_id)
);

CREATE INDEX adjusted_cases_state ON adjusted_cases (adjustment_id, state, case_id);

-- +goose Down
DROP TABLE adjusted_cases;
DROP TABLE adjustments;
