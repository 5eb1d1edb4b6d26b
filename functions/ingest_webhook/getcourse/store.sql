-- name: store_answers
-- One statement for all answers of a group. The unique index decides which are new; those come back.
-- GetCourse's subscription sends no e-mail: it is taken from the student valid at that time, if there is one.
with received as (
    select a.*
    from json_to_recordset(%(rows)s::json) as a (
        source_id bigint, correlation_id text, event_date timestamptz, user_id text, user_email text,
        user_first_name text, user_last_name text, answer_id text, answer_training_id text, answer_lesson_id text,
        answer_teacher_id text, answer_type text, answer_status text, answer_text text, raw_payload jsonb,
        raw_body text, sanitized boolean, answer_key uuid)
)
insert into getcourse.webhook_events (
    source_id, correlation_id, event_date, user_id, user_email, user_first_name, user_last_name, answer_id,
    answer_training_id, answer_lesson_id, answer_teacher_id, answer_type, answer_status, answer_text,
    raw_payload, raw_body, sanitized, answer_key)
select source_id, correlation_id, coalesce(event_date, now()), user_id,
       coalesce(user_email, (
           select s.email from getcourse.student_versions s
           where s.getcourse_id = user_id
             and tstzrange(s.valid_from, s.valid_to) @> coalesce(event_date, now())
           limit 1)),
       user_first_name, user_last_name, answer_id, answer_training_id, answer_lesson_id, answer_teacher_id,
       answer_type, answer_status, answer_text, raw_payload, decode(raw_body, 'base64'), sanitized, answer_key
from received
order by answer_id, answer_status
on conflict do nothing
returning correlation_id;

-- name: store_account_events
-- The twin of a paid order (dealPaid and dealStatusChanged) adds its name to the row, not a second row.
with received as (
    select a.source_id, a.correlation_id, a.event_type, a.object_id, a.event_date, a.raw_payload, a.sanitized,
           decode(a.natural_key, 'hex') as natural_key
    from json_to_recordset(%(rows)s::json) as a (
        source_id bigint, correlation_id text, event_type text, object_id text, event_date timestamptz,
        natural_key text, raw_payload jsonb, sanitized boolean)
)
insert into getcourse.account_events as e
    (source_id, event_types, object_id, event_date, natural_key, raw_payload, correlation_id, sanitized)
select source_id, array_agg(distinct event_type), min(object_id), coalesce(min(event_date), now()), natural_key,
       (array_agg(raw_payload))[1], min(correlation_id), bool_or(sanitized)
from received
group by source_id, natural_key
order by source_id, natural_key
on conflict (source_id, natural_key) do update set event_types =
    e.event_types || array(select t from unnest(excluded.event_types) t where t <> all (e.event_types))
where not e.event_types @> excluded.event_types
returning correlation_id, (xmax = 0) as added;
