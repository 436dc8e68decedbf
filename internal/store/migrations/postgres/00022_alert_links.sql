-- +goose Up
-- A message about an alert carries a link by which its reader acts on it, once. Only the hash of its token is kept.

CREATE TABLE alert_links (
    hash       text COLLATE "C" NOT NULL PRIMARY KEY,
    case_id    text COLLATE "C" NOT NULL REFERENCES cases (id),
    alert_id   text COLLATE "C" NOT NULL,
    person_id  text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    wish       text COLLATE "C" NOT NULL, -- hash of what it was used for; empty: for nothing
    used_at    timestamptz
);
CREATE INDEX alert_links_case ON alert_links (case_id);

-- +goose Down
DROP TABLE alert_links;
