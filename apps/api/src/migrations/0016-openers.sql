-- Openers who do not prove that they hold their keys, openings that wait for openers, and scans of opened documents.
CREATE TABLE readiness_warning (
  challenge_id uuid PRIMARY KEY REFERENCES readiness_challenge,
  warned_at timestamptz(3) NOT NULL
);
CALL history_table('readiness_warning');

CREATE TABLE opening_delay (
  box_id uuid PRIMARY KEY REFERENCES box,
  noticed_at timestamptz(3) NOT NULL
);
CALL history_table('opening_delay');

-- One look at all documents of an opened bid: verdicts are [{position, state, detail?}], in the order of the documents.
CREATE TABLE document_scan (
  bid_id uuid PRIMARY KEY REFERENCES opened_bid,
  engine text NOT NULL,
  verdicts jsonb NOT NULL,
  scanned_at timestamptz(3) NOT NULL
);
CALL history_table('document_scan');
