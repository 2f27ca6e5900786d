-- What vendors said they would send, ahead of the bids that name it. Room is kept for it in each vendor's own share of a
-- tender, and nothing else is taken; what no bid names may go after the deadline.
CREATE TABLE announced_part (
  tender_id uuid NOT NULL REFERENCES tender,
  vendor_id uuid NOT NULL REFERENCES vendor,
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  size_bytes integer NOT NULL CHECK (size_bytes BETWEEN 1 AND 8388608),
  -- The entry that announced it, with others.
  entry_id uuid NOT NULL REFERENCES trail,
  announced_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tender_id, vendor_id, sha256)
);
CREATE INDEX announced_part_sha256 ON announced_part (sha256);
CREATE INDEX bid_part_sha256 ON bid_part (sha256);
CALL history_table('announced_part');
