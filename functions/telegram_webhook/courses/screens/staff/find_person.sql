-- name: find
-- By any part of the name, the username or the nickname, or the one with this id.
select u.id, coalesce(u.full_name, u.username, u.id::text) as name, u.role::text as role,
       concat_ws(', ', c.name, s.title) as place, u.telegram_id is not null as has_account
from courses.users u
left join courses.participants p on p.user_id = u.id
left join courses.cohorts c on c.id = coalesce(p.cohort_id, u.cohort_id)
left join courses.streams s on s.id = p.stream_id
where u.id = %(id)s::bigint
   or %(text)s::text <> ''
      and position(lower(%(text)s::text) in lower(concat_ws(' ', u.full_name, u.username, u.nickname))) > 0
order by u.full_name, u.id
limit %(most)s::int;
