-- +goose Up
CREATE TABLE attachments (
    id         text NOT NULL PRIMARY KEY,
    uploader   text NOT NULL, -- '' when it is being swept
    case_id    text NOT NULL, -- '' while staged
    command    text NOT NULL,
    seq        integer NOT NULL, -- 0 until bound
    key_id     text NOT NULL REFERENCES keys (id),
    name       blob,
    digest     text NOT NULL,
    blob       text NOT NULL,
    size       integer NOT NULL,
    media_type text NOT NULL,
    staged_at  datetime NOT NULL
);
CREATE INDEX attachments_case ON attachments (case_id, seq);
CREATE INDEX attachments_staged ON attachments (staged_at) WHERE seq = 0;

-- +goose Down
DROP TABLE attachments;
