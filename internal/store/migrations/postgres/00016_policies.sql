-- +goose Up
-- The versions of the policy. What the product ships with is not among them.

CREATE TABLE policies (
    number       bigint NOT NULL PRIMARY KEY,
    document     bytea NOT NULL, -- as it was written
    author       text COLLATE "C" NOT NULL,
    reason       text NOT NULL,
    effective_at timestamptz NOT NULL,
    created_at   timestamptz NOT NULL
);

-- +goose Down
DROP TABLE policies;
