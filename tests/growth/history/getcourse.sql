-- name: answers
-- Each student writes all the time, lesson after lesson, and nobody has answered the lesson whose deadline is near lately.
-- The last twenty wait for a mentor, and ten more are due.
insert into getcourse.webhook_events (
    id, source_id, event_date, user_id, user_email, answer_id, answer_training_id, answer_lesson_id, answer_type,
    answer_status, answer_text, raw_payload, correlation_id, processed, processed_at, next_attempt_at, created_at, answer_key)
overriding system value
select i, school + 1, pg_temp.moment(i), 's' || student, 'student' || student || '@school.invalid', 'a' || i,
       't' || 5 * school + lesson / 10 + 1, 'l' || 50 * school + lesson + 1, 'text', 'accepted', 'My answer to the lesson, number ' || i,
       jsonb_build_object('answer', jsonb_build_object('id', i, 'text', 'My answer to the lesson, number ' || i)),
       'event-' || i, i <= %(rows)s - 30, case when i <= %(rows)s - 30 then pg_temp.moment(i) end,
       case when i > %(rows)s - 20 then now() + interval '5 minutes' else pg_temp.moment(i) end, pg_temp.moment(i), md5('answer' || i)::uuid
from generate_series(1, %(rows)s) i
cross join lateral (select i * 7 %% (200 * %(schools)s) + 1 as student, i / 7 %% 50 as lesson) s
cross join lateral (select (student - 1) / 200 as school) o;

-- name: notifications
insert into getcourse.notifications (id, mentor_id, type, message, status, webhook_event_id, message_hash, outbox_id, created_at, sent_at)
overriding system value
select i, i %% (10 * %(schools)s) + 1, 'answerToLesson', 'A student answered, number ' || i,
       case when i %% 50 = 0 then 'failed' else 'sent' end, i, encode(sha256(('told' || i)::bytea), 'hex'),
       case when i %% 10 < 5 then i end, pg_temp.moment(i), pg_temp.moment(i)
from generate_series(2, %(rows)s - 30, 2) i
union all
select i, i %% (10 * %(schools)s) + 1, 'deadlineApproaching', 'Soon, number ' || i, 'pending', null,
       encode(sha256(('told' || i)::bytea), 'hex'), i, now(), null
from generate_series(%(rows)s + 1, %(rows)s + %(queued)s) i;

-- name: around
insert into getcourse.account_events (source_id, event_types, object_id, event_date, natural_key, raw_payload, correlation_id, created_at)
select i %% %(schools)s + 1, '{dealPaid}', 'o' || i, pg_temp.moment(i), sha256(('paid' || i)::bytea), '{"object": {"email": "payer@school.invalid"}}',
       'account-' || i, pg_temp.moment(i)
from generate_series(1, %(rows)s, 5) i;
insert into getcourse.application_logs (message, created_at)
select 'mentors notified', pg_temp.moment(i) from generate_series(1, %(rows)s, 10) i;
insert into getcourse.error_logs (error_class, message, webhook_event_id, correlation_id, created_at)
select 'TimeoutError', 'claim', i, 'event-' || i, pg_temp.moment(i) from generate_series(1, %(rows)s, 100) i;
