-- name: append
-- The thread is locked first: one that somebody is deleting is either still there for all of them, or gone.
with thread as (
    select id from learning.chat_threads where id = %(thread)s::uuid for no key update
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
