-- name: under_way
-- Messages that are not out yet, and answers that nobody has looked at; not those that wait for a mentor.
select (select count(*) from platform.outbox where state in ('queued', 'sending'))
     + (select count(*) from support.conversations where answer_due_at is not null)
     + (select count(*) from getcourse.webhook_events where not processed and error_message is null) as waiting;

-- name: events
select user_email, event_date, processed from getcourse.webhook_events where answer_id = %(answer)s::text;

-- name: backlog
select error_message from getcourse.v_pending_webhooks;

-- name: not_understood
select reason from platform.v_unparsed;

-- name: stored
select (select count(*) from getcourse.webhook_events) as events, (select count(*) from platform.inbox) as inbox;

-- name: replace_mentor
select getcourse.new_version('mapping', p.id, jsonb_build_object('mentor_id', m.person_id), %(at)s::timestamptz)
from getcourse.v_active_mappings p, getcourse.v_active_mentors m
where p.student_getcourse_id = %(student)s::text and p.training_id = %(training)s::text
  and m.getcourse_id = %(mentor)s::text;

-- name: map_student
insert into getcourse.mapping (student_id, mentor_id, training_id, valid_from)
select s.id, m.id, %(training)s::text, s.valid_from
from getcourse.v_active_students s, getcourse.v_active_mentors m
where s.getcourse_id = %(student)s::text and m.getcourse_id = %(mentor)s::text
returning id;

-- name: set_deadline
update getcourse.lessons set deadline_at = %(at)s::timestamptz
where getcourse_id = %(lesson)s::text
returning id;

-- name: ended
select (select count(*) from getcourse.webhook_events) as events,
       (select count(*) from support.messages) as messages,
       (select count(*) from platform.outbox where state = 'sent') as sent,
       (select count(*) from learning.chat_messages) as said,
       (select count(*) from getcourse.webhook_events where not processed)
     + (select count(*) from platform.outbox where state <> 'sent' or maybe_duplicate)
     + (select count(*) from getcourse.notifications where status <> 'sent')
     + (select count(*) from support.handovers where status in ('pending', 'active'))
     + (select count(*) from learning.idempotency_keys where answer is null)
     + (select count(*) from learning.chat_threads t
        where t.last_seq <> (select count(*) from learning.chat_messages m where m.thread_id = t.id)) as lost;

-- name: handover
-- The newest of a person's.
select h.number, h.status, h.assigned_to_name, h.telegram_message_id, c.bot_status
from support.users u
join support.conversations c on c.user_id = u.id
left join support.handovers h on h.conversation_id = c.id
where u.phone = %(phone)s::text
order by h.number desc nulls last
limit 1;

-- name: messages
select m.role, m.content, m.intent from support.messages m
join support.conversations c on c.id = m.conversation_id
join support.users u on u.id = c.user_id
where u.phone = %(phone)s::text
order by m.position;

-- name: let_a_minute_pass
-- A minute later: everything about open requests is a minute older.
update support.handovers
set created_at = created_at - interval '1 minute', remind_at = remind_at - interval '1 minute'
where status = 'pending'
returning number;

-- name: booking
select status, yclients_attendance from dashboard.bookings where external_id = %(record)s::text;

-- name: bad_day
-- Those of yesterday grow a day older than the alerts look back, and today nobody books.
with gone as (
    update public.conversation_sessions_v2 set started_at = started_at - interval '1 day'
    where tenant_id = %(tenant)s::uuid and started_at between now() - interval '25 hours' and now() - interval '1 hour'
)
insert into public.conversation_sessions_v2 (session_id, tenant_id, user_id, channel, started_at, final_status, meta)
select gen_random_uuid(), %(tenant)s::uuid, md5('client' || n)::uuid, 'telegram', now() - n * interval '1 minute', 'dropped',
       '{"drop_off_stage": "time_selection"}'
from generate_series(1, 12) as n
returning id;

-- name: audit
select action, actor from dashboard.audits where tenant_id = %(tenant)s::uuid and action like '%%alert%%';

-- name: become_viewer
select set_config('role', 'authenticated', true), set_config('request.jwt.claims', %(claims)s::text, true);

-- name: seen
-- What the viewer sees of one salon.
select (select count(*) from dashboard.metrics_dailies where tenant_id = %(tenant)s::uuid) as metrics,
       (select count(*) from dashboard.alerts where tenant_id = %(tenant)s::uuid) as alerts,
       (select count(*) from dashboard.bookings where tenant_id = %(tenant)s::uuid) as bookings,
       (select coalesce(sum(total_sessions), 0)::int from dashboard.v_conversion_funnel_corrected
        where tenant_id = %(tenant)s::uuid) as sessions;
