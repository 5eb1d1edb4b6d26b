-- name: add
insert into dashboard.users (email, encrypted_password, role, tenant_id)
values (%(email)s::text, %(hash)s::text, %(role)s::text, %(tenant)s::uuid)
returning id;

-- name: list
select u.id, concat_ws(' ', u.first_name, u.last_name) as name, u.email, u.role, coalesce(t.slug, t.id::text) as tenant, u.active, u.created_at
from dashboard.users u
left join public.tenants_v2 t on t.id = u.tenant_id
order by u.id;

-- name: invite
insert into dashboard.users (email, role, tenant_id, first_name)
values (%(email)s::text, %(role)s::text, %(tenant)s::uuid, nullif(%(name)s::text, ''))
returning id, role, tenant_id;

-- name: find
select u.id, u.role, u.tenant_id, t.name as salon
from dashboard.users u
left join public.tenants_v2 t on t.id = u.tenant_id
where u.id = %(id)s::bigint and u.active;

-- name: bot
select b.username
from dashboard.tenant_settings s
join platform.bots b on b.id = s.bot_id
where s.tenant_id = %(tenant)s::uuid and b.username is not null;
