-- name: upcoming
select s.id, s.start_date, s.end_date, s.start_time, coalesce(s.title, t.title, s.topic_code) as title,
       s.cancelled_at is not null as is_cancelled
from courses.sessions s
left join courses.topics t on t.code = s.topic_code
where coalesce(s.end_date, s.start_date) >= %(today)s::date
  and (%(is_staff)s::boolean
       or exists (select from courses.v_roster r where r.session_id = s.id and r.user_id = %(user_id)s::bigint))
order by s.start_date, s.start_time, s.id
offset %(offset)s::int limit %(most)s::int;

-- name: noted
select s.id, s.start_date, s.end_date, s.start_time, coalesce(s.title, t.title, s.topic_code) as title,
       a.status::text as status, a.minutes_late, p.paid, h.link as homework
from courses.sessions s
left join courses.topics t on t.code = s.topic_code
left join courses.attendance a on a.session_id = s.id and a.user_id = %(user_id)s::bigint
left join courses.payments p on p.session_id = s.id and p.user_id = %(user_id)s::bigint
left join courses.homework_delivery h on h.session_id = s.id and h.user_id = %(user_id)s::bigint
where a.id is not null or p.id is not null or h.id is not null
   or s.cancelled_at is null and s.start_date <= %(today)s::date
      and exists (select from courses.v_roster r where r.session_id = s.id and r.user_id = %(user_id)s::bigint)
order by s.start_date desc, s.start_time desc, s.id desc
offset %(offset)s::int limit %(most)s::int;
