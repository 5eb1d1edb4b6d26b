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

-- name: courses_reminder
-- Nobody is reminded of what was moved, cancelled, begun or done meanwhile, nor whoever has switched that off.
select f.id
from jsonb_to_recordset(%(facts)s::jsonb)
    as f (id bigint, reminder text, lead text, subject_id bigint, user_id bigint, telegram_id bigint, happens_at timestamptz)
where not exists (
    select from courses.v_reminders r
    where r.kind = f.reminder::courses.reminder_kind and r.lead = f.lead and r.subject_id = f.subject_id
      and r.user_id = f.user_id and r.telegram_id = f.telegram_id and r.happens_at = f.happens_at
      and r.until > (select clock_timestamp())
    offset 0);

-- name: courses_change
-- Nobody hears of a state that is not the current one any more, of what has begun, or of what they do not want to hear of.
select f.id
from jsonb_to_recordset(%(facts)s::jsonb)
    as f (id bigint, kind text, subject_id bigint, user_id bigint, telegram_id bigint, on_date date, start_time time,
          is_cancelled boolean, until timestamptz)
where f.until <= (select clock_timestamp())
   or not exists (
    select from courses.v_change_readers r
    where r.kind = f.kind::courses.reminder_kind and r.subject_id = f.subject_id and r.user_id = f.user_id
      and r.telegram_id = f.telegram_id
    offset 0)
   or not exists (
    select from courses.sessions s
    where f.kind = 'session' and s.id = f.subject_id and s.start_date = f.on_date
      and s.start_time::time is not distinct from f.start_time and (s.cancelled_at is not null) = f.is_cancelled
    union all
    select from courses.events e
    where f.kind = 'event' and e.id = f.subject_id and e.start_date = f.on_date
      and e.start_time::time is not distinct from f.start_time and (e.cancelled_at is not null) = f.is_cancelled);

-- name: courses_offer
-- A place is offered for as long as the message says, unless whoever got it has answered elsewhere.
select f.id
from jsonb_to_recordset(%(facts)s::jsonb) as f (id bigint, signup_id bigint, offer_until timestamptz)
where f.offer_until <= (select clock_timestamp()) or not exists (
    select from courses.healing_signups s
    where s.id = f.signup_id and s.state = 'offered' and s.offer_until = f.offer_until);

-- name: courses_homework
-- Whoever turned out not to have been there, or is forgotten, gets none.
select f.id
from jsonb_to_recordset(%(facts)s::jsonb) as f (id bigint, delivery_id bigint)
where not exists (
    select from courses.homework_delivery h
    join courses.attendance a on a.session_id = h.session_id and a.user_id = h.user_id and a.status in ('present', 'late')
    where h.id = f.delivery_id);

-- name: courses_broadcast
-- Nobody gets what was paused or cancelled meanwhile, what they do not want any more, or what another account was to get.
select f.id
from jsonb_to_recordset(%(facts)s::jsonb) as f (id bigint, broadcast_id bigint, user_id bigint)
where not exists (
    select from courses.broadcasts b
    join courses.broadcast_recipients r
        on r.broadcast_id = b.id and r.user_id = f.user_id and r.status = 'queued' and r.outbox_id = f.id
    join courses.v_mailings m on m.user_id = r.user_id and m.obstacle is null
    join platform.outbox o on o.id = r.outbox_id and o.chat_id = m.telegram_id
    where b.id = f.broadcast_id and b.paused_at is null and b.cancelled_at is null);
