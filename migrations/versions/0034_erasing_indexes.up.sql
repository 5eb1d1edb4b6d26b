-- When autovacuum comes. By itself it waits until a fifth of a table is dead, a tenth new: with millions of rows that is weeks,
-- and then one long visit. What is dead meanwhile is walked through by whoever looks for what is due, and statistics of a
-- quiet morning plan the busy evening. Each table's dead rows come in its own way:

-- Stored, then marked as processed: every row is dead once. Each visit goes through all indexes, whose keys are hashes, so it
-- costs their whole size in WAL: 5 % as before, not less. A burst is a matter of minutes, and its answers are to be counted.
alter table getcourse.webhook_events set (autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 1000);
-- Pending, told, emptied after three months: dead as often as answers.
alter table getcourse.notifications set (
    autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 1000);
-- Each message in a topic is written again with the id of what went to the outbox, at once: the dead ones lie together among the
-- newest, so a visit reads few pages and can leave the indexes alone (below 2 % of the pages Postgres does).
alter table support.messages set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
-- Few rows, each changed several times with every message, and read in the order of what is due: like lanes.
alter table support.conversations set (
    autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500, autovacuum_analyze_scale_factor = 0.02);
alter table support.handovers set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
-- Written at the beginning of a call and at its end, gone a day later: the whole table is dead once a day.
alter table learning.idempotency_keys set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
-- What is queued is to be counted while it is queued.
alter table platform.outbox set (autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000);
alter table platform.lanes set (autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 500);
