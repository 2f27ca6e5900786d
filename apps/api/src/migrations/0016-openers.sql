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

-- What a scanner found is kept as long as the bid it was found in.
CREATE OR REPLACE FUNCTION tlog.is_kept(type text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT type LIKE 'bid.%' OR type IN (
    'chaff',
    'secret.read',
    'admin.acted',
    'erasure.requested',
    'erasure.declined',
    'role.granted',
    'role.revoked',
    'account.invitation_requested',
    'account.invited',
    'tender.drafted',
    'tender.submitted',
    'tender.approved',
    'tender.cancellation_proposed',
    'opening.documents_scanned',
    'opening.seed_disclosed',
    'evaluation.conflict_declared',
    'evaluation.score_committed',
    'evaluation.consensus',
    'evaluation.completed',
    'objection.filed'
  )
$$;
