-- +goose Up
-- Customers who are one and the same, legal holds, who read contact data, and the search index. The
-- index is derived and not in dumps: `recourse search rebuild` makes it again.
ALTER TABLE customers ADD COLUMN merged_into text NOT NULL DEFAULT ''; -- '' while it stands for itself
ALTER TABLE customers ADD COLUMN held_at datetime;
CREATE INDEX customers_merged ON customers (merged_into) WHERE merged_into <> '';

CREATE TABLE customer_acts (
    id          text NOT NULL PRIMARY KEY,
    customer_id text NOT NULL REFERENCES customers (id),
    "into"      text NOT NULL, -- '' but for a merge
    kind        text NOT NULL,
    person      text NOT NULL,
    acted_at    datetime NOT NULL,
    key_id      text NOT NULL, -- '' without a reason
    reason      blob
);
CREATE INDEX customer_acts_customer ON customer_acts (customer_id, acted_at);

CREATE TABLE contact_reads (
    id          text NOT NULL PRIMARY KEY,
    case_id     text NOT NULL, -- '' on the customer's page
    customer_id text NOT NULL, -- '' when anonymous
    person      text NOT NULL,
    read_at     datetime NOT NULL,
    place       text NOT NULL,
    key_id      text NOT NULL, -- '' without a reason
    reason      blob
);
CREATE INDEX contact_reads_case ON contact_reads (case_id, read_at, id) WHERE case_id <> '';
CREATE INDEX contact_reads_customer ON contact_reads (customer_id, read_at, id) WHERE case_id = '';

CREATE INDEX cases_product ON cases (product, received_at, id) WHERE product <> '';

-- ref names a text, or the case itself for its number and product. Terms are keyed digests.
CREATE TABLE search_texts (
    id      integer PRIMARY KEY,
    ref     text NOT NULL,
    case_id text NOT NULL REFERENCES cases (id)
);
CREATE UNIQUE INDEX search_texts_ref ON search_texts (ref);
CREATE INDEX search_texts_case ON search_texts (case_id);

CREATE TABLE search_terms (
    term integer NOT NULL,
    text integer NOT NULL REFERENCES search_texts (id) ON DELETE CASCADE,
    PRIMARY KEY (term, text)
) WITHOUT ROWID;
CREATE INDEX search_terms_text ON search_terms (text);

-- +goose Down
DROP TABLE search_terms;
DROP TABLE search_texts;
DROP INDEX cases_product;
DROP TABLE contact_reads;
DROP TABLE customer_acts;
DROP INDEX customers_merged;
ALTER TABLE customers DROP COLUMN held_at;
ALTER TABLE customers DROP COLUMN merged_into;
