-- name: add
insert into dashboard.users (email, encrypted_password, role, tenant_id)
values (%(email)s::text, %(hash)s::text, %(role)s::text, %(tenant)s::uuid)
returning id;

-- name: list
select u.id, u.email, u.role, coalesce(t.slug, t.id::text) as tenant, u.active, u.created_at
from dashboard.users u
left join public.tenants_v2 t on t.id = u.tenant_id
order by u.id;
