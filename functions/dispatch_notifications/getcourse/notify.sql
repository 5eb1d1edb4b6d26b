-- name: find_due
-- Ids of answers whose gathering time is over, by student and training: whole groups, at most `most` answers (of a group that
-- alone is more its first). An answer is gathered for as long as its source says after it became due.
-- Schools take turns: each has its share of the groups, and what waits costs nothing.
with ready as materialized (
    select a.source, a.gathering, count(*) over () as schools
    from getcourse.v_next_answers a
    where a.due_at <= (select clock_timestamp())
), places as materialized (
    select source, user_id, training_id, row_number() over (order by turn, first_at, user_id) as place
    from (
        select r.source, e.user_id, e.training_id, min(e.next_attempt_at) as first_at,
               row_number() over (partition by r.source order by min(e.next_attempt_at), e.user_id) as turn
        from ready r
        cross join lateral (
            select e.user_id, e.answer_training_id as training_id, e.next_attempt_at
            from getcourse.webhook_events e
            where not e.processed and coalesce(e.source_id, 0) = r.source
              and e.next_attempt_at <= (select clock_timestamp()) - r.gathering
            order by coalesce(e.source_id, 0), e.next_attempt_at
            limit greatest(%(groups)s::int / r.schools, 1)) e
        group by r.source, e.user_id, e.training_id) g
    order by place
    limit %(groups)s::int
), answers as (  -- (Offset 0, so that each is found by its student, and not all that is pending for all of them.)
    select e.id, p.place, count(*) over (order by p.place) as so_far
    from places p
    cross join lateral (
        select o.id, o.source_id, o.answer_training_id, o.next_attempt_at
        from getcourse.webhook_events o
        where o.user_id = p.user_id and o.processed is not true
        offset 0) e
    where coalesce(e.source_id, 0) = p.source and e.answer_training_id is not distinct from p.training_id
      and e.next_attempt_at <= (select clock_timestamp())
)
select id from answers
where so_far <= %(most)s::int or place = 1
order by place, id
limit %(most)s::int;

-- name: next_due_in
-- Seconds until the next answer's gathering time is over (negative: it is); null when none waits.
select extract(epoch from min(due_at) - clock_timestamp())::float8 as seconds from getcourse.v_next_answers;

-- name: lock
-- Whoever corrects the tables meanwhile waits for these locks, or has committed before the next statement. (A case, so that
-- the planner goes by id.)
select e.id
from getcourse.webhook_events e
where e.id = any(%(events)s::bigint[])
  and case when e.processed then false else e.next_attempt_at <= (select clock_timestamp()) end
order by e.id
for update skip locked;

-- name: load
-- Answers with everything that a message needs: one row per answer and responsible mentor, or one row without a mentor.
-- Responsible is whose mapping was valid at the event's time (half-open); written to is that
-- person as they are known today. Of an answer as much is read as is ever shown.
select e.id as event_id, e.source_id, e.event_date, e.user_id, e.answer_id, e.answer_training_id as training_id,
       e.answer_lesson_id as lesson_id, e.answer_status,
       left(e.answer_text, %(most)s::int) as answer_text, e.correlation_id, e.created_at,
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
           where alerted.processed is not true and alerted.alerted_at is not null and alerted.user_id = e.user_id
             and alerted.source_id is not distinct from e.source_id
             and alerted.answer_training_id is not distinct from e.answer_training_id) as admin_notified
from getcourse.webhook_events e
left join platform.webhook_sources s on s.id = e.source_id
left join lateral (
    select v.person_id, v.first_name, v.last_name
    from getcourse.student_versions v
    where v.getcourse_id = e.user_id and tstzrange(v.valid_from, v.valid_to) @> e.event_date
    limit 1) by_id on true
left join lateral (
    select v.person_id, v.first_name, v.last_name
    from getcourse.student_versions v
    where by_id.person_id is null and lower(v.email) = lower(e.user_email)
      and tstzrange(v.valid_from, v.valid_to) @> e.event_date
    limit 1) by_email on true
cross join lateral (
    select coalesce(by_id.person_id, by_email.person_id) as person_id,
           coalesce(by_id.first_name, by_email.first_name) as first_name,
           coalesce(by_id.last_name, by_email.last_name) as last_name) student
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
    select m.mentor_id as person_id, v.telegram_id
    from (  -- by itself: joined with mentors, the planner may read everybody's mappings for each answer
        select m.mentor_id
        from getcourse.mapping_versions m
        where m.student_id = student.person_id
          and m.training_id = coalesce(e.answer_training_id, lesson.training_id)
          and tstzrange(m.valid_from, m.valid_to) @> e.event_date
        offset 0) m
    cross join lateral (
        select (array_agg(v.telegram_id order by v.valid_from desc))[1] as telegram_id,
               bool_or(tstzrange(v.valid_from, v.valid_to) @> e.event_date) as was_mentor
        from getcourse.mentor_versions v
        where v.person_id = m.mentor_id) v
    where v.was_mentor) mentor on true
where e.id = any(%(events)s::bigint[])
order by e.id, mentor.person_id;

-- name: mark_processed
update getcourse.webhook_events
set processed = true, processed_at = clock_timestamp(), error_message = null
where id = any(%(events)s::bigint[]);

-- name: postpone
-- The visible backlog: nobody can be notified yet. Tried again after a minute, then after twice as long each time, a day at
-- most: what helps makes it due at once (getcourse.wake_after_correction).
update getcourse.webhook_events e
set error_message = w.reason, attempts = e.attempts + 1,
    alerted_at = coalesce(e.alerted_at, case when w.notified then clock_timestamp() end),
    next_attempt_at = clock_timestamp() + least(interval '1 day', interval '1 minute' * power(2, least(e.attempts, 11)))
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
