-- name: find
-- Whom some addresses lead to, with everything else that leads to them.
select a.client_id, a.address, a.user_id, u.moved_to, c.id as conversation_id,
       extract(epoch from clock_timestamp() - u.created_at)::float8 as age_seconds
from support.addresses a
join support.users u on u.id = a.user_id
left join support.conversations c on c.user_id = a.user_id and c.channel = 'whatsapp'
where a.user_id in (
    select n.user_id
    from json_to_recordset(%(rows)s::json) as g (client_id uuid, address text)
    join support.addresses n on n.client_id = g.client_id and n.address = g.address);

-- name: claim
-- In one order, so that of two groups with the same new addresses one waits for the other, not both. What was there
-- already is missing from the answer. Of one envelope's the first is the newest.
-- A process that freezes before its commit loses its locks after some seconds.
with idle_timeout as materialized (select set_config('idle_in_transaction_session_timeout', '5s', true))
insert into support.addresses (client_id, address, user_id, last_seen_at)
select g.client_id, g.address, g.user_id, now() - g.place * interval '1 microsecond'
from idle_timeout, json_to_recordset(%(rows)s::json) as g (client_id uuid, address text, user_id uuid, place int)
order by g.client_id, g.address
on conflict (client_id, address) do nothing
returning address;

-- name: insert_customers
with added as (
    insert into support.users (id, client_id, remote_jid, phone, name)
    select g.id, g.client_id, g.remote_jid, g.phone, g.name
    from json_to_recordset(%(rows)s::json) as g (id uuid, client_id uuid, remote_jid text, phone text, name text)
    order by g.client_id, g.remote_jid
    returning id, client_id
)
insert into support.conversations (client_id, user_id)
select client_id, id from added
returning id;

-- name: insert_conversations
-- Of customers who were known without one.
insert into support.conversations (client_id, user_id)
select u.client_id, u.id
from support.users u
where u.id = any(%(customers)s::uuid[])
order by u.id
on conflict (user_id, channel) do nothing;

-- name: find_conversations
select c.id from support.conversations c
where c.user_id = any(%(customers)s::uuid[]) and c.channel = 'whatsapp';

-- name: touch_customers
-- An address that was not named for an hour is seen again; of several phones the newest is written to.
with seen as (
    update support.addresses a
    set last_seen_at = now() - g.place * interval '1 microsecond'
    from json_to_recordset(%(addresses)s::json) as g (id uuid, client_id uuid, address text, place int)
    where a.client_id = g.client_id and a.address = g.address and a.user_id = g.id
      and a.last_seen_at < (select clock_timestamp()) - interval '1 hour'
)
update support.users u
set name = coalesce(g.name, u.name), phone = coalesce(g.phone, u.phone), last_active_at = clock_timestamp()
from json_to_recordset(%(rows)s::json) as g (id uuid, name text, phone text)
where u.id = g.id;
