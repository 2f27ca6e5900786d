-- Sealed bids: what was submitted, never changed; who withdrew; what a box holds.
CREATE TABLE bid (
  -- The bid_id of the manifest.
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  lot_id uuid NOT NULL REFERENCES lot,
  envelope text NOT NULL CHECK (envelope IN ('single', 'technical', 'price')),
  offer_id uuid NOT NULL,
  vendor_id uuid NOT NULL REFERENCES vendor,
  submitted_by uuid NOT NULL REFERENCES account,
  replaces uuid REFERENCES bid,
  -- The DSSE envelope of the manifest is in the object store under its own hash.
  manifest_sha256 bytea NOT NULL UNIQUE CHECK (length(manifest_sha256) = 32),
  manifest_object bytea NOT NULL CHECK (length(manifest_object) = 32),
  ct_root bytea NOT NULL CHECK (length(ct_root) = 32),
  -- The age recipient of the payload: one key, one bid.
  recipient text NOT NULL UNIQUE,
  size_bytes bigint NOT NULL,
  notice_sha256 bytea NOT NULL,
  commitment bytea NOT NULL UNIQUE CHECK (length(commitment) = 32),
  leaf_sha256 bytea NOT NULL UNIQUE CHECK (length(leaf_sha256) = 32),
  submitted_at timestamptz(3) NOT NULL,
  -- Order of one vendor's versions: ids are the vendor's own choice and instants can be equal.
  ordinal bigint GENERATED ALWAYS AS IDENTITY,
  CONSTRAINT bid_ct_root UNIQUE (ct_root),
  CONSTRAINT bid_replaced_once UNIQUE (replaces)
);
CREATE INDEX bid_tender ON bid (tender_id, lot_id, envelope);
CREATE INDEX bid_vendor ON bid (vendor_id, id);
CALL history_table('bid');

-- The parts of a bid's ciphertext in order: each is in the object store under its SHA-256.
CREATE TABLE bid_part (
  bid_id uuid NOT NULL REFERENCES bid,
  position integer NOT NULL CHECK (position >= 0),
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  PRIMARY KEY (bid_id, position)
);
CALL history_table('bid_part');

CREATE TABLE bid_withdrawal (
  bid_id uuid PRIMARY KEY REFERENCES bid,
  commitment bytea NOT NULL UNIQUE,
  leaf_sha256 bytea NOT NULL,
  withdrawn_at timestamptz(3) NOT NULL
);
CALL history_table('bid_withdrawal');

CREATE TABLE bid_reconfirmation (
  id uuid PRIMARY KEY,
  bid_id uuid NOT NULL REFERENCES bid,
  notice_sha256 bytea NOT NULL,
  commitment bytea NOT NULL UNIQUE,
  leaf_sha256 bytea NOT NULL,
  reconfirmed_at timestamptz(3) NOT NULL,
  CONSTRAINT bid_reconfirmation_once UNIQUE (bid_id, notice_sha256)
);
CALL history_table('bid_reconfirmation');

CREATE TABLE box (
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  lot_id uuid NOT NULL REFERENCES lot,
  envelope text NOT NULL,
  cut_size bigint NOT NULL,
  count integer NOT NULL,
  set_root bytea NOT NULL CHECK (length(set_root) = 32),
  entry_sha256 bytea NOT NULL,
  leaf_sha256 bytea NOT NULL,
  closed_at timestamptz(3) NOT NULL,
  CONSTRAINT box_once UNIQUE (lot_id, envelope)
);
CALL history_table('box');

CREATE TABLE box_bid (
  box_id uuid NOT NULL REFERENCES box,
  bid_id uuid NOT NULL REFERENCES bid,
  PRIMARY KEY (box_id, bid_id)
);
CALL history_table('box_bid');

CREATE TABLE box_attestation (
  id uuid PRIMARY KEY,
  box_id uuid NOT NULL REFERENCES box,
  auditor_id uuid NOT NULL REFERENCES account,
  body jsonb NOT NULL,
  key text NOT NULL,
  sig text NOT NULL,
  attested_at timestamptz(3) NOT NULL,
  CONSTRAINT box_attestation_once UNIQUE (box_id, auditor_id)
);
CALL history_table('box_attestation');
