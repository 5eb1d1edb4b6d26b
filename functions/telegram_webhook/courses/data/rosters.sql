-- name: sessions
select s.id, s.start_date, s.end_date, s.start_time, coalesce(s.title, t.title, s.topic_code) as title,
       concat_ws(', ', m.title, c.name) as place, n.people, n.present, n.late, n.absent, n.announced
from courses.sessions s
left join courses.topics t on t.code = s.topic_code
left join courses.streams m on m.id = s.stream_id
left join courses.cohorts c on c.id = s.cohort_id
cross join lateral (
    select count(*) as people, count(*) filter (where a.status = 'present') as present,
           count(*) filter (where a.status = 'late') as late, count(*) filter (where a.status = 'absent') as absent,
           count(b.user_id) filter (where a.status is null) as announced
    from courses.v_roster r
    left join courses.attendance a on a.session_id = r.session_id and a.user_id = r.user_id
    left join courses.announced_absences b on b.session_id = r.session_id and b.user_id = r.user_id
    where r.session_id = s.id) n
where s.cancelled_at is null and s.start_date <= %(today)s::date
  and (%(session_id)s::bigint is null or s.id = %(session_id)s::bigint)
  and (not %(is_unmarked_today)s::boolean
       or coalesce(s.end_date, s.start_date) >= %(today)s::date and n.people > n.present + n.late + n.absent)
order by s.start_date desc, s.start_time desc, s.id desc
offset %(offset)s::int limit %(most)s::int;

-- name: entries
select u.id as user_id, coalesce(u.full_name, u.username, u.id::text) as name, a.status::text as status, a.minutes_late,
       y.paid, coalesce(l.statuses, '{}') as last, n.user_id is not null as is_announced, n.reason
from courses.v_roster r
join courses.sessions s on s.id = r.session_id
join courses.users u on u.id = r.user_id
left join courses.attendance a on a.session_id = s.id and a.user_id = u.id
left join courses.payments y on y.session_id = s.id and y.user_id = u.id
left join courses.announced_absences n on n.session_id = s.id and n.user_id = u.id
cross join lateral (
    select array_agg(b.status::text order by e.start_date, e.id) as statuses
    from (
        select e.id, e.start_date
        from courses.sessions e
        join courses.v_roster q on q.session_id = e.id and q.user_id = u.id
        where e.cancelled_at is null and (e.start_date, e.id) < (s.start_date, s.id)
        order by e.start_date desc, e.id desc
        limit 5) e
    left join courses.attendance b on b.session_id = e.id and b.user_id = u.id) l
where s.id = %(session_id)s::bigint
order by u.full_name, u.id
offset %(offset)s::int limit %(most)s::int;

-- name: mark
-- What stood there before is kept by a trigger.
insert into courses.attendance as a (user_id, session_id, status, minutes_late, noted_at, noted_by)
select r.user_id, s.id, %(status)s::text::courses.attendance_status, %(minutes)s::int, clock_timestamp(), %(by)s::bigint
from courses.v_roster r
join courses.sessions s on s.id = r.session_id
where s.id = %(session_id)s::bigint and r.user_id = %(user_id)s::bigint and s.cancelled_at is null
  and s.start_date <= %(today)s::date
on conflict (user_id, session_id) do update
set status = excluded.status, minutes_late = excluded.minutes_late, noted_at = excluded.noted_at,
    noted_by = excluded.noted_by
where (a.status, a.minutes_late) is distinct from (excluded.status, excluded.minutes_late);

-- name: mark_rest_present
insert into courses.attendance (user_id, session_id, status, noted_at, noted_by)
select r.user_id, s.id, 'present', clock_timestamp(), %(by)s::bigint
from courses.v_roster r
join courses.sessions s on s.id = r.session_id
where s.id = %(session_id)s::bigint and s.cancelled_at is null and s.start_date <= %(today)s::date
order by r.user_id
on conflict (user_id, session_id) do nothing;

-- name: set_paid
insert into courses.payments as y (user_id, session_id, paid, noted_at, noted_by)
select r.user_id, s.id, %(paid)s::boolean, clock_timestamp(), %(by)s::bigint
from courses.v_roster r
join courses.sessions s on s.id = r.session_id
where s.id = %(session_id)s::bigint and r.user_id = %(user_id)s::bigint and s.cancelled_at is null
  and s.start_date <= %(today)s::date
on conflict (user_id, session_id) do update
set paid = excluded.paid, noted_at = excluded.noted_at, noted_by = excluded.noted_by
where y.paid <> excluded.paid;
