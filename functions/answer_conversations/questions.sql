-- name: unread
-- In the order of writing, as much as the limits let through; one row without an id if that is nothing. What came late and was
-- answered before it came (by a message of ours that was written after it) is history by now; that a manager was called
-- answers nothing. Of a long conversation the newest messages tell.
with ours as materialized (
    select coalesce((n.metadata ->> 'sent_at')::timestamptz, n.created_at) as written_at
    from (
        select w.role, w.metadata, w.created_at, w.outbox_id
        from support.messages w
        where w.conversation_id = %(conversation_id)s::uuid
        order by w.position desc
        limit 200) n
    left join platform.outbox o on o.id = n.outbox_id
    where n.role in ('assistant', 'manager') and n.metadata ->> 'kind' is distinct from 'reaction'
      and not n.metadata ? 'notice' and coalesce(o.state not in ('dead', 'cancelled'), true)
), unread as materialized (
    select m.*, coalesce(m.created_at - m.written_at > make_interval(secs => %(delay)s::float8), false) as is_delayed
    from (
        select w.id, w.position, w.created_at, coalesce(w.metadata ->> 'kind', 'text') as kind,
               (w.metadata ->> 'sent_at')::timestamptz as written_at
        from support.messages w
        where w.conversation_id = %(conversation_id)s::uuid and w.position > %(heard_position)s::bigint
          and w.role = 'user' and w.metadata -> 'late' is distinct from 'true'::jsonb
          and not w.metadata ? 'deleted') m
), waiting as materialized (
    select u.*, row_number() over (order by case when u.is_delayed then u.written_at else u.created_at end, u.position) as place
    from unread u
    where u.kind <> all (%(ignored)s::text[])
      and not (u.is_delayed and exists (
          select from ours o where o.written_at > u.written_at and o.written_at <= u.created_at))
), measured as (
    select w.*, m.content, length(m.content) as characters,
           case when jsonb_typeof(m.metadata -> 'media') = 'object' then m.metadata -> 'media' end as media,
           coalesce(sum(least(length(m.content), %(characters)s::int)) over (
               order by w.place rows between unbounded preceding and 1 preceding), 0) as before
    from waiting w
    join support.messages m on m.id = w.id
    where w.place <= %(messages)s::int
), bounded as (
    select m.*, least(%(characters)s::int, %(characters_in_all)s::int - m.before)::int as room
    from measured m
    where m.before < %(characters_in_all)s::int
), every as (
    select (select coalesce(max(u.position), %(heard_position)s::bigint) from unread u) as until,
           count(*) as count, min(w.created_at) as first_at, count(*) filter (where w.kind = 'call') as calls,
           count(*) filter (where w.created_at - w.written_at > make_interval(secs => %(backlog)s::float8)) as backlogged
    from waiting w
)
select e.until, e.count, e.first_at, e.calls, e.backlogged, b.id, b.kind, b.media, b.written_at, b.created_at,
       left(b.content, b.room) as content, coalesce(b.characters > b.room, false) as is_cut
from every e
left join bounded b on true
order by b.place;
