-- Tenders. Terms are whole documents, version by version; what is published is never changed.
CREATE TABLE tender (
  id uuid PRIMARY KEY,
  ocid text NOT NULL UNIQUE,
  buyer_id uuid NOT NULL REFERENCES organisation,
  title text NOT NULL,
  state text NOT NULL,
  -- Version of the terms in force, or being drafted.
  version integer NOT NULL,
  -- The one deadline (requirement 12): notice, admission, close and release read it here.
  deadline_at timestamptz(3),
  -- The rule pack, frozen at publication.
  rule_pack jsonb NOT NULL,
  -- Entry hash of tender.published or of the latest addendum.
  notice_sha256 bytea CHECK (length(notice_sha256) = 32),
  reseal_required_since integer,
  created_by uuid NOT NULL REFERENCES account,
  created_at timestamptz(3) NOT NULL,
  published_at timestamptz(3),
  CONSTRAINT tender_published_has_deadline CHECK (state IN ('draft', 'in_approval', 'cancelled') OR (deadline_at IS NOT NULL AND notice_sha256 IS NOT NULL))
);
CREATE INDEX tender_state ON tender (state, id);
CALL state_table('tender', 'title', 'state', 'version', 'deadline_at', 'rule_pack', 'notice_sha256', 'reseal_required_since', 'published_at');

-- Each version of the terms: draft changes, what was submitted, each addendum.
CREATE TABLE tender_version (
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  version integer NOT NULL,
  content jsonb NOT NULL,
  -- SHA-256 of the canonical terms document, which is in the object store under it once it is published.
  terms_sha256 bytea NOT NULL CHECK (length(terms_sha256) = 32),
  -- `draft`, or an addendum prepared for a published tender.
  kind text NOT NULL CHECK (kind IN ('draft', 'addendum')),
  reason text,
  prepared_by uuid NOT NULL REFERENCES account,
  prepared_at timestamptz(3) NOT NULL,
  CONSTRAINT tender_version_once UNIQUE (tender_id, version)
);
CALL history_table('tender_version');

-- The notice body that preparer and approver sign, exactly as it will stand in the log.
CREATE TABLE tender_notice (
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  version integer NOT NULL,
  body jsonb NOT NULL,
  preparer_id uuid NOT NULL REFERENCES account,
  preparer_key text NOT NULL,
  preparer_sig text NOT NULL,
  submitted_at timestamptz(3) NOT NULL
);
CREATE INDEX tender_notice_version ON tender_notice (tender_id, version, id);
CALL history_table('tender_notice');

-- What the approver sent back: that submission cannot be approved any more.
CREATE TABLE tender_return (
  notice_id uuid PRIMARY KEY REFERENCES tender_notice,
  approver_id uuid NOT NULL REFERENCES account,
  reason text NOT NULL,
  returned_at timestamptz(3) NOT NULL
);
CALL history_table('tender_return');

-- Published notices: the entry and its hash, latest last.
CREATE TABLE tender_publication (
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  version integer NOT NULL,
  entry_sha256 bytea NOT NULL UNIQUE CHECK (length(entry_sha256) = 32),
  leaf_sha256 bytea NOT NULL CHECK (length(leaf_sha256) = 32),
  notice_id uuid NOT NULL REFERENCES tender_notice,
  approver_id uuid NOT NULL REFERENCES account,
  approver_key text NOT NULL,
  approver_sig text NOT NULL,
  reseal_required boolean NOT NULL,
  published_at timestamptz(3) NOT NULL,
  CONSTRAINT tender_publication_once UNIQUE (tender_id, version)
);
CALL history_table('tender_publication');

-- A proposal that a second person must confirm: cancellation.
CREATE TABLE tender_cancellation (
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  reason_code text NOT NULL,
  reason text NOT NULL,
  proposed_by uuid NOT NULL REFERENCES account,
  proposed_at timestamptz(3) NOT NULL
);
CALL history_table('tender_cancellation');

CREATE TABLE lot (
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  state text NOT NULL
);
CREATE INDEX lot_tender ON lot (tender_id, id);
CALL state_table('lot', 'state');

-- Files of a tender; the terms name those that count. The bytes are in the object store under their hash.
CREATE TABLE tender_document (
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  kind text NOT NULL,
  title text NOT NULL,
  file_name text NOT NULL,
  media_type text NOT NULL,
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  size_bytes bigint NOT NULL,
  added_by uuid NOT NULL REFERENCES account,
  added_at timestamptz(3) NOT NULL
);
CREATE INDEX tender_document_tender ON tender_document (tender_id, id);
CALL history_table('tender_document');

-- Openers' keys of one tender; the entry is what the notice pins. From the publication on, the key of an opener the
-- terms in force name does not change.
CREATE TABLE opener_key (
  id uuid PRIMARY KEY,
  tender_id uuid NOT NULL REFERENCES tender,
  opener_id uuid NOT NULL REFERENCES account,
  suite text NOT NULL CHECK (suite IN ('pq1', 'x1')),
  recipient text NOT NULL,
  key text NOT NULL,
  sig text NOT NULL,
  entry_sha256 bytea NOT NULL CHECK (length(entry_sha256) = 32),
  registered_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  CONSTRAINT opener_key_recipient UNIQUE (recipient)
);
CREATE UNIQUE INDEX opener_key_one ON opener_key (tender_id, opener_id) WHERE revoked_at IS NULL;
CALL state_table('opener_key', 'revoked_at');
