-- name: has_version
select to_regclass('public.carillon_version') is not null as there;

-- name: revision
select max(version_num) as revision from public.carillon_version;

-- name: is_filled
-- By the size of the tables: rows behind row level security count, and nobody reads a big table for this question.
select coalesce(bool_or(pg_relation_size(c.oid) > 0), false) as there
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and (n.nspname in ('platform', 'courses', 'getcourse', 'support', 'dashboard', 'learning')
                           or (n.nspname = 'public' and right(c.relname, 3) = '_v2'));

-- name: has_sent
select exists (select from platform.outbox where state = 'sent') as there;

-- name: lock_migrations
-- Not while somebody migrates, and not in front of live traffic for long.
select set_config('lock_timeout', '4s', true), pg_advisory_xact_lock(hashtext('carillon.migrations'));

-- name: roles_of_others
-- Roles that migrations give or take, and that another database of this server has made. Before Postgres 16 whoever may
-- make roles may give any.
select current_user as user, string_agg(quote_ident(r.rolname), ', ' order by r.rolname) as roles
from pg_roles me
left join pg_roles r on r.rolname = any(array['dashboard_keeper', 'dashboard_reader', 'carillon_backup', 'fn_housekeeping'])
    and me.rolcreaterole and not me.rolsuper and current_setting('server_version_num')::int >= 160000
    and not exists (
        select from pg_auth_members m where m.roleid = r.oid and m.member = me.oid and m.admin_option)
where me.rolname = current_user;

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
where n.nspname in ('platform', 'courses', 'getcourse', 'support', 'dashboard', 'learning')
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
-- Of each at most `most` rows are counted. Where there are more, what the server thinks stands for a whole table's number,
-- and what was counted for a part's: `is_exact` says which.
with big (name, rows) as (
    select c.oid::regclass, greatest(c.reltuples, pg_stat_get_live_tuples(c.oid), 0)::bigint
    from pg_class c
    where c.oid in ('getcourse.webhook_events'::regclass, 'platform.outbox'::regclass, 'learning.track_sessions'::regclass,
                    'learning.chat_messages'::regclass)
), outbox as materialized (
    select count(*) as seen, count(*) filter (where o.state = 'sent') as sent
    from (select state from platform.outbox limit %(most)s::int) o
), counts (place, name, counted, seen, estimate) as (
    select 1, 'bots', count(*), 0, null::bigint from platform.bots
    union all
    select 2, 'sources', count(*), 0, null from platform.webhook_sources
    union all
    select 3, 'mentors', count(*), 0, null from getcourse.v_active_mentors
    union all
    select 4, 'students', count(*), 0, null from getcourse.v_active_students
    union all
    select 5, 'mappings', count(*), 0, null from getcourse.v_active_mappings
    union all
    select 6, 'events', count(*), count(*), (select b.rows from big b where b.name = 'getcourse.webhook_events'::regclass)
    from (select from getcourse.webhook_events limit %(most)s::int) r
    union all
    select 7, 'events_waiting', count(*), count(*), null
    from (select from getcourse.webhook_events where not processed limit %(most)s::int) r
    union all
    select 8, 'deliveries_not_understood', count(*), count(*), null
    from (select from platform.inbox where dismissed_at is null limit %(most)s::int) r
    union all
    select 9, 'messages_waiting', count(*), count(*), null
    from (select from platform.outbox where state in ('queued', 'sending') limit %(most)s::int) r
    union all
    select 10, 'messages_sent', outbox.sent, outbox.seen, big.rows
    from outbox join big on big.name = 'platform.outbox'::regclass
    union all
    select 11, 'messages_failed', count(*), count(*), null
    from (select from platform.outbox where state in ('dead', 'unknown') limit %(most)s::int) r
    union all
    select 12, 'learning_sessions', count(*), count(*), (select b.rows from big b where b.name = 'learning.track_sessions'::regclass)
    from (select from learning.track_sessions limit %(most)s::int) r
    union all
    select 13, 'learning_messages', count(*), count(*), (select b.rows from big b where b.name = 'learning.chat_messages'::regclass)
    from (select from learning.chat_messages limit %(most)s::int) r
)
select name, case when seen < %(most)s::int then counted else greatest(estimate, counted) end as rows,
       seen < %(most)s::int as is_exact
from counts
order by place;
