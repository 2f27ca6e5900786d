-- What somebody wrote of a company before it was sent: one draft a person, saved over, and empty when it was sent.
CREATE TABLE vendor_draft (
  account_id uuid PRIMARY KEY REFERENCES account,
  record jsonb NOT NULL,
  saved_at timestamptz(3) NOT NULL
);
CALL state_table('vendor_draft', 'record', 'saved_at');

-- Its entry holds a hash only, so there is nothing personal to erase; it is kept as other drafts are.
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
    'vendor.draft_saved',
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
