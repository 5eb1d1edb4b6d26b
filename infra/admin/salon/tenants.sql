-- name: become_keeper
select set_config('role', 'dashboard_keeper', true);

-- name: reset_role
select set_config('role', 'none', true);

-- name: audit
insert into dashboard.audits (actor, action, tenant_id, description, metadata)
values (%(actor)s::text, %(action)s::text, %(tenant)s::uuid, %(description)s::text, %(metadata)s::jsonb);

-- name: find
select t.id, t.name, coalesce(t.slug, t.id::text) as slug
from public.tenants_v2 t
where t.slug = %(tenant)s::text or t.id::text = lower(%(tenant)s::text)
order by t.slug is distinct from %(tenant)s::text
limit 1;

-- name: list
-- Of salons that were silent for a week only their own sessions are searched.
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
        select t.id from public.tenants_v2 t where not exists (select from recent r where r.tenant_id = t.id)))
    group by s.tenant_id
)
select t.id, t.name, t.slug, t.is_active as active, coalesce(k.timezone, 'Asia/Almaty') as timezone,
       coalesce(k.digest_hour, 9) as digest_hour, b.name as bot, k.chat_id as chat, sessions.last as last_session,
       digests.last as last_digest
from public.tenants_v2 t
left join dashboard.tenant_settings k on k.tenant_id = t.id
left join platform.bots b on b.id = k.bot_id
left join sessions on sessions.tenant_id = t.id
left join lateral (
    select m.digest_sent_at as last
    from dashboard.metrics_dailies m
    where m.tenant_id = t.id and m.digest_sent_at is not null
    order by m.day desc
    limit 1) digests on true
order by t.name, t.id;
