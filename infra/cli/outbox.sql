-- name: list
select o.id, o.created_at, b.name as bot, o.chat_id, o.lane, o.kind, o.state, o.attempt, o.due_at, o.finished_at,
       o.error_class, o.error_code, o.maybe_duplicate, o.message_id, o.correlation_id
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where o.created_at >= %(since)s::timestamptz
  and (%(state)s::text is null or o.state = %(state)s::text)
  and (%(kind)s::text is null or o.kind = %(kind)s::text)
order by o.id desc
limit %(limit)s::int;

-- name: show
select o.id, b.name as bot, o.chat_id, o.lane, o.kind, o.method, o.state, o.policy, o.attempt, o.created_at, o.due_at,
       o.expires_at, o.send_started_at, o.finished_at, o.message_id, o.maybe_duplicate, o.error_class, o.error_code,
       o.dedup_key, o.correlation_id, o.payload
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where o.id = %(id)s::bigint;

-- name: attempts
select attempt_id, outbox_id, started_at, ended_at, outcome, http_status, retry_after
from platform.outbox_attempts
where outbox_id = any(%(ids)s::bigint[])
order by started_at, ended_at;
