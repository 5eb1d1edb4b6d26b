-- name: find_desks
-- Whose account opens a gateway's files: the desk's own, if it answers by the gateway that brought them.
select k.source_id, w.gateway, k.id as client_id, k.status = 'active' as is_active, s.gather_seconds,
       b.id as media_bot_id
from support.clients k
join support.client_settings s on s.client_id = k.id
join platform.webhook_sources w on w.id = k.source_id
left join platform.bots b on b.id = s.whatsapp_bot_id and b.channel = w.gateway
where k.source_id = any(%(sources)s::bigint[]);

-- name: insert_messages
-- One statement for all messages of a group. The unique index decides which are new; those come back.
insert into support.messages (conversation_id, client_id, role, content, metadata, external_id, correlation_id)
select g.conversation_id, g.client_id, g.role, g.content, g.metadata, g.external_id, g.correlation_id
from json_to_recordset(%(rows)s::json) as g (
    place int, conversation_id uuid, client_id uuid, role text, content text, metadata jsonb, external_id text,
    correlation_id text)
order by g.place
on conflict (client_id, external_id) do nothing
returning id, client_id, external_id, correlation_id;
