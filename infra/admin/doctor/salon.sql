-- name: salons
with sessions as (select s.tenant_id, max(s.started_at) as last from public.conversation_sessions_v2 s group by s.tenant_id),
     digests as (select m.tenant_id, max(m.digest_sent_at) as last from dashboard.metrics_dailies m group by m.tenant_id)
select t.name, coalesce(t.slug, t.id::text) as slug, k.bot_id, coalesce(k.stale_hours, 6) as stale_hours,
       case when k.timezone not in (select z.name from pg_catalog.pg_timezone_names z) then k.timezone end as unknown_zone,
       sessions.last as last_session, digests.last as last_digest,
       coalesce(sessions.last < now() - make_interval(hours => coalesce(k.stale_hours, 6)), true) as stale
from public.tenants_v2 t
left join dashboard.tenant_settings k on k.tenant_id = t.id
left join sessions on sessions.tenant_id = t.id
left join digests on digests.tenant_id = t.id
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
