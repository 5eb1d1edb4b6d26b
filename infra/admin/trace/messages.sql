-- name: messages
-- A handover's are found by their whole dedup keys, as nothing finds the beginning of one: its card and what stands in for
-- that, its reminders, and an edit of the card after each of its events.
with keys as (
    select 'support/handover/' || h.id || '/' || k.name as dedup_key
    from support.handovers h
    cross join lateral (
        select unnest(array['card', 'card-vanished', 'reminder-1', 'reminder-2'])
        union all
        select 'edit/' || h.telegram_message_id || '/' || e.id
        from support.handover_events e
        where e.handover_id = h.id) k (name)
    where h.id = any(%(handovers)s::uuid[])
), meant as (
    select o.id from unnest(%(ids)s::bigint[]) o (id)
    union
    select o.id from platform.outbox o where o.correlation_id = any(%(correlations)s::text[])
    union
    select h.outbox_id from support.handovers h where h.id = any(%(handovers)s::uuid[])
    union
    select o.id from keys k join platform.outbox o on o.dedup_key = k.dedup_key
)
select o.id, b.name as bot, b.channel, o.lane, o.recipient, o.kind, o.state, o.created_at, o.finished_at, o.message_id,
       o.external_id, o.error_class, o.maybe_duplicate
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where o.id = any(array(select id from meant))
order by o.id;

-- name: attempts
select outbox_id, started_at, ended_at, outcome, http_status, retry_after
from platform.outbox_attempts
where outbox_id = any(%(ids)s::bigint[])
order by started_at, ended_at;
