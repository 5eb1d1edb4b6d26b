-- name: listed
-- The address is told of people of this salon alone.
with acts as materialized (
    select a.id, a.created_at, a.user_id, a.actor, a.action, a.description, a.metadata
    from dashboard.audits a
    where a.tenant_id = %(tenant)s::uuid and (%(before)s::bigint is null or (a.created_at, a.id) < (
        select b.created_at, b.id from dashboard.audits b where b.id = %(before)s::bigint))
    order by a.created_at desc, a.id desc
    limit %(limit)s::int
)
select a.id, a.created_at, a.user_id, a.actor, a.action, a.description, a.metadata,
       coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as user_name,
       coalesce(w.ip_address, '') as ip_address
from acts a
left join dashboard.users u on u.id = a.user_id
left join dashboard.audit_addresses(array(select id from acts)) w on w.id = a.id
order by a.created_at desc, a.id desc;
