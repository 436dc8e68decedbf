-- +goose Up
CREATE TABLE attachments (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    uploader   text COLLATE "C" NOT NULL, -- '' when it is being swept
    case_id    text COLLATE "C" NOT NULL, -- '' while staged
    command    text NOT NULL,
    seq        bigint NOT NULL, -- 0 until bound
    key_id     text COLLATE "C" NOT NULL REFERENCES keys (id),
    name       bytea,
    digest     text NOT NULL,
    blob       text NOT NULL,
    size       bigint NOT NULL,
    media_type text NOT NULL,
    staged_at  timestamptz NOT NULL
);
CREATE INDEX attachments_case ON attachments (case_id, seq);
CREATE INDEX attachments_staged ON attachments (staged_at) WHERE seq = 0;

-- +goose Down
DROP TABLE attachments;
