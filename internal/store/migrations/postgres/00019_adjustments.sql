-- +goose Up
-- Changes to the deadlines of many running cases, and what became of each case under them.

CREATE TABLE adjustments (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    kind       text COLLATE "C" NOT NULL,
    state      text COLLATE "C" NOT NULL,
    policy     text COLLATE "C" NOT NULL,
    grace      bigint NOT NULL, -- nanoseconds
    later      bigint NOT NULL, -- nanoseconds
    calendar   text COLLATE "C" NOT NULL,
    clocks     text COLLATE "C" NOT NULL,
    until      timestamptz,
    tell       boolean NOT NULL,
    filter     text NOT NULL,
    reason     text NOT NULL,
    author     text COLLATE "C" NOT NULL,
    not_before timestamptz,
    created_at timestamptz NOT NULL,
    started_by text COLLATE "C" NOT NULL,
    started_at timestamptz,
    done_at    timestamptz,
    undone_by  text COLLATE "C" NOT NULL,
    undone_at  timestamptz
);

CREATE TABLE adjusted_cases (
    adjustment_id text COLLATE "C" NOT NULL REFERENCES adjustments (id),
    case_id       text COLLATE "C" NOT NULL,
    number        text COLLATE "C" NOT NULL,
    state         text COLLATE "C" NOT NULL,
    planned       text, -- nothing: no bound moves
    moved         text,
    earlier       boolean NOT NULL,
    later         boolean NOT NULL,
    at_once       boolean NOT NULL,
    seq           bigint NOT NULL,
    attempts      bigint NOT NULL,
    why           text NOT NULL,
    at            timestamptz,
    PRIMARY KEY (adjustment_id, case_id)
);

CREATE INDEX adjusted_cases_state ON adjusted_cases (adjustment_id, state, case_id);

-- +goose Down
DROP TABLE adjusted_cases;
DROP TABLE adjustments;
