-- name: older
select id, seq, role, content, meta_json as meta, created_at
from learning.chat_messages
where thread_id = %(thread)s::uuid and seq < coalesce(%(before)s::bigint, 9223372036854775807)
order by seq desc
limit %(rows)s::int;

-- name: newer
select id, seq, role, content, meta_json as meta, created_at
from learning.chat_messages
where thread_id = %(thread)s::uuid and seq > %(after)s::bigint
order by seq
limit %(rows)s::int;

-- name: append
-- The thread is locked first: one that somebody is deleting is either still there for all of them, or gone. A process
-- that freezes with the lock loses it after some seconds.
with timeout as materialized (
    select set_config('idle_in_transaction_session_timeout', '5s', true)
), thread as (
    select t.id from timeout, learning.chat_threads t where t.id = %(thread)s::uuid for no key update of t
), new as (
    select m.role, m.content, m.meta, m.place
    from rows from (
        jsonb_to_recordset(%(messages)s::jsonb) as (role learning.message_role, content text, meta jsonb)
    ) with ordinality as m (role, content, meta, place)
)
insert into learning.chat_messages (thread_id, role, content, meta_json)
select thread.id, new.role, new.content, new.meta
from thread cross join new
order by new.place
returning id, seq, created_at;
