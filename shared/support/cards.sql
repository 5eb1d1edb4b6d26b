-- name: load
-- What cards show. A card quotes what was said before it was opened, so that it quotes the same for ever.
select h.id as handover_id, h.number, h.status, h.trigger_type, h.created_at, h.resolved_at,
       (select max(e.at) from support.handover_events e where e.handover_id = h.id and e.event = 'taken') as taken_at,
       h.assigned_to_name, h.closed_by_name,
       exists (select from support.handover_events e
               where e.handover_id = h.id and e.event = 'cancelled') as was_cancelled,
       s.auto_close_timeout, s.timezone, s.language, u.name, u.phone, u.id as user_id, s.telegram_bot_id,
       s.telegram_chat_id::bigint as telegram_chat_id, h.telegram_message_id,
       coalesce((select max(e.id) from support.handover_events e where e.handover_id = h.id), 0) as latest_event,
       coalesce((
           select jsonb_agg(jsonb_build_object('role', m.role, 'content', m.content) order by m.position)
           from (select position, role, content from support.messages
                 where conversation_id = h.conversation_id and created_at <= h.created_at
                   and role in ('user', 'assistant', 'manager') and content <> ''
                 order by position desc
                 limit 6) m), '[]') as lines
from support.handovers h
join support.conversations c on c.id = h.conversation_id
join support.users u on u.id = c.user_id
join support.client_settings s on s.client_id = h.client_id
where h.id = any(%(ids)s::uuid[]) and s.telegram_bot_id is not null and s.telegram_chat_id is not null
order by h.number;
