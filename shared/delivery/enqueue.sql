-- name: enqueue
-- Rows and lanes in one statement. A lane that has a head keeps its due time: the head goes first, even when it
-- waits for a retry. The lane row stays locked until the caller commits, so callers enqueue last.
with wanted as (
    select m.*
    from jsonb_to_recordset(%(messages)s::jsonb) as m (
        place int, bot_id bigint, chat_id bigint, lane text, kind text, method text, payload jsonb, dedup_key text,
        correlation_id text, policy text, delay_seconds double precision, lives_seconds double precision)
), added as (
    insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy,
                                 due_at, expires_at)
    select bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy,
           clock_timestamp() + make_interval(secs => delay_seconds),
           clock_timestamp() + make_interval(secs => delay_seconds + lives_seconds)
    from wanted
    order by place
    on conflict (dedup_key) do nothing
    returning id, bot_id, lane, due_at, dedup_key
), opened as (
    insert into platform.lanes as l (bot_id, lane, head_due)
    select distinct on (bot_id, lane) bot_id, lane, due_at
    from added
    order by bot_id, lane, id
    on conflict (bot_id, lane) do update set head_due = coalesce(l.head_due, excluded.head_due)
)
select id, dedup_key from added;
