-- name: messages
select o.id, b.name as bot, b.channel, o.lane, o.recipient, o.kind, o.state, o.created_at, o.finished_at, o.message_id,
       o.external_id, o.error_class, o.maybe_duplicate
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where o.id = any(%(ids)s::bigint[])
   or o.correlation_id = any(%(correlations)s::text[])
   or o.id in (select h.outbox_id from support.handovers h where h.id = any(%(handovers)s::uuid[]))
   or o.dedup_key like any (select 'support/handover/' || h || '/%%' from unnest(%(handovers)s::uuid[]) h)
order by o.id;

-- name: attempts
select outbox_id, started_at, ended_at, outcome, http_status, retry_after
from platform.outbox_attempts
where outbox_id = any(%(ids)s::bigint[])
order by started_at, ended_at;
