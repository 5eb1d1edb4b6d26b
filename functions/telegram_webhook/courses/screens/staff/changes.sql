-- name: page
-- What was corrected, the newest first: what it was, and what it became, which is the next row of the history, or what holds now.
select c.replaced_at as at, coalesce(b.full_name, b.username, b.id::text) as by,
       coalesce(u.full_name, u.username, u.id::text) as name, c.before, c.before_minutes, c.after, c.after_minutes,
       c.was_paid, c.is_paid
from (
    select h.user_id, h.replaced_at, h.replaced_by, h.status::text as before, h.minutes_late as before_minutes,
           coalesce(lead(h.status) over w, a.status)::text as after,
           case when lead(h.id) over w is null then a.minutes_late else lead(h.minutes_late) over w end as after_minutes,
           null::boolean as was_paid, null::boolean as is_paid
    from courses.attendance_history h
    left join courses.attendance a on a.session_id = h.session_id and a.user_id = h.user_id
    where h.session_id = %(session_id)s::bigint
    window w as (partition by h.user_id order by h.id)
    union all
    select h.user_id, h.replaced_at, h.replaced_by, null, null, null, null, h.paid, coalesce(lead(h.paid) over w, y.paid)
    from courses.payments_history h
    left join courses.payments y on y.session_id = h.session_id and y.user_id = h.user_id
    where h.session_id = %(session_id)s::bigint
    window w as (partition by h.user_id order by h.id)) c
join courses.users u on u.id = c.user_id
left join courses.users b on b.id = c.replaced_by
order by c.replaced_at desc, c.user_id
offset %(offset)s::int limit %(most)s::int;
