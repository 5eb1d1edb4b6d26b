-- name: find
-- The handover, if its desk has this bot and, where the press names one, this group.
select h.id as handover_id, h.conversation_id, h.status, h.assigned_to_id, h.assigned_to_name,
       s.telegram_chat_id::bigint as chat_id
from support.handovers h
join support.client_settings s on s.client_id = h.client_id
where h.number = %(number)s::bigint and s.telegram_bot_id = %(bot_id)s::bigint
  and s.telegram_chat_id = coalesce(%(chat_id)s::bigint::text, s.telegram_chat_id);

-- name: find_by_message
-- The handover whose card is this message of the group.
select h.id
from support.client_settings s
join support.handovers h on h.client_id = s.client_id and h.telegram_message_id = %(message_id)s::bigint
where s.telegram_bot_id = %(bot_id)s::bigint and s.telegram_chat_id = %(chat_id)s::bigint::text;

-- name: set_card_message
-- A press may come before the sender has noted the message.
update support.handovers
set telegram_message_id = %(message_id)s::bigint
where id = %(id)s::uuid and telegram_message_id is null;
