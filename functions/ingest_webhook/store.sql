-- name: store_answers
-- One statement for all answers of a group. The unique index decides which are new; those come back.
-- GetCourse's subscription sends no e-mail: it is taken from the student valid at that time, if there is one.
with arrived as (
    select a.*
    from unnest(
        %(source_id)s::bigint[], %(correlation_id)s::text[], %(event_date)s::timestamptz[], %(user_id)s::text[],
        %(user_email)s::text[], %(user_first_name)s::text[], %(user_last_name)s::text[], %(answer_id)s::text[],
        %(answer_training_id)s::text[], %(answer_lesson_id)s::text[], %(answer_teacher_id)s::text[],
        %(answer_type)s::text[], %(answer_status)s::text[], %(answer_text)s::text[], %(raw_payload)s::text[],
        %(raw_body)s::bytea[], %(sanitized)s::boolean[]
    ) with ordinality as a (
        source_id, correlation_id, event_date, user_id, user_email, user_first_name, user_last_name, answer_id,
        answer_training_id, answer_lesson_id, answer_teacher_id, answer_type, answer_status, answer_text,
        raw_payload, raw_body, sanitized, place)
)
insert into getcourse.webhook_events (
    source_id, correlation_id, event_date, user_id, user_email, user_first_name, user_last_name, answer_id,
    answer_training_id, answer_lesson_id, answer_teacher_id, answer_type, answer_status, answer_text,
    raw_payload, raw_body, sanitized)
select source_id, correlation_id, coalesce(event_date, now()), user_id,
       coalesce(user_email, (
           select s.email from getcourse.student_versions s
           where s.getcourse_id = user_id
             and tstzrange(s.valid_from, s.valid_to) @> coalesce(event_date, now())
           limit 1)),
       user_first_name, user_last_name, answer_id, answer_training_id, answer_lesson_id, answer_teacher_id,
       answer_type, answer_status, answer_text, raw_payload::jsonb, raw_body, sanitized
from arrived
order by place
on conflict do nothing
returning correlation_id;

-- name: store_account_events
-- The twin of a paid order (dealPaid and dealStatusChanged) adds its name to the row, not a second row.
with arrived as (
    select a.*
    from unnest(
        %(source_id)s::bigint[], %(correlation_id)s::text[], %(event_type)s::text[], %(object_id)s::text[],
        %(event_date)s::timestamptz[], %(natural_key)s::bytea[], %(raw_payload)s::text[]
    ) as a (source_id, correlation_id, event_type, object_id, event_date, natural_key, raw_payload)
)
insert into getcourse.account_events as e
    (source_id, event_types, object_id, event_date, natural_key, raw_payload, correlation_id)
select distinct on (source_id, natural_key)
       source_id, array_agg(event_type) over (partition by source_id, natural_key), object_id,
       coalesce(event_date, now()), natural_key, raw_payload::jsonb, correlation_id
from arrived
order by source_id, natural_key
on conflict (source_id, natural_key) do update set event_types = e.event_types || excluded.event_types
where not e.event_types @> excluded.event_types
returning correlation_id, (xmax = 0) as added;

-- name: store_not_understood
insert into platform.inbox (source_id, correlation_id, reason, content_type, query, body, delivery_hash)
select a.*
from unnest(
    %(source_id)s::bigint[], %(correlation_id)s::text[], %(reason)s::text[], %(content_type)s::text[],
    %(query)s::bytea[], %(body)s::bytea[], %(delivery_hash)s::bytea[]) as a
on conflict (source_id, delivery_hash) do nothing;
