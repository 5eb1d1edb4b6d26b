-- name: former_end
-- A run that is repeated means the same moment as the first.
select min((selection ->> 'until')::timestamptz) as until
from platform.outbox_audits
where action = 'restore' and (selection ->> 'backup_of')::timestamptz = %(backup_of)s::timestamptz;

-- name: messages
-- What waited when the backup was made, in groups, and what becomes of it. An edit that is repeated changes nothing; what
-- was not due before the database was lost has not gone out.
select b.name as bot, o.kind, o.policy, f.fate, count(*) as messages, array_agg(o.id order by o.id) as ids
from platform.outbox o
join platform.bots b on b.id = o.bot_id
cross join lateral (
    select case when o.created_at > %(backup_of)s::timestamptz then 'new'
                when o.policy = 'idempotent' then 'repeatable'
                when coalesce(case o.state when 'sending' then o.send_started_at end, o.due_at) > %(until)s::timestamptz
                    then 'not due'
                else 'unknown' end as fate) f
where o.state in ('queued', 'sending')
group by b.name, o.kind, o.policy, f.fate
order by f.fate desc, count(*) desc, b.name, o.kind;

-- name: lock_lanes
-- First the lanes, in the order in which everybody locks them.
select from platform.lanes l
join (select distinct o.bot_id, o.lane from platform.outbox o
      where o.id = any(%(ids)s::bigint[]) and o.state in ('queued', 'sending')) w
    on w.bot_id = l.bot_id and w.lane = l.lane
order by l.bot_id, l.lane
for update of l;

-- name: set_aside
-- An attempt that was under way stays without an end: nobody knows it.
update platform.outbox o
set state = 'unknown', finished_at = clock_timestamp(), error_class = 'restored', error_code = null, error_text = null
where o.id = any(%(ids)s::bigint[]) and o.state in ('queued', 'sending') and o.created_at <= %(backup_of)s::timestamptz
returning o.id, o.bot_id, o.lane, o.kind, o.state, o.message_id, o.finished_at, o.error_class;

-- name: audit
insert into platform.outbox_audits (at, actor, action, selection, outbox_ids)
values (now(), %(actor)s::text || ' as ' || session_user, 'restore', %(selection)s::jsonb, %(ids)s::bigint[]);

-- name: hold_answers
-- A mentor may have been told. They stay in the backlog with their reason until `carillon replay`.
with held as (
    update getcourse.webhook_events
    set next_attempt_at = '9999-01-01 00:00+00', error_message = 'restored'
    where not processed and created_at <= %(backup_of)s::timestamptz and next_attempt_at <= %(until)s::timestamptz
    returning id
)
select count(*) as held from held;

-- name: hold_handovers
-- Somebody may have taken or solved them: no reminder, no closing, no apology. Managers still have their buttons.
with held as (
    update support.handovers
    set remind_at = null
    where remind_at is not null and created_at <= %(backup_of)s::timestamptz
    returning id
)
select count(*) as held from held;

-- name: open_handovers
select id from support.handovers
where status in ('pending', 'active') and created_at <= %(backup_of)s::timestamptz
order by id;

-- name: hold_bursts
-- The bot may have answered. Whoever writes again is answered, to all that they wrote.
with held as (
    update support.conversations
    set answer_due_at = null
    where answer_due_at <= %(until)s::timestamptz and last_message_at <= %(backup_of)s::timestamptz
    returning id
)
select count(*) as held from held;

-- name: mark_reminders_unknown
update getcourse.notifications set status = 'unknown' where id = any(%(ids)s::bigint[]);

-- name: become_keeper
select set_config('role', 'dashboard_keeper', true);

-- name: reset_role
select set_config('role', 'none', true);

-- name: note_digests
-- A salon's digest whose hour had come before the database was lost, and that the backup does not know of.
with clocks as (
    select s.tenant_id, coalesce(s.digest_hour, 9) as digest_hour, dashboard.known_zone(s.timezone) as timezone
    from dashboard.tenant_settings s
    join public.tenants_v2 t on t.id = s.tenant_id
    where t.is_active and s.bot_id is not null and s.chat_id is not null
), yesterdays as (
    select c.tenant_id,
           ((dashboard.day_begins((%(until)s::timestamptz at time zone c.timezone)::date, c.timezone)
             - interval '1 microsecond') at time zone c.timezone)::date as day
    from clocks c
    where extract(hour from %(until)s::timestamptz at time zone c.timezone) >= c.digest_hour
), noted as (
    insert into dashboard.metrics_dailies as m (tenant_id, day, digest_sent_at)
    select tenant_id, day, %(until)s::timestamptz from yesterdays
    on conflict (tenant_id, day) do update set digest_sent_at = excluded.digest_sent_at
        where m.digest_outbox_id is null and m.digest_sent_at is null
    returning tenant_id
)
select count(*) as held from noted;
