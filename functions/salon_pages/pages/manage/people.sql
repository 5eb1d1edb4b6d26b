-- name: invite
insert into dashboard.users (email, role, tenant_id, first_name)
values (%(email)s::text, %(role)s::text, %(tenant)s::uuid, %(name)s::text)
returning id, first_name as name, role, active;

-- name: find
select u.id, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email, '№ ' || u.id) as name, u.role, u.active
from dashboard.users u
where u.id = %(id)s::bigint and u.tenant_id = %(tenant)s::uuid
for update;

-- name: set_role
update dashboard.users set role = %(role)s::text, updated_at = now() where id = %(id)s::bigint;

-- name: set_active
update dashboard.users set active = %(active)s::boolean, updated_at = now() where id = %(id)s::bigint;

-- name: bot
select b.username
from dashboard.tenant_settings s
join platform.bots b on b.id = s.bot_id
where s.tenant_id = %(tenant)s::uuid;
