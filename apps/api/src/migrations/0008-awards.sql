-- Evaluation and award.
CREATE TABLE conflict_declaration (
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  account_id uuid NOT NULL REFERENCES account,
  conflict boolean NOT NULL,
  body jsonb NOT NULL,
  key text NOT NULL,
  sig text NOT NULL,
  declared_at timestamptz(3) NOT NULL,
  -- Once each: a conflict that shows only when the bidders are known is declared later, and never taken back.
  CONSTRAINT conflict_declaration_once UNIQUE (tender_id, account_id, conflict)
);
CALL history_table('conflict_declaration');

-- An evaluator's finding on one bid: admitted, or rejected on a criterion, with evidence and text.
CREATE TABLE finding (
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  lot_id uuid NOT NULL REFERENCES lot,
  bid_id uuid NOT NULL REFERENCES bid,
  evaluator_id uuid NOT NULL REFERENCES account,
  admitted boolean NOT NULL,
  criterion_id text,
  evidence text,
  reason text,
  found_at timestamptz(3) NOT NULL,
  CONSTRAINT finding_once UNIQUE (bid_id, evaluator_id),
  CONSTRAINT finding_rejection_is_reasoned CHECK (admitted OR (criterion_id IS NOT NULL AND evidence IS NOT NULL AND reason IS NOT NULL))
);
CREATE INDEX finding_lot ON finding (lot_id);
CALL history_table('finding');

-- An evaluator's signature over a computed result. Who signed another result before, signs again.
CREATE TABLE evaluation_signature (
  id uuid PRIMARY KEY,
  lot_id uuid NOT NULL REFERENCES lot,
  evaluator_id uuid NOT NULL REFERENCES account,
  result_sha256 bytea NOT NULL CHECK (length(result_sha256) = 32),
  key text NOT NULL,
  sig text NOT NULL,
  signed_at timestamptz(3) NOT NULL,
  CONSTRAINT evaluation_signature_once UNIQUE (lot_id, evaluator_id, result_sha256)
);
CALL history_table('evaluation_signature');

CREATE TABLE evaluation (
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  lot_id uuid NOT NULL UNIQUE REFERENCES lot,
  -- The result document, canonical, and its hash.
  result bytea NOT NULL,
  result_sha256 bytea NOT NULL CHECK (length(result_sha256) = 32),
  -- The evaluators who were able then, and the one whose signature made the majority.
  committee jsonb NOT NULL,
  completed_by uuid NOT NULL REFERENCES account,
  completed_at timestamptz(3) NOT NULL
);
CALL history_table('evaluation');

CREATE TABLE award (
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  lot_id uuid NOT NULL UNIQUE REFERENCES lot,
  bid_id uuid NOT NULL REFERENCES bid,
  vendor_id uuid NOT NULL REFERENCES vendor,
  amount text NOT NULL,
  currency text NOT NULL,
  intended_by uuid NOT NULL REFERENCES account,
  intended_at timestamptz(3) NOT NULL,
  standstill_end_at timestamptz(3) NOT NULL,
  standstill_ended_at timestamptz(3),
  decided_by uuid REFERENCES account,
  decided_at timestamptz(3)
);
CALL state_table('award', 'standstill_ended_at', 'decided_by', 'decided_at');
