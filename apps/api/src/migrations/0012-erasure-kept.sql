-- The types of isKept() in libs/evidence/src/erasure.ts: erasure-kept.spec.ts compares the two over the whole catalogue.
CREATE FUNCTION tlog.is_kept(type text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
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
    'opening.seed_disclosed',
    'evaluation.conflict_declared',
    'evaluation.score_committed',
    'evaluation.consensus',
    'evaluation.completed',
    'objection.filed'
  )
$$;

-- As before, but everything kept stays for ten years, not only bids and chaff: a forged decision of two people must not
-- take a score, a role or the trace of who read secrets either.
CREATE OR REPLACE FUNCTION tlog.only_erased() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
  IF tlog.is_kept(erased ->> 'type') AND (erased ->> 'at')::timestamptz > now() - interval '10 years' THEN
    RAISE EXCEPTION 'DELETE on tlog.opening is refused: % is kept for ten years', erased ->> 'type' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN OLD;
END $$;
