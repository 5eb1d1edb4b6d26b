-- name: people
select p.user_id as id, coalesce(u.full_name, u.username, u.id::text) as name, coalesce(m.title, '') as stream
from courses.participants p
join courses.users u on u.id = p.user_id and u.role = 'user'
left join courses.streams m on m.id = p.stream_id
where coalesce(p.cohort_id, u.cohort_id) = %(cohort_id)s::bigint
order by u.full_name, u.id;

-- name: sessions
-- Those of the cohort that have begun, the newest `most`.
select s.id, s.start_date as day, coalesce(s.title, t.title, s.topic_code, '') as title
from courses.sessions s
left join courses.topics t on t.code = s.topic_code
where s.cancelled_at is null and s.start_date <= %(today)s::date
  and (s.cohort_id is null or s.cohort_id = %(cohort_id)s::bigint)
  and (s.stream_id is null or s.stream_id in (
      select p.stream_id
      from courses.participants p
      join courses.users u on u.id = p.user_id
      where coalesce(p.cohort_id, u.cohort_id) = %(cohort_id)s::bigint))
order by s.start_date desc, s.id desc
limit %(most)s::int;

-- name: notes
-- Where somebody is on the roster or something was noted; whoever has changed their stream keeps what was noted before.
select p.user_id, s.session_id, a.status::text as status, a.minutes_late, y.paid
from unnest(%(people)s::bigint[]) as p (user_id)
cross join unnest(%(sessions)s::bigint[]) as s (session_id)
left join courses.v_roster r on r.session_id = s.session_id and r.user_id = p.user_id
left join courses.attendance a on a.session_id = s.session_id and a.user_id = p.user_id
left join courses.payments y on y.session_id = s.session_id and y.user_id = p.user_id
where r.user_id is not null or a.id is not null or y.id is not null;
