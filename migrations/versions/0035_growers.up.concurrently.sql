-- Deliveries that wait for somebody, of each source by reason: listed, counted and replayed without a look at those that
-- were dismissed or have another reason. Hardly any webhook ever is in it.
create index concurrently inbox_open on platform.inbox (source_id, reason, id) where dismissed_at is null;
-- Those that were dismissed cost an entry when somebody dismisses them, and none when they come.
create index concurrently inbox_dismissed on platform.inbox (source_id, id) where dismissed_at is not null;

-- Alerts that may come back as the same. The planner knows what is in an index of an expression if it is of all rows: of
-- alerts_latest, which was of those that are over, it believed that a third is of the last day, and read salons' histories.
create index concurrently alerts_told on dashboard.alerts (coalesce(told_at, triggered_at));
drop index concurrently if exists dashboard.alerts_latest;

-- No statement is planned with these, whatever a school's size: a student is looked for as of a moment, which the indexes of
-- the constraints (student_getcourse_id_once, student_email_once) answer as a whole.
drop index concurrently if exists getcourse.student_versions_getcourse_id;
drop index concurrently if exists getcourse.student_versions_email;
