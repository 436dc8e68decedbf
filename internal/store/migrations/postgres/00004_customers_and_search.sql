-- +goose Up
-- Customers who are one and the same, legal holds, who read contact data, and the search index. The
-- index is derived and not in dumps: `recourse search rebuild` makes it again.
ALTER TABLE customers ADD COLUMN merged_into text COLLATE "C" NOT NULL DEFAULT ''; -- '' while it stands for itself
ALTER TABLE customers ADD COLUMN held_at timestamptz;
CREATE INDEX customers_merged ON customers (merged_into) WHERE merged_into <> '';

CREATE TABLE customer_acts (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    customer_id text COLLATE "C" NOT NULL REFERENCES customers (id),
    "into"      text COLLATE "C" NOT NULL, -- '' but for a merge
    kind        text NOT NULL,
    person      text COLLATE "C" NOT NULL,
    acted_at    timestamptz NOT NULL,
    key_id      text COLLATE "C" NOT NULL, -- '' without a reason
    reason      bytea
);
CREATE INDEX customer_acts_customer ON customer_acts (customer_id, acted_at);

CREATE TABLE contact_reads (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    case_id     text COLLATE "C" NOT NULL, -- '' on the customer's page
    customer_id text COLLATE "C" NOT NULL, -- '' when anonymous
    person      text COLLATE "C" NOT NULL,
    read_at     timestamptz NOT NULL,
    place       text NOT NULL,
    key_id      text COLLATE "C" NOT NULL, -- '' without a reason
    reason      bytea
);
CREATE INDEX contact_reads_case ON contact_reads (case_id, read_at, id) WHERE case_id <> '';
CREATE INDEX contact_reads_customer ON contact_reads (customer_id, read_at, id) WHERE case_id = '';

CREATE INDEX cases_product ON cases (product, received_at, id) WHERE product <> '';

-- ref names a text, or the case itself for its number and product. Terms are keyed digests. What is
-- new waits in a list that every search reads through, so that list is kept short.
CREATE TABLE search_texts (
    ref     text COLLATE "C" NOT NULL PRIMARY KEY,
    case_id text COLLATE "C" NOT NULL REFERENCES cases (id),
    terms   bigint[] NOT NULL
);
CREATE INDEX search_texts_case ON search_texts (case_id);
CREATE INDEX search_texts_terms ON search_texts USING gin (terms) WITH (gin_pending_list_limit = 512);

-- +goose Down
DROP TABLE search_texts;
DROP INDEX cases_product;
DROP TABLE contact_reads;
DROP TABLE customer_acts;
DROP INDEX customers_merged;
ALTER TABLE customers DROP COLUMN held_at;
ALTER TABLE customers DROP COLUMN merged_into;
