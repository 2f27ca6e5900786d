-- Erasure of personal data (protocol section 4): asked for by one person, confirmed by another, said in clear in the
-- log, and only then carried out, by a role that can do nothing else.
CREATE TABLE erasure_request (
  id uuid PRIMARY KEY,
  -- One of the two: the readable form of an entry, or the personal data of an account.
  entry_id uuid REFERENCES trail,
  account_id uuid REFERENCES account,
  reason text NOT NULL CHECK (reason IN ('subject_request', 'retention_ended', 'recorded_by_mistake', 'court_order')),
  requested_by uuid NOT NULL REFERENCES account,
  requested_at timestamptz(3) NOT NULL,
  CONSTRAINT erasure_request_one_object CHECK ((entry_id IS NULL) <> (account_id IS NULL))
);
CREATE INDEX erasure_request_entry ON erasure_request (entry_id);
CREATE INDEX erasure_request_account ON erasure_request (account_id);
CALL history_table('erasure_request');

CREATE TABLE erasure_decline (
  request_id uuid PRIMARY KEY REFERENCES erasure_request,
  declined_by uuid NOT NULL REFERENCES account,
  declined_at timestamptz(3) NOT NULL
);
CALL history_table('erasure_decline');

-- What two people decided to erase, and the leaf of the entry that says so.
CREATE TABLE erasure (
  request_id uuid PRIMARY KEY REFERENCES erasure_request,
  commitment bytea UNIQUE REFERENCES trail (commitment),
  account_id uuid UNIQUE REFERENCES account,
  leaf_sha256 bytea NOT NULL UNIQUE CHECK (length(leaf_sha256) = 32),
  requested_by uuid NOT NULL REFERENCES account,
  confirmed_by uuid NOT NULL REFERENCES account,
  confirmed_at timestamptz(3) NOT NULL,
  CONSTRAINT erasure_two_people CHECK (requested_by <> confirmed_by),
  CONSTRAINT erasure_one_object CHECK ((commitment IS NULL) <> (account_id IS NULL))
);
CALL history_table('erasure');

-- People ask for what they did: by the actor.
CREATE INDEX trail_actor ON trail (actor_id, id);

-- The clear entry of this leaf; none while it has no place in the log.
CREATE FUNCTION tlog.clear_entry(leaf_sha256 bytea) RETURNS json LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT convert_from(substring(data FROM 2), 'UTF8')::json FROM tlog.entry
  WHERE sha256(data) = leaf_sha256 AND get_byte(data, 0) = 2
$$;

-- Whoever deletes an opening, whatever role it is: the log must say so first, of this commitment and truly of this type,
-- so that no bid is erased under another name. Bids and chaff stay for the retention of libs/evidence, whoever decided.
CREATE FUNCTION tlog.only_erased() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  erased json := convert_from(OLD.entry_bytes, 'UTF8')::json;
  said json;
BEGIN
  SELECT tlog.clear_entry(e.leaf_sha256) INTO said FROM public.erasure e WHERE e.commitment = OLD.commitment;
  IF said ->> 'type' IS DISTINCT FROM 'opening.erased'
    OR said -> 'body' ->> 'commitment' IS DISTINCT FROM encode(OLD.commitment, 'base64')
    OR said -> 'body' ->> 'type' IS DISTINCT FROM erased ->> 'type'
  THEN
    RAISE EXCEPTION 'DELETE on tlog.opening is refused: no entry in the log says that this is erased' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (erased ->> 'type' LIKE 'bid.%' OR erased ->> 'type' = 'chaff') AND (erased ->> 'at')::timestamptz > now() - interval '10 years' THEN
    RAISE EXCEPTION 'DELETE on tlog.opening is refused: % is kept for ten years', erased ->> 'type' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER only_erased BEFORE DELETE ON tlog.opening FOR EACH ROW EXECUTE FUNCTION tlog.only_erased();

-- The personal data that stands outside the log. The row stays: other rows point to it. Repeating it changes nothing.
CREATE FUNCTION erase_account(erased uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  said json;
  address text;
BEGIN
  SELECT tlog.clear_entry(e.leaf_sha256) INTO said FROM erasure e WHERE e.account_id = erased;
  IF said ->> 'type' IS DISTINCT FROM 'account.erased' OR said -> 'body' ->> 'account_id' IS DISTINCT FROM erased::text THEN
    RAISE EXCEPTION 'erasing an account is refused: no entry in the log says that it is erased' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT email INTO address FROM account WHERE id = erased AND revoked_at IS NOT NULL FOR UPDATE;
  IF address IS NULL THEN
    RAISE EXCEPTION 'erasing an account is refused: it is not revoked' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE account SET email = 'erased-' || erased || '@account.invalid', name = '(erased)', password_hash = 'erased' WHERE id = erased;
  UPDATE account_token SET email = 'erased@account.invalid' WHERE account_id = erased OR email = address;
  UPDATE session SET ip = '', user_agent = '' WHERE account_id = erased;
  UPDATE notification SET params = '{}' WHERE account_id = erased;
END $$;
REVOKE EXECUTE ON FUNCTION erase_account(uuid) FROM PUBLIC;

GRANT USAGE ON SCHEMA public TO segel_erasure;
GRANT SELECT ON tlog.entry, erasure TO segel_erasure;
GRANT EXECUTE ON FUNCTION erase_account(uuid) TO segel_erasure;
