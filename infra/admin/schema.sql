-- name: has_version
select to_regclass('public.carillon_version') is not null as there;

-- name: revision
select max(version_num) as revision from public.carillon_version;

-- name: is_filled
-- By the size of the tables: rows behind row level security count, and nobody reads a big table for this question.
select coalesce(bool_or(pg_relation_size(c.oid) > 0), false) as there
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and (n.nspname in ('platform', 'getcourse', 'support', 'dashboard', 'learning')
                           or (n.nspname = 'public' and right(c.relname, 3) = '_v2'));

-- name: counts
select
    (select count(*) from platform.bots) as bots,
    (select count(*) from platform.webhook_sources) as sources,
    (select count(*) from getcourse.v_active_mentors) as mentors,
    (select count(*) from getcourse.v_active_students) as students,
    (select count(*) from getcourse.v_active_mappings) as mappings,
    (select count(*) from getcourse.webhook_events) as events,
    (select count(*) from getcourse.webhook_events where not processed) as events_waiting,
    (select count(*) from platform.inbox where dismissed_at is null) as deliveries_not_understood,
    (select count(*) from platform.outbox where state in ('queued', 'sending')) as messages_waiting,
    (select count(*) from platform.outbox where state = 'sent') as messages_sent,
    (select count(*) from platform.outbox where state in ('dead', 'unknown')) as messages_failed,
    (select count(*) from learning.track_sessions) as learning_sessions,
    (select count(*) from learning.chat_messages) as learning_messages;
