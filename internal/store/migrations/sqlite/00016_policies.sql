-- +goose Up
-- The versions of the policy. What the product ships with is not among them.

CREATE TABLE policies (
    number       integer NOT NULL PRIMARY KEY,
    document     blob NOT NULL, -- as it was written
    author       text NOT NULL,
    reason       text NOT NULL,
    effective_at datetime NOT NULL,
    created_at   datetime NOT NULL
);

-- +goose Down
DROP TABLE policies;
