-- What is measured, not decided: the clock against time sources, our own service from outside. Acts that rest on
-- measurements say so in the log, with a hash of those they rest on.
CREATE TABLE clock_measurement (
  id uuid PRIMARY KEY,
  at timestamptz(3) NOT NULL,
  -- Median over the sources; null: none answered.
  offset_ms integer,
  standing text NOT NULL CHECK (standing IN ('right', 'wrong', 'unknown')),
  sources jsonb NOT NULL,
  -- An entry clock.measured says the same.
  logged boolean NOT NULL
);
CREATE INDEX clock_measurement_at ON clock_measurement (at);
CALL history_table('clock_measurement');

CREATE TABLE probe (
  id uuid PRIMARY KEY,
  at timestamptz(3) NOT NULL,
  ok boolean NOT NULL,
  -- How long the answer took.
  ms integer NOT NULL,
  -- Names of what a bidder needs and did not work.
  failed text[] NOT NULL
);
CREATE INDEX probe_at ON probe (at);
CALL history_table('probe');

-- Measured outages that moved a deadline, or would have if the rule pack had not said that it is enough.
CREATE TABLE outage (
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  -- The window that was looked at, and how much of it was down.
  from_at timestamptz(3) NOT NULL,
  until_at timestamptz(3) NOT NULL,
  minutes integer NOT NULL,
  -- The probes, in the object store under this hash, public.
  evidence_sha256 bytea NOT NULL CHECK (length(evidence_sha256) = 32),
  deadline_before timestamptz(3) NOT NULL,
  -- Null: the pack's number of extensions was used up.
  extended_to timestamptz(3),
  leaf_sha256 bytea NOT NULL UNIQUE CHECK (length(leaf_sha256) = 32),
  recorded_at timestamptz(3) NOT NULL,
  CONSTRAINT outage_moves_later CHECK (extended_to > deadline_before)
);
CREATE INDEX outage_tender ON outage (tender_id, id);
CREATE INDEX outage_evidence ON outage (evidence_sha256);
CALL history_table('outage');
