-- name: events
-- The events themselves: by id, by correlation id, or those that an outbox row speaks of.
select e.id, e.created_at, e.answer_id, e.correlation_id, e.processed, e.processed_at, e.error_message, e.attempts,
       e.next_attempt_at at time zone 'UTC' as next_attempt_at, s.name as source
from getcourse.webhook_events e
left join platform.webhook_sources s on s.id = e.source_id
where e.id = %(event)s::bigint
   or e.correlation_id = %(correlation)s::text
   or e.correlation_id = (select o.correlation_id from platform.outbox o where o.id = %(outbox)s::bigint)
   or e.id in (select n.webhook_event_id from getcourse.notifications n where n.outbox_id = %(outbox)s::bigint)
order by e.id
limit 200;

-- name: notifications
select id, type, mentor_id, status, outbox_id, created_at
from getcourse.notifications
where webhook_event_id = any(%(events)s::bigint[])
order by id;

-- name: messages
select o.id, b.name as bot, o.lane, o.kind, o.state, o.created_at, o.finished_at, o.message_id, o.error_class,
       o.maybe_duplicate
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where o.id = any(%(ids)s::bigint[]) or o.correlation_id = any(%(correlations)s::text[])
order by o.id;

-- name: attempts
select outbox_id, started_at, ended_at, outcome, http_status, retry_after
from platform.outbox_attempts
where outbox_id = any(%(ids)s::bigint[])
order by started_at, ended_at;

-- name: unparsed
select i.id, i.received_at, i.reason, s.name as source
from platform.inbox i
join platform.webhook_sources s on s.id = i.source_id
where i.correlation_id = %(correlation)s::text;
