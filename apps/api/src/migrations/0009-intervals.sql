-- Public timing tells nothing (protocol section 4): the public log moves only when an interval ends, filled with chaff.
ALTER TABLE tlog.queue ADD COLUMN part text NOT NULL DEFAULT 'entry' CHECK (part IN ('entry', 'chaff', 'heartbeat'));

-- Sizes of the tree at which an interval ended. Only these are shown to the public.
CREATE TABLE tlog.interval (size bigint PRIMARY KEY CHECK (size > 0));
-- What was published before intervals were, stays public.
INSERT INTO tlog.interval SELECT size FROM tlog.published WHERE size > 0;
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON tlog.interval FOR EACH ROW EXECUTE FUNCTION tlog.refuse();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON tlog.interval EXECUTE FUNCTION tlog.refuse();

CREATE VIEW tlog.public_checkpoint AS SELECT p.size, p.note, p.first_at FROM tlog.published p JOIN tlog.interval i USING (size);

GRANT SELECT ON tlog.interval, tlog.public_checkpoint TO segel_app, segel_sequencer;
GRANT INSERT ON tlog.interval TO segel_sequencer;
