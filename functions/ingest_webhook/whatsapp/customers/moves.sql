-- name: find_stored
select m.client_id, m.external_id
from json_to_recordset(%(rows)s::json) as g (client_id uuid, external_id text)
join support.messages m on m.client_id = g.client_id and m.external_id = g.external_id;

-- name: store_changes
-- A change of addresses has no words; its row makes a repetition known.
insert into support.messages (conversation_id, client_id, role, metadata, external_id, correlation_id)
select g.conversation_id, g.client_id, 'system', '{"kind": "address_change"}', g.external_id, g.correlation_id
from json_to_recordset(%(rows)s::json) as g (
    conversation_id uuid, client_id uuid, external_id text, correlation_id text);

-- name: release_addresses
delete from support.addresses a
using json_to_recordset(%(rows)s::json) as g (client_id uuid, address text)
where a.client_id = g.client_id and a.address = g.address;

-- name: reassign_addresses
update support.addresses a
set user_id = g.user_id
from json_to_recordset(%(rows)s::json) as g (client_id uuid, address text, user_id uuid)
where a.client_id = g.client_id and a.address = g.address;

-- name: move_addresses
update support.addresses a
set user_id = g.stays
from json_to_recordset(%(rows)s::json) as g (leaves uuid, stays uuid)
where a.user_id = g.leaves;

-- name: move_customers
-- The one who leaves has no address any more; remote_jid must be something, and nobody else's.
update support.users u
set moved_to = g.stays, remote_jid = case when u.id = g.leaves then u.id::text else u.remote_jid end
from json_to_recordset(%(rows)s::json) as g (leaves uuid, stays uuid)
where u.id = g.leaves or u.moved_to = g.leaves;

-- name: refresh_customers
-- The best of the addresses, as far as the table's own key lets it: code from before support.addresses may have taken it.
update support.users u
set remote_jid = case when exists (select from support.users o
                                   where o.client_id = u.client_id and o.remote_jid = best.address and o.id <> u.id)
                      then u.remote_jid else best.address end,
    phone = case when best.preference = 0 and best.address ~ '^[0-9]+@' then split_part(best.address, '@', 1) end
from unnest(%(customers)s::uuid[]) as g (id)
cross join lateral (
    select a.address, a.preference
    from support.addresses a
    where a.user_id = g.id
    order by a.preference, a.last_seen_at desc
    limit 1) best
where u.id = g.id;
