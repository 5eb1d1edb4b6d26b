-- name: getcourse_deadline
-- A reminder of a deadline that was moved or has passed is worse than none.
select f.id
from jsonb_to_recordset(%(facts)s::jsonb) as f (id bigint, lesson_id text, deadline_at timestamptz)
where f.deadline_at <= clock_timestamp() or not exists (
    select from getcourse.lesson_versions l
    where l.getcourse_id = f.lesson_id and l.deadline_at = f.deadline_at
      and tstzrange(l.valid_from, l.valid_to) @> clock_timestamp());
