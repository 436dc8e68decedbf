-- +goose Up
-- The company's own words for messages, versions of which are only added. Those that the product ships
-- with are not among them.

CREATE TABLE templates (
    name       text COLLATE "C" NOT NULL,
    language   text COLLATE "C" NOT NULL,
    medium     text COLLATE "C" NOT NULL,
    version    bigint NOT NULL,
    subject    text NOT NULL,
    body       text NOT NULL, -- empty: the product's own words again
    author     text COLLATE "C" NOT NULL,
    reason     text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (name, language, medium, version)
);

-- +goose Down
DROP TABLE templates;
