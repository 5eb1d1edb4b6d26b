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
