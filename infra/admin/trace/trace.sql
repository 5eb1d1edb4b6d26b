-- name: events
-- The events themselves: by id, by correlation id, or those that an outbox row speaks of. One way after the other, as each
-- has an index: no plan joins the ways by an `or`.
with meant as (
    select %(event)s::bigint as id
    union
    select e.id from getcourse.webhook_events e where e.correlation_id = %(correlation)s::text
    union
    select e.id
    from platform.outbox o
    join getcourse.webhook_events e on e.correlation_id = o.correlation_id
    where o.id = %(outbox)s::bigint
    union
    select n.webhook_event_id from getcourse.notifications n where n.outbox_id = %(outbox)s::bigint
)
select e.id, e.created_at, e.answer_id, e.correlation_id, e.processed, e.processed_at, e.error_message, e.attempts,
       e.next_attempt_at at time zone 'UTC' as next_attempt_at, s.name as source
from getcourse.webhook_events e
left join platform.webhook_sources s on s.id = e.source_id
where e.id = any(array(select id from meant))
order by e.id
limit 200;

-- name: account_events
select a.id, a.created_at, array_to_string(a.event_types, ', ') as event_types, s.name as source
from getcourse.account_events a
join platform.webhook_sources s on s.id = a.source_id
where a.correlation_id = %(correlation)s::text
order by a.id;

-- name: problems
-- `message` is a place in the code, never a text.
select created_at, error_class, message, webhook_event_id as event
from getcourse.error_logs
where correlation_id = any(%(correlations)s::text[])
order by id;

-- name: notifications
select id, type, mentor_id, status, outbox_id, created_at
from getcourse.notifications
where webhook_event_id = any(%(events)s::bigint[])
order by id;

-- name: unparsed
select i.id, i.received_at, i.reason, s.name as source
from platform.inbox i
join platform.webhook_sources s on s.id = i.source_id
where i.correlation_id = %(correlation)s::text;

-- name: failed_updates
-- Updates of Telegram that failed; of several tries the last one has its correlation.
select f.last_failed_at, f.update_id, f.attempts, f.error, f.set_aside_at, b.name as bot
from platform.failed_updates f
join platform.bots b on b.id = f.bot_id
where f.correlation_id = %(correlation)s::text;

-- name: runs
-- A scheduled run, if it did something.
select r.function, r.started_at, r.finished_at, r.report
from platform.run_reports r
where r.correlation_id = %(correlation)s::text;

-- name: handovers
select id from support.handovers where number = %(number)s::bigint;

-- name: stored_messages
-- Messages of a desk's conversations: those of a correlation, and those of a handover while it was open. Its way, that of
-- its card and that of the bot's answer begin with what the customer wrote last before.
with begun as (
    select h.conversation_id, h.created_at as at from support.handovers h where h.id = any(%(handovers)s::uuid[])
    union
    select h.conversation_id, h.created_at from support.handovers h where h.outbox_id = %(outbox)s::bigint
    union
    select m.conversation_id, m.created_at
    from support.messages m
    where m.outbox_id = %(outbox)s::bigint and m.role = 'assistant'
), meant as (
    select m.id from support.messages m where m.correlation_id = any(%(correlations)s::text[])
    union
    select m.id from support.messages m where m.outbox_id = %(outbox)s::bigint
    union
    select m.id
    from support.handovers h
    join support.messages m on m.conversation_id = h.conversation_id
    where h.id = any(%(handovers)s::uuid[]) and m.created_at between h.created_at and coalesce(h.resolved_at, 'infinity')
    union
    select last.id
    from begun b
    cross join lateral (
        select m.id
        from support.messages m
        where m.conversation_id = b.conversation_id and m.role = 'user' and m.created_at <= b.at
        order by m.position desc
        limit 1) last
)
select m.created_at, m.role, m.conversation_id, m.outbox_id, c.name as desk
from support.messages m
join support.clients c on c.id = m.client_id
where m.id = any(array(select id from meant))
order by m.position
limit 200;

-- name: handover_events
-- Those of the handover, or of every handover whose messages carry the correlation.
with meant as (
    select h.id from unnest(%(handovers)s::uuid[]) h (id)
    union
    select h.id from support.handovers h where h.outbox_id = %(outbox)s::bigint
    union
    select h.id
    from platform.outbox o
    join support.handovers h on h.outbox_id = o.id
    where o.correlation_id = any(%(correlations)s::text[])
)
select h.number, e.at, e.event, e.actor, c.name as desk
from support.handover_events e
join support.handovers h on h.id = e.handover_id
join support.clients c on c.id = h.client_id
where e.handover_id = any(array(select id from meant))
order by e.id;
