-- name: salons
-- Hardly any salon is silent for the longest time that its settings can allow (a week); only its own sessions are searched.
with recent as materialized (
    select s.tenant_id, max(s.started_at) as last
    from public.conversation_sessions_v2 s
    where s.started_at > now() - interval '8 days'
    group by s.tenant_id
), sessions as (
    select r.tenant_id, r.last from recent r
    union all
    select s.tenant_id, max(s.started_at)
    from public.conversation_sessions_v2 s
    where s.tenant_id = any(array(
        select t.id from public.tenants_v2 t
        where t.is_active and not exists (select from recent r where r.tenant_id = t.id)))
    group by s.tenant_id
)
select t.name, coalesce(t.slug, t.id::text) as slug, k.bot_id, coalesce(k.stale_hours, 6) as stale_hours,
       case when k.timezone not in (select z.name from pg_catalog.pg_timezone_names z) then k.timezone end as unknown_zone,
       sessions.last as last_session, digests.last as last_digest,
       coalesce(sessions.last < now() - make_interval(hours => coalesce(k.stale_hours, 6)), true) as stale
from public.tenants_v2 t
left join dashboard.tenant_settings k on k.tenant_id = t.id
left join sessions on sessions.tenant_id = t.id
left join lateral (
    select m.digest_sent_at as last
    from dashboard.metrics_dailies m
    where m.tenant_id = t.id and m.digest_sent_at is not null
    order by m.day desc
    limit 1) digests on true
where t.is_active
order by t.name, t.id;

-- name: open_secrets
-- What stands in clear in the bot's metadata, and whether it is sealed with us by now.
select t.id, t.name, coalesce(t.slug, t.id::text) as slug, array_agg(n.name order by n.name) as secrets,
       coalesce(bool_or(n.name = 'yclients_token' and not exists (
           select from platform.tenant_secrets s where s.tenant_id = t.id and s.name = n.name)), false) as is_unsealed
from public.tenants_v2 t
join (values ('telegram_bot_token'), ('yclients_token')) as n (name) on t.metadata ->> n.name <> ''
group by t.id
order by t.name, t.id;

-- name: open
-- Only where the bot's tables are somebody else's: ours have row level security.
select distinct on (c.oid) c.oid::regclass::text as name, r.role
from (values ('anon'), ('authenticated')) as r (role)
join pg_class c on c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
where c.relname in ('tenants_v2', 'clients_v2', 'conversation_sessions_v2', 'recent_history_v2', 'active_sessions_v2',
                    'wishlist_v2', 'user_ltm_v2')
  and not c.relrowsecurity
  and has_any_column_privilege(r.role::name, c.oid, 'select')
order by c.oid, r.role;

-- name: hidden
select c.oid::regclass::text as name, r.rolname as role
from pg_class c
join pg_roles r on r.rolname in ('dashboard_reader', 'dashboard_keeper', 'fn_daily_metrics_digest', 'fn_verify_bookings')
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
  and c.relname in ('tenants_v2', 'clients_v2', 'conversation_sessions_v2', 'recent_history_v2', 'wishlist_v2', 'user_ltm_v2')
  and has_any_column_privilege(r.oid, c.oid, 'select')
  and not r.rolbypassrls
  and not exists (select from pg_policy p where p.polrelid = c.oid and p.polpermissive and p.polcmd in ('r', '*')
                    and (0 = any(p.polroles) or r.oid = any(p.polroles)))
order by c.oid, r.rolname;

-- name: overdue
-- Bookings that are due at YClients, and the salon that has waited longest; nobody is looked at while nothing is due.
select extract(epoch from now() - min(due.since))::float8 as age, count(*) as salons,
       (array_agg(t.name order by due.since, t.id))[1] as name
from public.tenants_v2 t
cross join lateral (
    select min(b.look_at) as since
    from dashboard.bookings b
    where b.tenant_id = t.id and b.look_at <= now() and b.look_at < 'infinity') due
where t.is_active and due.since is not null
  and exists (select from dashboard.bookings b where b.look_at <= now() and b.look_at < 'infinity')
having count(*) > 0;

-- name: unindexed
-- Large tables of the bot that lack an index which ours have. Another one that begins with the same column is as good.
select c.oid::regclass::text as name, w.columns, w.of
from (values
    ('clients_v2', '(tenant_id)', 'tenant_id', null),
    ('conversation_sessions_v2', '(started_at)', 'started_at', null),
    ('conversation_sessions_v2', '(tenant_id, final_status, started_at desc)', 'tenant_id', null),
    ('conversation_sessions_v2', '(created_at) where booking_id is not null', 'created_at', '(booking_id IS NOT NULL)'),
    ('recent_history_v2', '(session_id, created_at)', 'session_id', null),
    ('recent_history_v2', '(tenant_id, created_at)', 'tenant_id', null),
    ('wishlist_v2', $$(tenant_id) where status = 'pending'$$, 'tenant_id', $$(status = 'pending'::text)$$))
    as w (table_name, columns, of, condition)
join pg_class c on c.oid = to_regclass('public.' || w.table_name) and c.reltuples >= 10000
join pg_attribute a on a.attrelid = c.oid and a.attname = w.of
where not exists (
    select from pg_index i
    where i.indrelid = c.oid and i.indisvalid and i.indkey[0] = a.attnum
      and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) = w.condition))
order by c.oid, w.columns;
