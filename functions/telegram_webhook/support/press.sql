-- name: find
select h.id as handover_id, h.conversation_id, h.status, h.assigned_to_id, h.assigned_to_name
from support.handovers h
join support.client_settings s on s.client_id = h.client_id
where h.number = %(number)s::bigint and s.telegram_bot_id = %(bot_id)s::bigint
  and s.telegram_chat_id = %(chat_id)s::bigint::text;

-- name: set_card_message
-- A press may come before the sender has noted the message.
update support.handovers
set telegram_message_id = %(message_id)s::bigint
where id = %(id)s::uuid and telegram_message_id is null;
