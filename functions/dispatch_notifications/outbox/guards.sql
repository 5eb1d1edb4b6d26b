-- name: getcourse_deadline
-- A reminder of a deadline that was moved or has passed is worse than none.
select f.id
from jsonb_to_recordset(%(facts)s::jsonb) as f (id bigint, lesson_id text, deadline_at timestamptz)
where f.deadline_at <= (select clock_timestamp()) or not exists (
    select from getcourse.lesson_versions l
    where l.getcourse_id = f.lesson_id and l.deadline_at = f.deadline_at
      and tstzrange(l.valid_from, l.valid_to) @> (select clock_timestamp()));

-- name: support_reminder
-- Nobody is reminded of what somebody took in the meantime.
select f.id
from jsonb_to_recordset(%(facts)s::jsonb) as f (id bigint, handover_id uuid)
where not exists (
    select from support.handovers h
    where h.id = f.handover_id and h.status = 'pending' and not exists (
        select from support.messages m
        where m.conversation_id = h.conversation_id and m.role = 'manager' and m.created_at > h.created_at
          and not m.metadata ? 'late' and m.metadata ->> 'kind' is distinct from 'reaction'));

-- name: support_bot_reply
-- The bot is silent once a person has the conversation.
select f.id
from jsonb_to_recordset(%(facts)s::jsonb) as f (id bigint, conversation_id uuid)
where exists (
    select from support.handovers h
    where h.conversation_id = f.conversation_id and h.status = 'active');
