-- name: claim
-- The due time becomes the end of the lease: a new message of the customer sets it anew, and so takes the burst away
-- from the run that has it. The attempt is counted before it is made, so that one that ends the process counts, too.
with due as (
    select c.id from support.conversations c
    where c.answer_due_at <= (select clock_timestamp()) and c.client_id <> all (%(passed_over)s::uuid[])
    order by c.answer_due_at
    limit %(limit)s::int
    for update skip locked
)
update support.conversations c
set answer_due_at = clock_timestamp() + make_interval(secs => %(lease)s::float8), attempts = least(c.attempts + 1, 100)
from due
where c.id = due.id
returning c.id as conversation_id, c.client_id, c.heard_position, c.answer_due_at as leased_until, c.attempts;

-- name: history
-- The last messages before the burst, the oldest first, of each its beginning.
select h.role, left(h.content, %(characters)s::int) as content, h.kind
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
set answer_due_at = null, heard_position = %(until)s::bigint, attempts = 0
where c.id = %(conversation_id)s::uuid and c.heard_position = %(heard_position)s::bigint
  and c.answer_due_at = %(leased_until)s::timestamptz;

-- name: mark_read
-- What came meanwhile is the next burst, also when nobody has set a time for it.
update support.conversations c
set heard_position = %(until)s::bigint, attempts = 0,
    answer_due_at = case
        when c.answer_due_at <> %(leased_until)s::timestamptz then c.answer_due_at
        when exists (
            select from support.messages m
            where m.conversation_id = c.id and m.position > %(until)s::bigint and m.role = 'user') then clock_timestamp()
        end
where c.id = %(conversation_id)s::uuid and c.heard_position = %(heard_position)s::bigint
  and (c.answer_due_at = %(leased_until)s::timestamptz
       or %(first_at)s::timestamptz < (select clock_timestamp()) - make_interval(secs => %(max_age)s::float8));

-- name: forget_attempts
-- The customer goes on writing: nothing failed.
update support.conversations
set attempts = 0
where id = %(conversation_id)s::uuid and heard_position = %(heard_position)s::bigint;

-- name: forgive
update support.conversations c
set attempts = greatest(c.attempts - 1, 0)
from unnest(%(ids)s::uuid[], %(positions)s::bigint[]) as f (id, heard_position)
where c.id = f.id and c.heard_position = f.heard_position;

-- name: last_position
select coalesce(max(m.position), %(heard_position)s::bigint) as position
from support.messages m
where m.conversation_id = %(conversation_id)s::uuid and m.position > %(heard_position)s::bigint and m.role = 'user';

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
