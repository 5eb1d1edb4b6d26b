-- name: lock
select d.telegram_id
from courses.dialogs d
join platform.outbox o on o.chat_id = d.telegram_id
where o.id = any(%(ids)s::bigint[]) and o.kind in ('courses/screen', 'courses/screen-edit')
order by d.telegram_id
for update of d;

-- name: note_message
-- Ids of messages grow within a chat; a screen of several messages has its buttons below the last one.
update courses.dialogs d
set message_id = o.message_id
from (
    select chat_id, max(message_id) as message_id
    from platform.outbox
    where id = any(%(ids)s::bigint[])
    group by chat_id) o
where d.telegram_id = o.chat_id and o.message_id > coalesce(d.message_id, 0);

-- name: forget_message
-- The next press that names no message brings a new one.
update courses.dialogs d
set message_id = null
from platform.outbox o
where o.id = any(%(ids)s::bigint[]) and d.telegram_id = o.chat_id
  and d.message_id = (o.payload ->> 'message_id')::bigint;

-- name: lock_homework
select h.id
from courses.homework_delivery h
where h.id in (
    select split_part(o.dedup_key, '/', 3)::bigint from platform.outbox o
    where o.id = any(%(ids)s::bigint[]) and o.kind = 'courses/homework')
order by h.id
for update;

-- name: note_homework
-- A message that was redriven is on its way again.
update courses.homework_delivery h
set sent_at = case when o.state = 'sent' then o.finished_at end,
    error = case when o.state <> 'sent' and o.finished_at is not null then coalesce(o.error_class, o.state) end
from platform.outbox o
where o.id = any(%(ids)s::bigint[]) and h.id = split_part(o.dedup_key, '/', 3)::bigint;
