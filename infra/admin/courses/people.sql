-- name: find
-- Everybody of whom some part of the name, username or nickname is `text`, or whose id, phone or e-mail it is.
select u.id, u.full_name as name, u.role, c.name as cohort, s.title as stream, u.telegram_id, u.username,
       exists (select from courses.consents k
               where k.telegram_id = u.telegram_id and k.purpose = 'processing' and k.withdrawn_at is null) as consent
from courses.users u
left join courses.participants p on p.user_id = u.id
left join courses.cohorts c on c.id = coalesce(p.cohort_id, u.cohort_id)
left join courses.streams s on s.id = p.stream_id
where %(text)s::text = ''
   or position(lower(%(text)s::text) in lower(concat_ws(' ', u.full_name, u.username, u.nickname))) > 0
   or %(text)s::text in (u.id::text, u.telegram_id::text, u.phone, u.email)
order by u.full_name, u.id;

-- name: staff
select u.id, u.full_name as name, u.role, u.telegram_id, u.username
from courses.users u
where u.role <> 'user'
order by u.role desc, u.full_name, u.id;

-- name: who
select u.id
from courses.users u
where %(who)s::text in (u.telegram_id::text, u.phone, u.email) or lower(u.email) = lower(%(who)s::text)
   or ltrim(lower(%(who)s::text), '@') in (lower(u.username), lower(u.nickname))
union all
select u.id from courses.users u where %(who)s::text = 'id:' || u.id
order by 1;

-- name: add
insert into courses.users (telegram_id) values (%(telegram_id)s::bigint) on conflict do nothing;

-- name: set_role
update courses.users u set role = %(role)s::courses.role where u.id = %(id)s::bigint
returning u.id, u.full_name as name, u.role, u.telegram_id, u.username;
