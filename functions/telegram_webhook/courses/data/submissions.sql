-- name: assignment
-- What was withdrawn is shown to staff alone.
select a.id, a.title, a.body, a.due_date, a.material_id, a.withdrawn_at is not null as is_withdrawn
from courses.assignments a
where a.id = %(assignment_id)s::bigint and (a.withdrawn_at is null or %(is_staff)s::boolean);

-- name: find
select s.user_id, coalesce(u.full_name, u.username, u.id::text) as name, s.body, s.tg_file_ids as files, s.first_submitted_at,
       s.submitted_at
from courses.submissions s
join courses.users u on u.id = s.user_id
where s.assignment_id = %(assignment_id)s::bigint and s.user_id = %(user_id)s::bigint;

-- name: put
-- The newest counts. The first one says whether something was handed in in time.
insert into courses.submissions (assignment_id, user_id, body, tg_file_ids)
select a.id, u.id, %(body)s::text, %(files)s::text[]
from courses.assignments a
join courses.users u on u.id = %(user_id)s::bigint and u.role = 'user'
where a.id = %(assignment_id)s::bigint and a.withdrawn_at is null
on conflict (assignment_id, user_id) do update
set body = excluded.body, tg_file_ids = excluded.tg_file_ids, submitted_at = clock_timestamp();

-- name: add_file
-- A further file of the album with which it began.
update courses.submissions
set tg_file_ids = tg_file_ids || %(file)s::text
where assignment_id = %(assignment_id)s::bigint and user_id = %(user_id)s::bigint
  and cardinality(tg_file_ids) < %(most)s::int;

-- name: counts
select count(*) as people, count(s.user_id) as submitted
from courses.participants p
join courses.users u on u.id = p.user_id and u.role = 'user'
left join courses.submissions s on s.user_id = p.user_id and s.assignment_id = %(assignment_id)s::bigint;

-- name: page
-- Participants who have handed it in, or who have not.
select p.user_id, coalesce(u.full_name, u.username, u.id::text) as name, s.first_submitted_at
from courses.participants p
join courses.users u on u.id = p.user_id and u.role = 'user'
left join courses.submissions s on s.user_id = p.user_id and s.assignment_id = %(assignment_id)s::bigint
where (s.user_id is null) = %(is_missing)s::boolean
order by s.first_submitted_at, u.full_name, p.user_id
offset %(offset)s::int limit %(most)s::int;
