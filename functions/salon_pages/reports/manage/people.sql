-- name: listed
select u.id, concat_ws(' ', u.first_name, u.last_name) as name, coalesce(u.email, '') as email, u.role, u.active,
       u.telegram_id is not null as in_telegram, u.created_at
from dashboard.users u
where u.tenant_id = %(tenant)s::uuid
order by not u.active, name, u.id;
