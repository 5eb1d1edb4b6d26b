-- name: facts
-- Active salons with settings: their last 24 hours, when they last showed a sign of life, and what the week before looked like.
-- Weeks are only read of those that have been silent for as long as they may. Messages have no index by time, so the newest
-- 50,000 stand for the last hours; a dialog that goes on is no session yet.
with salons as (
    select s.tenant_id, s.bot_id, s.chat_id, s.timezone,
           s.language, s.low_conversion, s.high_drop_off, s.error_spike, s.stale_hours, s.minimum_sample, s.quiet_from,
           s.quiet_until
    from dashboard.tenant_settings s
    join public.tenants_v2 t on t.id = s.tenant_id
    where t.is_active
), day as (
    select c.tenant_id, count(*) as dialogs, count(c.booking_id) as bookings,
           count(*) filter (where c.final_status in ('dropped', 'abandoned')) as dropped,
           count(*) filter (where c.final_status not in ('done', 'dropped', 'abandoned')) as errors,
           max(least(greatest(c.started_at, c.ended_at), now())) as last_at
    from public.conversation_sessions_v2 c
    where c.started_at > now() - interval '24 hours' and c.started_at <= now()
    group by c.tenant_id
), silent as materialized (
    select s.tenant_id
    from salons s
    left join day d on d.tenant_id = s.tenant_id
    where coalesce(d.last_at, '-infinity') <= now() - make_interval(hours => s.stale_hours)
), week as (
    select c.tenant_id, count(*) as dialogs, max(least(greatest(c.started_at, c.ended_at), now())) as last_at
    from public.conversation_sessions_v2 c
    join silent s on s.tenant_id = c.tenant_id
    where c.started_at > now() - interval '8 days' and c.started_at <= now()
    group by c.tenant_id
), messages as (
    select h.tenant_id, max(h.created_at) as last_at
    from (
        select tenant_id, created_at
        from public.recent_history_v2
        where exists (select from silent)
        order by id desc
        limit 50000) h
    where h.created_at <= now()
    group by h.tenant_id
)
select s.*, now() as now, coalesce(d.dialogs, 0) as dialogs, coalesce(d.bookings, 0) as bookings,
       coalesce(d.dropped, 0) as dropped, coalesce(d.errors, 0) as errors,
       greatest(d.last_at, w.last_at, h.last_at) as last_at, coalesce(w.dialogs, 0) as dialogs_of_week
from salons s
left join day d on d.tenant_id = s.tenant_id
left join week w on w.tenant_id = s.tenant_id
left join messages h on h.tenant_id = s.tenant_id
order by s.tenant_id;

-- name: lock
-- Those of `open_alerts`.
select a.id
from dashboard.alerts a
where a.id = any(array(
    select o.id
    from dashboard.alerts o
    where o.resolved_at is null and o.tenant_id = any(%(tenants)s::uuid[])
    union all
    select r.id
    from dashboard.alerts r
    where r.resolved_at is not null and coalesce(r.told_at, r.triggered_at) > now() - interval '26 hours'
      and r.tenant_id = any(%(tenants)s::uuid[])))
order by a.id
for update;

-- name: open_alerts
-- What is open, or else the latest that may be the same alert when it comes back (rules.REPEAT_AFTER). Each half has its
-- index: a salon's history is not read.
select distinct on (a.tenant_id, a.kind) a.id, a.tenant_id, a.kind, a.severity, a.triggered_at, a.resolved_at,
       a.acknowledged_at, a.told_severity, a.told_at, a.actual
from (
    select * from dashboard.alerts where resolved_at is null
    union all
    select * from dashboard.alerts
    where resolved_at is not null and coalesce(told_at, triggered_at) > now() - interval '26 hours') a
where a.tenant_id = any(%(tenants)s::uuid[])
order by a.tenant_id, a.kind, a.resolved_at desc nulls first, a.id desc;

-- name: raise
-- Another run may have raised the same at this moment; then that one sends the message.
insert into dashboard.alerts (tenant_id, kind, threshold, actual, severity, description, triggered_at)
select n.tenant_id, n.kind, n.threshold, n.actual, n.severity, n.description, n.now
from jsonb_to_recordset(%(alerts)s::jsonb) as n (
    tenant_id uuid, kind text, threshold numeric, actual numeric, severity text, description text, now timestamptz)
order by n.tenant_id, n.kind
on conflict (tenant_id, kind) where resolved_at is null do nothing
returning id, tenant_id, kind;

-- name: change
update dashboard.alerts a
set threshold = coalesce(n.threshold, a.threshold), actual = coalesce(n.actual, a.actual), severity = n.severity,
    description = coalesce(n.description, a.description), updated_at = n.now,
    triggered_at = case n.action when 'reopen' then n.now else a.triggered_at end,
    resolved_at = case n.action when 'resolve' then n.now end
from jsonb_to_recordset(%(alerts)s::jsonb) as n (
    id bigint, action text, threshold numeric, actual numeric, severity text, description text, now timestamptz)
where a.id = n.id;

-- name: mark_sent
update dashboard.alerts a
set told_severity = a.severity, told_at = n.now, outbox_id = coalesce(n.outbox_id, a.outbox_id)
from jsonb_to_recordset(%(alerts)s::jsonb) as n (id bigint, outbox_id bigint, now timestamptz)
where a.id = n.id;
