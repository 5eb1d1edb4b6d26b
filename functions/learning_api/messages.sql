-- name: older
-- A page ends where it has enough bytes; the row after its end tells that there is more.
select p.id, p.seq, p.role, p.content, p.meta, p.created_at, p.bytes_before
from (
    select r.*, coalesce(sum(r.bytes) over (order by r.seq desc rows between unbounded preceding and 1 preceding), 0)
                    as bytes_before,
           coalesce(sum(r.bytes) over (order by r.seq desc rows between unbounded preceding and 2 preceding), 0)
               < %(bytes)s::bigint as is_needed
    from (
        select m.id, m.seq, m.role, m.content, m.meta_json as meta, m.created_at, octet_length(m.content) as bytes
        from learning.chat_messages m
        where m.thread_id = %(thread)s::uuid and m.seq < coalesce(%(before)s::bigint, 9223372036854775807)
        order by m.seq desc
        limit %(rows)s::int) r) p
where p.is_needed
order by p.seq desc;

-- name: newer
select p.id, p.seq, p.role, p.content, p.meta, p.created_at, p.bytes_before
from (
    select r.*, coalesce(sum(r.bytes) over (order by r.seq rows between unbounded preceding and 1 preceding), 0)
                    as bytes_before,
           coalesce(sum(r.bytes) over (order by r.seq rows between unbounded preceding and 2 preceding), 0)
               < %(bytes)s::bigint as is_needed
    from (
        select m.id, m.seq, m.role, m.content, m.meta_json as meta, m.created_at, octet_length(m.content) as bytes
        from learning.chat_messages m
        where m.thread_id = %(thread)s::uuid and m.seq > %(after)s::bigint
        order by m.seq
        limit %(rows)s::int) r) p
where p.is_needed
order by p.seq;

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
