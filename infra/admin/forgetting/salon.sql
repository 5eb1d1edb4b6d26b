-- name: clients
select c.id, c.phone, c.whatsapp_id
from public.clients_v2 c
where (%(tenant)s::uuid is null or c.tenant_id = %(tenant)s::uuid)
  and (c.id::text = lower(%(address)s::text) or c.whatsapp_id = %(address)s::text
       or c.telegram_chat_id::text = %(address)s::text or c.yclients_client_id::text = %(address)s::text
       or length(%(digits)s::text) >= 7
          and %(digits)s::text in (regexp_replace(c.phone, '[^0-9]', '', 'g'),
                                   regexp_replace(c.whatsapp_id, '[^0-9]', '', 'g')));

-- name: delete_dialogs
-- Not the newest of all: the copying goes on behind it.
delete from dashboard.conversations
where client_id = any(%(clients)s::text[]) and session < (select max(n.session) from dashboard.conversations n);

-- name: empty_newest_dialog
update dashboard.conversations
set client_id = '', escalation_reason = null, updated_at = now()
where client_id = any(%(clients)s::text[]);

-- name: delete_bookings
delete from dashboard.bookings where client_id = any(%(clients)s::text[]);
