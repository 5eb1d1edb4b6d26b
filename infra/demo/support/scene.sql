-- name: handover
-- The newest of a customer.
select h.number, h.status, h.assigned_to_name, h.telegram_message_id, c.bot_status
from support.users u
join support.conversations c on c.user_id = u.id
left join support.handovers h on h.conversation_id = c.id
where u.phone = %(phone)s::text
order by h.number desc nulls last
limit 1;

-- name: messages
select m.role, m.content, m.intent from support.messages m
join support.conversations c on c.id = m.conversation_id
join support.users u on u.id = c.user_id
where u.phone = %(phone)s::text
order by m.position;

-- name: let_a_minute_pass
-- Everything about open handovers becomes a minute older.
update support.handovers
set created_at = created_at - interval '1 minute', remind_at = remind_at - interval '1 minute'
where status = 'pending'
returning number;
