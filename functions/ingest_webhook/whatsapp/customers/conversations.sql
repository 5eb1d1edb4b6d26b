-- name: find_conversations
select u.client_id, u.remote_jid, c.id
from json_to_recordset(%(rows)s::json) as g (client_id uuid, remote_jid text)
join support.users u on u.client_id = g.client_id and u.remote_jid = g.remote_jid
join support.conversations c on c.user_id = u.id and c.channel = 'whatsapp';

-- name: insert_customers
-- In one order, so that of two groups with the same new customers one waits for the other, not both.
-- A process that freezes before its commit loses its locks after some seconds.
with patience as materialized (select set_config('idle_in_transaction_session_timeout', '5s', true))
insert into support.users (client_id, remote_jid, phone, name)
select g.client_id, g.remote_jid, g.phone, g.name
from patience, json_to_recordset(%(rows)s::json) as g (client_id uuid, remote_jid text, phone text, name text)
order by g.client_id, g.remote_jid
on conflict (client_id, remote_jid) do nothing;

-- name: insert_conversations
insert into support.conversations (client_id, user_id)
select u.client_id, u.id
from json_to_recordset(%(rows)s::json) as g (client_id uuid, remote_jid text)
join support.users u on u.client_id = g.client_id and u.remote_jid = g.remote_jid
order by u.client_id, u.remote_jid
on conflict (user_id, channel) do nothing;

-- name: touch_customers
update support.users u
set name = coalesce(g.name, u.name), phone = coalesce(g.phone, u.phone), last_active_at = clock_timestamp()
from json_to_recordset(%(rows)s::json) as g (id uuid, name text, phone text)
where u.id = g.id;
