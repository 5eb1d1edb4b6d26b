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

-- name: has_sent
select exists (select from platform.outbox where state = 'sent') as there;

-- name: lock_migrations
-- Not while somebody migrates, and not in front of live traffic for long.
select set_config('lock_timeout', '4s', true), pg_advisory_xact_lock(hashtext('carillon.migrations'));

-- name: removal
-- What takes away what migrations make, statement by statement, but for roles, and btree_gist, which may have been here
-- before us. Undoing the migrations one by one wants rights over roles that the owner of a database need not have.
select 'drop table ' || c.oid::regclass || ' cascade' as statement, 1 as place
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  and obj_description(c.oid, 'pg_class') = 'carillon: 0006_bot_tables'
union all
select 'drop schema ' || n.nspname || ' cascade', 2
from pg_namespace n
where n.nspname in ('platform', 'getcourse', 'support', 'dashboard', 'learning')
union all
select 'drop function auth.jwt()', 3
where obj_description(to_regprocedure('auth.jwt()'), 'pg_proc') = 'carillon: 0006_bot_tables'
union all
select 'drop schema auth', 4
where obj_description(to_regnamespace('auth'), 'pg_namespace') = 'carillon: 0006_bot_tables'
  and not exists (select from pg_class where relnamespace = to_regnamespace('auth'))
  and not exists (select from pg_proc p where p.pronamespace = to_regnamespace('auth')
                  and obj_description(p.oid, 'pg_proc') is distinct from 'carillon: 0006_bot_tables')
union all
select 'drop table public.carillon_version', 5
where to_regclass('public.carillon_version') is not null
order by place, statement;

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
