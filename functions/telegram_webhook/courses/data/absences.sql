-- name: sessions
-- What the person may still announce: sessions of theirs that have not begun. What has no time may begin at the end of its day.
select s.id, s.start_date, s.end_date, s.start_time, coalesce(s.title, t.title, s.topic_code) as title,
       a.user_id is not null as is_announced, a.reason
from courses.v_roster r
join courses.sessions s on s.id = r.session_id
left join courses.topics t on t.code = s.topic_code
left join courses.announced_absences a on a.session_id = s.id and a.user_id = r.user_id
where r.user_id = %(user_id)s::bigint and s.cancelled_at is null and s.start_date >= %(today)s::date
  and (s.start_date + coalesce(s.start_time, '24:00')) at time zone %(timezone)s::text > %(now)s::timestamptz
  and (%(id)s::bigint is null or s.id = %(id)s::bigint)
order by s.start_date, s.start_time, s.id
offset %(offset)s::int limit %(most)s::int;

-- name: announce
insert into courses.announced_absences (session_id, user_id)
values (%(id)s::bigint, %(user_id)s::bigint)
on conflict (session_id, user_id) do nothing;

-- name: explain
update courses.announced_absences
set reason = %(reason)s::text
where session_id = %(id)s::bigint and user_id = %(user_id)s::bigint;

-- name: withdraw
delete from courses.announced_absences where session_id = %(id)s::bigint and user_id = %(user_id)s::bigint;
