-- Opening: readiness of openers, released shares, opened bids.
CREATE TABLE readiness_challenge (
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  opener_id uuid NOT NULL REFERENCES account,
  wrap bytea NOT NULL,
  expected_sha256 bytea NOT NULL CHECK (length(expected_sha256) = 32),
  asked_at timestamptz(3) NOT NULL
);
CREATE INDEX readiness_challenge_tender ON readiness_challenge (tender_id, opener_id);
CALL history_table('readiness_challenge');

CREATE TABLE readiness_proof (
  challenge_id uuid PRIMARY KEY REFERENCES readiness_challenge,
  proved_at timestamptz(3) NOT NULL
);
CALL history_table('readiness_proof');

-- One opener's release for one box: all shares or none.
CREATE TABLE share_release (
  id uuid PRIMARY KEY,
  box_id uuid NOT NULL REFERENCES box,
  opener_id uuid NOT NULL REFERENCES account,
  group_name text NOT NULL,
  body jsonb NOT NULL,
  key text NOT NULL,
  sig text NOT NULL,
  leaf_sha256 bytea NOT NULL,
  released_at timestamptz(3) NOT NULL,
  CONSTRAINT share_release_once UNIQUE (box_id, opener_id)
);
CALL history_table('share_release');

CREATE TABLE share (
  release_id uuid NOT NULL REFERENCES share_release,
  bid_id uuid NOT NULL REFERENCES bid,
  x integer NOT NULL CHECK (x BETWEEN 1 AND 32),
  share bytea NOT NULL CHECK (length(share) = 33),
  PRIMARY KEY (release_id, bid_id)
);
CALL history_table('share');

-- A bid of a release whose wrap did not hold the committed share, as the opener says.
CREATE TABLE share_complaint (
  release_id uuid NOT NULL REFERENCES share_release,
  bid_id uuid NOT NULL REFERENCES bid,
  reason text NOT NULL CHECK (reason IN ('undecryptable', 'context_mismatch', 'commitment_mismatch')),
  PRIMARY KEY (release_id, bid_id)
);
CALL history_table('share_complaint');

-- A seed its vendor disclosed because openers failed the bid.
CREATE TABLE seed_disclosure (
  bid_id uuid PRIMARY KEY REFERENCES bid,
  seed bytea NOT NULL CHECK (length(seed) = 32),
  disclosed_by uuid NOT NULL REFERENCES account,
  disclosed_at timestamptz(3) NOT NULL
);
CALL history_table('seed_disclosure');

CREATE TABLE share_rejection (
  id uuid PRIMARY KEY,
  box_id uuid NOT NULL REFERENCES box,
  opener_id uuid NOT NULL REFERENCES account,
  bid_id uuid NOT NULL REFERENCES bid,
  reason text NOT NULL,
  rejected_at timestamptz(3) NOT NULL
);
CALL history_table('share_rejection');

-- One box's opening: authorised when every group has released, then bid by bid, then completed.
CREATE TABLE opening (
  box_id uuid PRIMARY KEY REFERENCES box,
  authorised_at timestamptz(3) NOT NULL,
  completed_at timestamptz(3),
  opened integer,
  rejected integer,
  CONSTRAINT opening_completed_is_counted CHECK ((completed_at IS NULL) = (opened IS NULL) AND (opened IS NULL) = (rejected IS NULL))
);
CALL state_table('opening', 'completed_at', 'opened', 'rejected');

CREATE TABLE opened_bid (
  bid_id uuid PRIMARY KEY REFERENCES bid,
  box_id uuid NOT NULL REFERENCES box,
  outcome text NOT NULL CHECK (outcome IN ('opened', 'invalid_dealing', 'context_mismatch', 'undecryptable', 'openers_failed')),
  detail text,
  plaintext_root bytea CHECK (length(plaintext_root) = 32),
  -- seal.json of the payload and the offer form, as documents.
  seal jsonb,
  offer jsonb,
  -- The seed, as an age file to the auditors' recipients.
  seed_escrow bytea,
  commitment bytea NOT NULL,
  leaf_sha256 bytea NOT NULL,
  opened_at timestamptz(3) NOT NULL
);
CREATE INDEX opened_bid_box ON opened_bid (box_id);
CALL history_table('opened_bid');

CREATE TABLE opened_document (
  bid_id uuid NOT NULL REFERENCES bid,
  position integer NOT NULL,
  path text NOT NULL,
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  size_bytes bigint NOT NULL,
  PRIMARY KEY (bid_id, position)
);
CALL history_table('opened_document');
