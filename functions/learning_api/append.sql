-- name: append
-- The thread is locked first: one that somebody is deleting is either still there for all of them, or gone. A process
-- that freezes with the lock loses it after some seconds.
with patience as materialized (
    select set_config('idle_in_transaction_session_timeout', '5s', true)
), thread as (
    select t.id from patience, learning.chat_threads t where t.id = %(thread)s::uuid for no key update of t
), said as (
    select m.role, m.content, m.meta, m.place
    from rows from (
        jsonb_to_recordset(%(messages)s::jsonb) as (role learning.message_role, content text, meta jsonb)
    ) with ordinality as m (role, content, meta, place)
)
insert into learning.chat_messages (thread_id, role, content, meta_json)
select thread.id, said.role, said.content, said.meta
from thread cross join said
order by said.place
returning id, seq, created_at;
