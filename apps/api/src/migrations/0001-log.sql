-- The log (protocol section 7). The owner of this schema is the migration login; the server runs as roles with fewer rights.
DO $$ BEGIN CREATE ROLE segel_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE segel_sequencer NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE segel_erasure NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN EXECUTE format('GRANT segel_app, segel_sequencer, segel_erasure TO %I', current_user); END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO segel_app;

CREATE SCHEMA tlog;
GRANT USAGE ON SCHEMA tlog TO segel_app, segel_sequencer, segel_erasure;

CREATE TABLE tlog.entry (
  idx bigint PRIMARY KEY CHECK (idx >= 0),
  data bytea NOT NULL CHECK (length(data) BETWEEN 2 AND 65535)
);
-- A leaf is found by the hash of its data: receipts ask by commitment, not by index.
CREATE UNIQUE INDEX entry_data_sha256 ON tlog.entry (sha256(data));

CREATE TABLE tlog.tile (
  level smallint NOT NULL CHECK (level BETWEEN 0 AND 8),
  n bigint NOT NULL CHECK (n >= 0),
  data bytea NOT NULL CHECK (length(data) BETWEEN 32 AND 8192 AND length(data) % 32 = 0),
  PRIMARY KEY (level, n)
);

CREATE TABLE tlog.tree (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  size bigint NOT NULL CHECK (size >= 0),
  root bytea NOT NULL CHECK (length(root) = 32)
);
INSERT INTO tlog.tree (size, root) VALUES (0, sha256(''::bytea));

CREATE TABLE tlog.checkpoint (size bigint PRIMARY KEY, note text NOT NULL);
CREATE TABLE tlog.published (size bigint PRIMARY KEY, note text NOT NULL, first_at timestamptz(3) NOT NULL);

CREATE TABLE tlog.opening (
  commitment bytea PRIMARY KEY CHECK (length(commitment) = 32),
  salt bytea NOT NULL CHECK (length(salt) = 32),
  entry_bytes bytea NOT NULL
);

CREATE TABLE tlog.queue (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  commitment bytea,
  data bytea NOT NULL CHECK (length(data) BETWEEN 2 AND 65535),
  tender_id uuid
);
CREATE INDEX queue_tender ON tlog.queue (tender_id);

CREATE FUNCTION tlog.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on %.% is refused: rows here are never changed', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION tlog.only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF substring(NEW.data FOR length(OLD.data)) IS DISTINCT FROM OLD.data OR (NEW.level, NEW.n) IS DISTINCT FROM (OLD.level, OLD.n) THEN
    RAISE EXCEPTION 'tile %/% may only grow', OLD.level, OLD.n USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION tlog.only_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.size < OLD.size THEN
    RAISE EXCEPTION 'the tree never shrinks' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON tlog.entry FOR EACH ROW EXECUTE FUNCTION tlog.refuse();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON tlog.entry EXECUTE FUNCTION tlog.refuse();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON tlog.checkpoint FOR EACH ROW EXECUTE FUNCTION tlog.refuse();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON tlog.checkpoint EXECUTE FUNCTION tlog.refuse();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON tlog.published FOR EACH ROW EXECUTE FUNCTION tlog.refuse();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON tlog.published EXECUTE FUNCTION tlog.refuse();
CREATE TRIGGER refuse_change BEFORE UPDATE ON tlog.opening FOR EACH ROW EXECUTE FUNCTION tlog.refuse();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON tlog.opening EXECUTE FUNCTION tlog.refuse();
CREATE TRIGGER refuse_change BEFORE UPDATE ON tlog.queue FOR EACH ROW EXECUTE FUNCTION tlog.refuse();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON tlog.queue EXECUTE FUNCTION tlog.refuse();
CREATE TRIGGER only_grow BEFORE UPDATE ON tlog.tile FOR EACH ROW EXECUTE FUNCTION tlog.only_grow();
CREATE TRIGGER refuse_delete BEFORE DELETE ON tlog.tile FOR EACH ROW EXECUTE FUNCTION tlog.refuse();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON tlog.tile EXECUTE FUNCTION tlog.refuse();
CREATE TRIGGER only_forward BEFORE UPDATE ON tlog.tree FOR EACH ROW EXECUTE FUNCTION tlog.only_forward();
CREATE TRIGGER refuse_delete BEFORE DELETE ON tlog.tree FOR EACH ROW EXECUTE FUNCTION tlog.refuse();

GRANT SELECT ON ALL TABLES IN SCHEMA tlog TO segel_app;
GRANT INSERT ON tlog.queue, tlog.opening TO segel_app;
GRANT SELECT ON tlog.entry, tlog.tile, tlog.tree, tlog.checkpoint, tlog.published, tlog.queue TO segel_sequencer;
GRANT INSERT ON tlog.entry, tlog.checkpoint, tlog.published, tlog.tile TO segel_sequencer;
GRANT UPDATE ON tlog.tile, tlog.tree TO segel_sequencer;
GRANT DELETE ON tlog.queue TO segel_sequencer;
GRANT SELECT, DELETE ON tlog.opening TO segel_erasure;
