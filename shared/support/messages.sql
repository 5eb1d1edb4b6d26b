-- name: add
insert into support.messages (conversation_id, client_id, role, content, metadata, external_id, correlation_id)
values (%(conversation_id)s::uuid, %(client_id)s::uuid, %(role)s::text, %(content)s::text, %(metadata)s::jsonb,
        %(external_id)s::text, %(correlation_id)s::text)
on conflict (client_id, external_id) do nothing
returning id;
