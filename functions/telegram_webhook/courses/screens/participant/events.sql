-- name: upcoming
select e.title, e.start_date, e.end_date, e.start_time, e.note, e.cancelled_at is not null as is_cancelled
from courses.events e
where coalesce(e.end_date, e.start_date) >= %(today)s::date
union all
select null, h.date, null, h.time_start, h.note, h.cancelled_at is not null
from courses.healing_sessions h
where h.date >= %(today)s::date
order by start_date, start_time, title
offset %(offset)s::int limit %(most)s::int;
