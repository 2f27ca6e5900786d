-- Fewer indexes on the way of every append. Nothing asks the queue by tender: it is emptied ten times a second.
DROP INDEX tlog.queue_tender;
-- Most entries are about nobody but their actor.
DROP INDEX trail_subject;
CREATE INDEX trail_subject ON trail (subject_id, id) WHERE subject_id IS NOT NULL;
