-- name: list
select o.id, o.created_at, b.name as bot, b.channel, o.chat_id, o.recipient, o.lane, o.topic, o.kind, o.priority,
       o.state, o.attempt, o.redrives, o.due_at, o.finished_at, o.error_class, o.error_code, o.error_text, o.maybe_duplicate,
       o.out_of_order, o.as_text, o.message_id, o.external_id, o.correlation_id
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where (%(ids)s::bigint[] is null or o.id = any(%(ids)s::bigint[]))
  and (%(states)s::text[] is null or o.state = any(%(states)s::text[]))
  and (%(error_class)s::text is null or o.error_class = %(error_class)s::text)
  and (%(system)s::text is null or split_part(o.kind, '/', 1) = %(system)s::text)
  and (%(kind)s::text is null or o.kind = %(kind)s::text)
  and (%(bot)s::text is null or b.name = %(bot)s::text)
  and (%(since)s::timestamptz is null or o.created_at >= %(since)s::timestamptz)
  and (%(ended_since)s::timestamptz is null or o.finished_at >= %(ended_since)s::timestamptz)
  and (%(until)s::timestamptz is null or o.created_at < %(until)s::timestamptz)
order by o.id desc
limit %(limit)s::int;

-- name: show
select o.id, b.name as bot, b.channel, o.chat_id, o.recipient, o.lane, o.topic, o.kind, o.method, o.priority, o.state,
       o.policy, o.attempt, o.redrives, o.created_at, o.due_at, o.expires_at, o.send_started_at, o.finished_at,
       o.message_id, o.external_id, o.maybe_duplicate, o.out_of_order, o.as_text, o.error_class, o.error_code, o.error_text,
       o.guard,
       o.dedup_key, o.correlation_id, o.payload
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where o.id = %(id)s::bigint;

-- name: attempts
select attempt_id, outbox_id, started_at, ended_at, outcome, http_status, retry_after
from platform.outbox_attempts
where outbox_id = any(%(ids)s::bigint[])
order by started_at, ended_at;
