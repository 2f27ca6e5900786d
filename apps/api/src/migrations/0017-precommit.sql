-- Commit, then upload: bids whose sealed files may follow, that they came, or that they never did.
-- The vendor's own word, signed in the entry: only such a bid can be void.
ALTER TABLE bid ADD COLUMN precommit boolean NOT NULL DEFAULT false;

CREATE TABLE bid_delivery (
  bid_id uuid PRIMARY KEY REFERENCES bid,
  commitment bytea NOT NULL UNIQUE CHECK (length(commitment) = 32),
  leaf_sha256 bytea NOT NULL UNIQUE CHECK (length(leaf_sha256) = 32),
  delivered_at timestamptz(3) NOT NULL
);
CALL history_table('bid_delivery');

CREATE TABLE bid_void (
  bid_id uuid PRIMARY KEY REFERENCES bid,
  commitment bytea NOT NULL UNIQUE CHECK (length(commitment) = 32),
  leaf_sha256 bytea NOT NULL UNIQUE CHECK (length(leaf_sha256) = 32),
  voided_at timestamptz(3) NOT NULL
);
CALL history_table('bid_void');

ALTER TABLE opened_bid DROP CONSTRAINT opened_bid_outcome_check,
  ADD CONSTRAINT opened_bid_outcome_check CHECK (outcome IN
    ('opened', 'invalid_dealing', 'context_mismatch', 'undecryptable', 'openers_failed', 'ciphertext_missing'));
