-- Who registered a company invites its colleagues: an invitation into a company instead of an organisation.
ALTER TABLE vendor ADD CONSTRAINT vendor_manager UNIQUE (id, registered_by);

ALTER TABLE account_token
  ADD COLUMN vendor_id uuid REFERENCES vendor,
  ADD CONSTRAINT account_token_into_company CHECK (
    (coalesce(role, '') = 'vendor') = (vendor_id IS NOT NULL)
    AND (vendor_id IS NULL OR (purpose = 'invite' AND invited_by IS NOT NULL AND organisation_id IS NULL))
  ),
  -- Nobody else invites into a company, no operator, and not the server in somebody else's name either.
  ADD CONSTRAINT account_token_by_manager FOREIGN KEY (vendor_id, invited_by) REFERENCES vendor (id, registered_by),
  DROP CONSTRAINT account_token_two_operators,
  -- Two operators give a role of officials; into a company nobody but its own manager has a say.
  ADD CONSTRAINT account_token_two_operators CHECK (
    CASE WHEN vendor_id IS NULL
      THEN invited_by IS NULL OR confirmed_at IS NULL OR (confirmed_by IS NOT NULL AND confirmed_by <> invited_by)
      ELSE confirmed_by IS NULL
    END
  );
CREATE INDEX account_token_vendor ON account_token (vendor_id, id) WHERE vendor_id IS NOT NULL;
CREATE INDEX role_assignment_organisation ON role_assignment (organisation_id, role, id);
