-- What every feature stands on: how its tables are guarded, the trail of entries, people, sessions, replays.

-- Rows that are history: the server may add and read, nobody changes or removes them.
CREATE PROCEDURE history_table(name regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON %s TO segel_app', name);
  EXECUTE format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION tlog.refuse()', name);
  EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s EXECUTE FUNCTION tlog.refuse()', name);
END $$;

-- Rows with a present state: the server may add, read, and change the named columns; it never removes one.
CREATE PROCEDURE state_table(name regclass, VARIADIC columns text[]) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON %s TO segel_app', name);
  EXECUTE format('GRANT UPDATE (%s) ON %s TO segel_app', (SELECT string_agg(format('%I', c), ', ') FROM unnest(columns) c), name);
  EXECUTE format('CREATE TRIGGER refuse_delete BEFORE DELETE ON %s FOR EACH ROW EXECUTE FUNCTION tlog.refuse()', name);
  EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s EXECUTE FUNCTION tlog.refuse()', name);
END $$;

-- The trail: which entry says what about whom. The entry's bytes are in the log (clear) or in tlog.opening (blinded).
CREATE TABLE trail (
  id uuid PRIMARY KEY,
  type text NOT NULL,
  at timestamptz(3) NOT NULL,
  actor_id text NOT NULL,
  tender_id uuid,
  lot_id uuid,
  subject_id uuid,
  entry_sha256 bytea NOT NULL CHECK (length(entry_sha256) = 32),
  leaf_sha256 bytea NOT NULL UNIQUE CHECK (length(leaf_sha256) = 32),
  commitment bytea UNIQUE CHECK (length(commitment) = 32)
);
CREATE INDEX trail_tender ON trail (tender_id, id);
CREATE INDEX trail_subject ON trail (subject_id, id);
CREATE INDEX trail_type ON trail (type, id);
CALL history_table('trail');

CREATE TABLE replay (
  actor_id text NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 8 AND 100),
  act text NOT NULL,
  request_sha256 bytea NOT NULL,
  outcome jsonb NOT NULL,
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (actor_id, key)
);
CALL history_table('replay');

CREATE TABLE notification (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL,
  code text NOT NULL,
  params jsonb NOT NULL,
  at timestamptz(3) NOT NULL,
  read_at timestamptz(3)
);
CREATE INDEX notification_account ON notification (account_id, id);
CALL state_table('notification', 'read_at');
