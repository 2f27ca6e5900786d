-- People, their organisations, roles, sessions and signing keys.
CREATE TABLE organisation (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('buyer', 'oversight', 'civil', 'operator')),
  name text NOT NULL,
  identifier_scheme text,
  identifier text,
  created_at timestamptz(3) NOT NULL,
  UNIQUE (identifier_scheme, identifier)
);
CALL history_table('organisation');

CREATE TABLE account (
  id uuid PRIMARY KEY,
  email text NOT NULL CHECK (email = lower(email)),
  name text NOT NULL,
  language text NOT NULL CHECK (language IN ('id', 'en')),
  password_hash text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  confirmed_at timestamptz(3),
  failed_sign_ins integer NOT NULL DEFAULT 0,
  locked_until timestamptz(3),
  revoked_at timestamptz(3),
  CONSTRAINT account_email UNIQUE (email)
);
CALL state_table('account', 'name', 'language', 'password_hash', 'confirmed_at', 'failed_sign_ins', 'locked_until', 'revoked_at');

CREATE TABLE session (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  ip text NOT NULL,
  user_agent text NOT NULL,
  revoked_at timestamptz(3)
);
CREATE INDEX session_account ON session (account_id, id);
CALL state_table('session', 'revoked_at');

-- One-use tokens: confirmation, password reset, invitation. The token itself is derived from the id and a secret of
-- the server, so that a copy of the database opens nothing.
CREATE TABLE account_token (
  id uuid PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('confirm', 'reset', 'invite')),
  account_id uuid REFERENCES account,
  email text NOT NULL,
  -- For invitations: who is invited to what.
  role text,
  organisation_id uuid REFERENCES organisation,
  invited_by uuid,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  -- Since when the link holds: at once, but for invitations by an operator, which a second operator confirms.
  confirmed_at timestamptz(3),
  confirmed_by uuid REFERENCES account,
  used_at timestamptz(3),
  CONSTRAINT account_token_confirmed_before_use CHECK (used_at IS NULL OR confirmed_at IS NOT NULL),
  CONSTRAINT account_token_two_operators CHECK (
    invited_by IS NULL OR confirmed_at IS NULL OR (confirmed_by IS NOT NULL AND confirmed_by <> invited_by)
  )
);
CALL state_table('account_token', 'used_at', 'confirmed_at', 'confirmed_by');

CREATE TABLE role_assignment (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account,
  role text NOT NULL,
  -- An organisation, or the vendor for the role `vendor`.
  organisation_id uuid,
  tender_id uuid,
  granted_at timestamptz(3) NOT NULL,
  granted_by text NOT NULL,
  revoked_at timestamptz(3)
);
CREATE UNIQUE INDEX role_assignment_once ON role_assignment (account_id, role, organisation_id, tender_id) NULLS NOT DISTINCT WHERE revoked_at IS NULL;
CREATE INDEX role_assignment_tender ON role_assignment (tender_id);
CALL state_table('role_assignment', 'revoked_at');

-- Ed25519 keys of people, kept by their own clients. A vendor's user signs for the vendor.
CREATE TABLE signing_key (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account,
  vendor_id uuid,
  public_key bytea NOT NULL CHECK (length(public_key) = 32),
  -- An auditor's age recipient, to which the seeds of opened bids are escrowed.
  escrow_recipient text,
  entry_sha256 bytea NOT NULL,
  leaf_sha256 bytea NOT NULL,
  registered_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  CONSTRAINT signing_key_public_key UNIQUE (public_key)
);
CREATE INDEX signing_key_account ON signing_key (account_id);
CREATE INDEX signing_key_vendor ON signing_key (vendor_id);
CALL state_table('signing_key', 'revoked_at');

-- Operators who asked to revoke the account of a vendor's user: one alone cannot silence a bidder.
CREATE TABLE account_revocation (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account,
  requested_by uuid NOT NULL REFERENCES account,
  reason text NOT NULL,
  requested_at timestamptz(3) NOT NULL
);
CREATE INDEX account_revocation_account ON account_revocation (account_id);
CALL history_table('account_revocation');
