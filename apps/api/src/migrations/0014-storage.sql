-- What the nightly reading of all stored objects found.

-- One complete reading.
CREATE TABLE storage_audit (
  id uuid PRIMARY KEY,
  started_at timestamptz(3) NOT NULL,
  completed_at timestamptz(3) NOT NULL,
  checked bigint NOT NULL CHECK (checked >= 0),
  bytes bigint NOT NULL CHECK (bytes >= 0),
  damaged integer NOT NULL CHECK (damaged >= 0),
  missing integer NOT NULL CHECK (missing >= 0)
);
CALL history_table('storage_audit');

-- An object that is gone or not what its name says. Whose it is, the rows that name its hash tell.
CREATE TABLE object_damage (
  id uuid PRIMARY KEY,
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  kind text NOT NULL CHECK (kind IN ('missing', 'differs')),
  found_at timestamptz(3) NOT NULL,
  restored_at timestamptz(3)
);
CREATE UNIQUE INDEX object_damage_open ON object_damage (sha256) WHERE restored_at IS NULL;
CALL state_table('object_damage', 'restored_at');

-- The reading goes by hash, page by page, and finds its place again after a crash.
CREATE INDEX bid_manifest_object ON bid (manifest_object);
CREATE INDEX opened_document_sha256 ON opened_document (sha256);
CREATE INDEX tender_document_sha256 ON tender_document (sha256);
CREATE INDEX vendor_document_sha256 ON vendor_document (sha256);
CREATE INDEX tender_version_terms ON tender_version (terms_sha256);
