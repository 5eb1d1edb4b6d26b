-- name: audit
insert into dashboard.audits (user_id, tenant_id, actor, action, description, metadata, ip_address, user_agent)
values (%(user_id)s::bigint, %(tenant_id)s::uuid, coalesce('user:' || %(user_id)s::bigint, 'web'), %(action)s::text,
        %(description)s::text, %(metadata)s::jsonb, %(ip_address)s::text, %(user_agent)s::text);
