-- name: person
select u.telegram_id, u.phone, u.email, u.username
from courses.users u
where u.id = %(id)s::bigint
for update;
