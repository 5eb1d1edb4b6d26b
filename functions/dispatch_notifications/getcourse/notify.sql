-- name: claim_answers
-- Groups of one student's answers in one training whose gathering time is over, locked, with everything that a
-- message needs: one row per answer and responsible mentor, or one row without a mentor.
-- Responsible is whose mapping was valid at the event's time (half-open); written to is that
-- person as they are known today.
with ready as (
    select g.source_id, g.user_id, g.answer_training_id
    from (
        select source_id, user_id, answer_training_id, min(created_at) as first_at, min(id) as first_id
        from getcourse.webhook_events
        where not processed and next_attempt_at <= clock_timestamp()
          and (%(events)s::bigint[] is null or id = any(%(events)s::bigint[]))
        group by source_id, user_id, answer_training_id) g
    left join platform.webhook_sources s on s.id = g.source_id
    where g.first_at + make_interval(secs => coalesce(s.collapse_seconds, 0)) <= clock_timestamp()
    order by g.first_id
    limit %(groups)s::int
), claimed as materialized (
    select e.*
    from ready r
    join getcourse.webhook_events e
        on e.user_id = r.user_id and e.source_id is not distinct from r.source_id
        and e.answer_training_id is not distinct from r.answer_training_id
    where not e.processed and e.next_attempt_at <= clock_timestamp()
    order by e.id
    for update of e skip locked
)
select e.id as event_id, e.source_id, e.event_date, e.user_id, e.answer_id, e.answer_training_id as training_id,
       e.answer_lesson_id as lesson_id, e.answer_status, e.answer_text, e.correlation_id, e.created_at,
       coalesce(e.answer_key::text, md5(getcourse.normal_text(e.answer_text))) as answer_hash,
       s.name as source, coalesce(s.timezone, 'Europe/Moscow') as timezone, coalesce(s.language, 'ru') as language,
       s.link_template, s.admin_chat_id,
       coalesce(s.bot_id, (select min(b.id) from platform.bots b where b.system = 'getcourse' and b.channel = 'telegram')) as bot_id,
       student.person_id as student_id,
       coalesce(student.first_name, e.user_first_name) as first_name,
       coalesce(student.last_name, e.user_last_name) as last_name,
       training.title as training_title,
       lesson.module_number, lesson.module_title, lesson.lesson_number, lesson.lesson_title,
       mentor.person_id as mentor_id, mentor.telegram_id,
       coalesce(e.raw_payload -> 'answer' -> 'additional_fields', e.raw_payload -> 'additional_fields')
           as additional_fields,
       coalesce(e.raw_payload -> 'answer' -> 'questionary', e.raw_payload -> 'questionary') as questionary,
       exists (
           select from getcourse.webhook_events alerted
           where not alerted.processed and alerted.alerted_at is not null and alerted.user_id = e.user_id
             and alerted.source_id is not distinct from e.source_id
             and alerted.answer_training_id is not distinct from e.answer_training_id) as admin_notified
from claimed e
left join platform.webhook_sources s on s.id = e.source_id
left join lateral (
    select v.person_id, v.first_name, v.last_name
    from getcourse.student_versions v
    where (v.getcourse_id = e.user_id or lower(v.email) = lower(e.user_email))
      and tstzrange(v.valid_from, v.valid_to) @> e.event_date
    order by (v.getcourse_id = e.user_id) desc nulls last
    limit 1) student on true
left join lateral (
    select v.*
    from getcourse.lesson_versions v
    where v.getcourse_id = e.answer_lesson_id
    order by tstzrange(v.valid_from, v.valid_to) @> e.event_date desc, v.valid_from desc
    limit 1) lesson on true
left join lateral (
    select v.title
    from getcourse.training_versions v
    where v.getcourse_id = coalesce(e.answer_training_id, lesson.training_id)
    order by tstzrange(v.valid_from, v.valid_to) @> e.event_date desc, v.valid_from desc
    limit 1) training on true
left join lateral (
    select then_valid.person_id, today.telegram_id
    from getcourse.mapping_versions m
    join getcourse.mentor_versions then_valid
        on then_valid.person_id = m.mentor_id
        and tstzrange(then_valid.valid_from, then_valid.valid_to) @> e.event_date
    join lateral (
        select v.telegram_id
        from getcourse.mentor_versions v
        where v.person_id = m.mentor_id
        order by v.valid_from desc
        limit 1) today on true
    where m.student_id = student.person_id
      and m.training_id = coalesce(e.answer_training_id, lesson.training_id)
      and tstzrange(m.valid_from, m.valid_to) @> e.event_date) mentor on true
order by e.id, mentor.person_id;

-- name: mark_processed
update getcourse.webhook_events
set processed = true, processed_at = clock_timestamp(), error_message = null
where id = any(%(events)s::bigint[]);

-- name: postpone
-- The visible backlog: nobody can be notified yet. Tried again after a minute, later every ten.
update getcourse.webhook_events e
set error_message = w.reason, attempts = e.attempts + 1,
    alerted_at = coalesce(e.alerted_at, case when w.notified then clock_timestamp() end),
    next_attempt_at = clock_timestamp()
        + least(interval '10 minutes', greatest(interval '1 minute', (clock_timestamp() - e.created_at) / 10))
from unnest(%(events)s::bigint[], %(reasons)s::text[], %(notified)s::boolean[]) as w (event_id, reason, notified)
where e.id = w.event_id;

-- name: quarantine
with quarantined as (
    update getcourse.webhook_events
    set error_message = 'failed: ' || %(error_class)s::text, attempts = attempts + 1,
        next_attempt_at = clock_timestamp()
            + least(interval '10 minutes', greatest(interval '1 minute', (clock_timestamp() - created_at) / 10))
    where id = any(%(events)s::bigint[]) and not processed
    returning id, correlation_id
)
insert into getcourse.error_logs (error_class, message, webhook_event_id, correlation_id)
select %(error_class)s::text, %(location)s::text, id, correlation_id from quarantined;

-- name: log_notified
insert into getcourse.application_logs (message, context)
values ('mentors notified', %(context)s::jsonb);
