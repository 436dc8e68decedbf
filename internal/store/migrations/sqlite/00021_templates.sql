-- +goose Up
-- The company's own words for messages, versions of which are only added. Those that the product ships
-- with are not among them.

CREATE TABLE templates (
    name       text NOT NULL,
    language   text NOT NULL,
    medium     text NOT NULL,
    version    integer NOT NULL,
    subject    text NOT NULL,
    body       text NOT NULL, -- empty: the product's own words again
    author     text NOT NULL,
    reason     text NOT NULL,
    created_at datetime NOT NULL,
    PRIMARY KEY (name, language, medium, version)
);

-- +goose Down
DROP TABLE templates;
