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
select n.user_id, n.session_id, max(n.status) as status, max(n.minutes_late) as minutes_late, bool_or(n.paid) as paid
from (
    select r.user_id, r.session_id, null::text as status, null::int as minutes_late, null::boolean as paid
    from courses.v_roster r
    where r.session_id = any(%(sessions)s::bigint[]) and r.user_id = any(%(people)s::bigint[])
    union all
    select a.user_id, a.session_id, a.status::text, a.minutes_late, null
    from courses.attendance a
    where a.session_id = any(%(sessions)s::bigint[]) and a.user_id = any(%(people)s::bigint[])
    union all
    select y.user_id, y.session_id, null, null, y.paid
    from courses.payments y
    where y.session_id = any(%(sessions)s::bigint[]) and y.user_id = any(%(people)s::bigint[])) n
group by n.user_id, n.session_id;
