-- name: now
select clock_timestamp() as now;

-- name: lock
select pg_advisory_xact_lock(hashtext('carillon.people'));

-- name: known_mentors
select distinct on (person_id) id, person_id as key, getcourse_id, telegram_id, email, first_name, last_name, username,
       valid_from, valid_to
from getcourse.mentor_versions
order by person_id, valid_to desc nulls first, valid_from desc;

-- name: known_students
select distinct on (person_id) id, person_id as key, getcourse_id, email, first_name, last_name, valid_from, valid_to
from getcourse.student_versions
order by person_id, valid_to desc nulls first, valid_from desc;

-- name: known_trainings
select distinct on (getcourse_id) id, null::bigint as key, getcourse_id, title, starts_at, ends_at, valid_from, valid_to
from getcourse.training_versions
order by getcourse_id, valid_to desc nulls first, valid_from desc;

-- name: known_lessons
select distinct on (getcourse_id) id, null::bigint as key, getcourse_id, training_id, module_number, module_title,
       lesson_number, lesson_title, opens_at, deadline_at, valid_from, valid_to
from getcourse.lesson_versions
order by getcourse_id, valid_to desc nulls first, valid_from desc;

-- name: known_mapping
select distinct on (student_id, mentor_id, training_id) id, null::bigint as key, student_id, mentor_id, training_id,
       valid_from, valid_to
from getcourse.mapping_versions
order by student_id, mentor_id, training_id, valid_to desc nulls first, valid_from desc;

-- name: new_versions
select getcourse.new_version(%(table)s::text, r.id, r.changes, %(at)s::timestamptz)
from jsonb_to_recordset(%(rows)s::jsonb) as r (id bigint, changes jsonb);

-- name: add_mentors
insert into getcourse.mentor_versions (getcourse_id, telegram_id, email, first_name, last_name, username, valid_from)
select r.getcourse_id, r.telegram_id, r.email, r.first_name, r.last_name, r.username, r.at
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    getcourse_id text, telegram_id bigint, email text, first_name text, last_name text, username text, at timestamptz);

-- name: add_students
insert into getcourse.student_versions (getcourse_id, email, first_name, last_name, valid_from)
select r.getcourse_id, r.email, r.first_name, r.last_name, r.at
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    getcourse_id text, email text, first_name text, last_name text, at timestamptz);

-- name: add_trainings
insert into getcourse.training_versions (getcourse_id, title, starts_at, ends_at, valid_from)
select r.getcourse_id, r.title, r.starts_at, r.ends_at, r.at
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    getcourse_id text, title text, starts_at timestamptz, ends_at timestamptz, at timestamptz);

-- name: add_lessons
insert into getcourse.lesson_versions (getcourse_id, training_id, module_number, module_title, lesson_number,
                                       lesson_title, opens_at, deadline_at, valid_from)
select r.getcourse_id, r.training_id, r.module_number, r.module_title, r.lesson_number, r.lesson_title, r.opens_at,
       r.deadline_at, r.at
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    getcourse_id text, training_id text, module_number int, module_title text, lesson_number int, lesson_title text,
    opens_at timestamptz, deadline_at timestamptz, at timestamptz);

-- name: add_mapping
insert into getcourse.mapping_versions (student_id, mentor_id, training_id, valid_from)
select r.student_id, r.mentor_id, r.training_id, r.at
from jsonb_to_recordset(%(rows)s::jsonb) as r (student_id bigint, mentor_id bigint, training_id text, at timestamptz);

-- name: end_mentors
update getcourse.mentor_versions v set valid_to = r.at
from jsonb_to_recordset(%(rows)s::jsonb) as r (id bigint, at timestamptz)
where v.id = r.id;

-- name: end_students
update getcourse.student_versions v set valid_to = r.at
from jsonb_to_recordset(%(rows)s::jsonb) as r (id bigint, at timestamptz)
where v.id = r.id;

-- name: end_trainings
update getcourse.training_versions v set valid_to = r.at
from jsonb_to_recordset(%(rows)s::jsonb) as r (id bigint, at timestamptz)
where v.id = r.id;

-- name: end_lessons
update getcourse.lesson_versions v set valid_to = r.at
from jsonb_to_recordset(%(rows)s::jsonb) as r (id bigint, at timestamptz)
where v.id = r.id;

-- name: end_mapping
update getcourse.mapping_versions v set valid_to = r.at
from jsonb_to_recordset(%(rows)s::jsonb) as r (id bigint, at timestamptz)
where v.id = r.id;
