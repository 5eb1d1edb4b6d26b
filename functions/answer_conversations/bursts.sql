-- name: claim
-- The due time becomes the end of the lease: a new message of the customer sets it anew, and so takes the burst away
-- from the run that has it.
with due as (
    select c.id from support.conversations c
    where c.answer_due_at <= clock_timestamp()
    order by c.answer_due_at
    limit %(limit)s::int
    for update skip locked
)
update support.conversations c
set answer_due_at = clock_timestamp() + make_interval(secs => %(lease)s::float8)
from due
where c.id = due.id
returning c.id as conversation_id, c.heard_position, c.answer_due_at as leased_until;

-- name: unread
-- In the order of writing. What came late and was answered before it came (by a message of ours that was written after it)
-- is history by now; that a manager was called answers nothing. Of a long conversation the newest messages tell.
select u.id, u.position, u.content, u.created_at, u.kind, u.media, u.written_at,
       u.is_delayed and exists (
           select from (
               select n.role, n.metadata, n.created_at, n.outbox_id
               from support.messages n
               where n.conversation_id = %(conversation_id)s::uuid
               order by n.position desc
               limit 200) n
           left join platform.outbox o on o.id = n.outbox_id
           where n.role in ('assistant', 'manager') and n.metadata ->> 'kind' is distinct from 'reaction'
             and not n.metadata ? 'notice'
             and coalesce((n.metadata ->> 'sent_at')::timestamptz, n.created_at) > u.written_at
             and coalesce((n.metadata ->> 'sent_at')::timestamptz, n.created_at) <= u.created_at
             and coalesce(o.state not in ('dead', 'cancelled'), true)) as is_answered
from (
    select m.id, m.position, m.content, m.created_at, coalesce(m.metadata ->> 'kind', 'text') as kind,
           case when jsonb_typeof(m.metadata -> 'media') = 'object' then m.metadata -> 'media' end as media, m.written_at,
           coalesce(m.created_at - m.written_at > make_interval(secs => %(delay)s::float8), false) as is_delayed
    from (
        select w.id, w.position, w.content, w.created_at, w.metadata, (w.metadata ->> 'sent_at')::timestamptz as written_at
        from support.messages w
        where w.conversation_id = %(conversation_id)s::uuid and w.position > %(heard_position)s::bigint
          and w.role = 'user' and w.metadata -> 'late' is distinct from 'true'::jsonb
          and not w.metadata ? 'deleted') m) u
order by case when u.is_delayed then u.written_at else u.created_at end, u.position;

-- name: history
-- The last messages before the burst, the oldest first.
select h.role, h.content, h.kind
from (
    select m.position, m.role, m.content, coalesce(m.metadata ->> 'kind', 'text') as kind
    from support.messages m
    where m.conversation_id = %(conversation_id)s::uuid and m.role in ('user', 'assistant', 'manager')
      and (m.content <> '' or m.metadata ->> 'kind' not in ('text', 'reaction', 'answered_call'))
      and (m.position <= %(heard_position)s::bigint or m.role <> 'user') and not m.metadata ? 'deleted'
    order by m.position desc
    limit 20) h
order by h.position;

-- name: prompts
-- A desk's own prompts win over the common ones; the last of a name counts.
select p.name, p.text
from support.prompts p
where p.is_active and (p.client_id = %(client_id)s::uuid or p.client_id is null)
order by p.client_id nulls first;

-- name: release
update support.conversations c
set answer_due_at = null, heard_position = %(until)s::bigint
where c.id = %(conversation_id)s::uuid and c.heard_position = %(heard_position)s::bigint
  and c.answer_due_at = %(leased_until)s::timestamptz;

-- name: mark_read
-- What came meanwhile is the next burst, also when nobody has set a time for it.
update support.conversations c
set heard_position = %(until)s::bigint,
    answer_due_at = case
        when c.answer_due_at <> %(leased_until)s::timestamptz then c.answer_due_at
        when exists (
            select from support.messages m
            where m.conversation_id = c.id and m.position > %(until)s::bigint and m.role = 'user') then clock_timestamp()
        end
where c.id = %(conversation_id)s::uuid and c.heard_position = %(heard_position)s::bigint
  and (c.answer_due_at = %(leased_until)s::timestamptz
       or %(first_at)s::timestamptz < clock_timestamp() - make_interval(secs => %(max_age)s::float8));

-- name: classify
update support.messages
set intent = %(intent)s::text, confidence = %(confidence)s::numeric
where id = %(id)s::uuid;

-- name: next_due_in
select extract(epoch from min(c.answer_due_at) - clock_timestamp())::float8 as seconds
from support.conversations c
where c.answer_due_at is not null;

-- name: waiting
select count(*) as waiting from support.conversations where answer_due_at is not null;
