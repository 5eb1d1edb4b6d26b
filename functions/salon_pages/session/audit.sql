-- name: audit
insert into dashboard.audits (user_id, tenant_id, actor, action, description, metadata, ip_address, user_agent)
values (%(user_id)s::bigint, %(tenant_id)s::uuid, coalesce('user:' || %(user_id)s::bigint, 'web'), %(action)s::text,
        %(description)s::text, %(metadata)s::jsonb, %(ip_address)s::text, %(user_agent)s::text);

-- name: audit_failed_sign_in
-- Nobody's, where the user is not known: whoever guesses addresses fills no table.
insert into dashboard.audits (user_id, tenant_id, actor, action, description, ip_address, user_agent)
select u.id, u.tenant_id, 'web', 'login_failed', 'a wrong password', %(ip_address)s::text, %(user_agent)s::text
from dashboard.users u
where u.id = %(user_id)s::bigint;
