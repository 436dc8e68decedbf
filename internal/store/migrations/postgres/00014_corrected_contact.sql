-- +goose Up
-- By what a customer is found once the contact data of a case was corrected: keyed digests, staged
-- with the corrected text and taken up into customer_digests with the event that names it. They stay,
-- so that what was lost can be seen and made again, and go when the customer is erased.
CREATE TABLE contact_ways (
    ref    text COLLATE "C" NOT NULL REFERENCES texts (ref),
    digest text COLLATE "C" NOT NULL,
    kind   text NOT NULL,
    PRIMARY KEY (ref, digest)
);

-- +goose Down
DROP TABLE contact_ways;
