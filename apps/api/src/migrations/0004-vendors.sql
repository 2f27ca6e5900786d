-- Companies that bid.
CREATE TABLE vendor (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  country text NOT NULL,
  identifier_scheme text NOT NULL,
  identifier text NOT NULL,
  address text NOT NULL,
  -- What the company declared, as a canonical document; its hash is in the log.
  record jsonb NOT NULL,
  registered_by uuid NOT NULL REFERENCES account,
  registered_at timestamptz(3) NOT NULL,
  state text NOT NULL DEFAULT 'submitted' CHECK (state IN ('submitted', 'approved', 'rejected')),
  CONSTRAINT vendor_identifier UNIQUE (identifier_scheme, identifier)
);
CALL state_table('vendor', 'state');

CREATE TABLE vendor_document (
  id uuid PRIMARY KEY,
  vendor_id uuid NOT NULL REFERENCES vendor,
  kind text NOT NULL,
  file_name text NOT NULL,
  media_type text NOT NULL,
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  size_bytes bigint NOT NULL,
  expires_on date,
  added_at timestamptz(3) NOT NULL
);
CREATE INDEX vendor_document_vendor ON vendor_document (vendor_id, id);
CALL history_table('vendor_document');

CREATE TABLE vendor_decision (
  id uuid PRIMARY KEY,
  vendor_id uuid NOT NULL REFERENCES vendor,
  decided_by uuid NOT NULL REFERENCES account,
  decision text NOT NULL CHECK (decision IN ('approve', 'reject')),
  reasons jsonb NOT NULL,
  decided_at timestamptz(3) NOT NULL,
  CONSTRAINT vendor_decision_once UNIQUE (vendor_id, decided_by)
);
CALL history_table('vendor_decision');

CREATE TABLE vendor_exclusion (
  id uuid PRIMARY KEY,
  vendor_id uuid NOT NULL REFERENCES vendor,
  reason text NOT NULL,
  excluded_by uuid NOT NULL REFERENCES account,
  from_at timestamptz(3) NOT NULL,
  until_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3)
);
CREATE INDEX vendor_exclusion_vendor ON vendor_exclusion (vendor_id);
CALL state_table('vendor_exclusion', 'ended_at');

-- Who asked to bar a vendor; it happens when a second person asks the same.
CREATE TABLE vendor_exclusion_request (
  id uuid PRIMARY KEY,
  vendor_id uuid NOT NULL REFERENCES vendor,
  reason text NOT NULL,
  requested_by uuid NOT NULL REFERENCES account,
  requested_at timestamptz(3) NOT NULL,
  until_at timestamptz(3) NOT NULL
);
CREATE INDEX vendor_exclusion_request_vendor ON vendor_exclusion_request (vendor_id);
CALL history_table('vendor_exclusion_request');
