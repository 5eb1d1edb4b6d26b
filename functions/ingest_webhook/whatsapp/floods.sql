-- name: flooding
-- Conversations whose customers wrote more than so much within the window; of each, the last messages tell.
select c.id as conversation_id
from unnest(%(ids)s::uuid[]) as c (id)
cross join lateral (
    select sum(octet_length(m.content)) as bytes
    from (
        select w.role, w.content, w.created_at
        from support.messages w
        where w.conversation_id = c.id
        order by w.position desc
        limit 100) m
    where m.role = 'user' and m.created_at > (select clock_timestamp()) - make_interval(secs => %(window)s::float8)) written
where written.bytes > %(most)s::bigint;
