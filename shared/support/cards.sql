-- name: load
-- What cards show. A card quotes what was said before it was opened, so that it quotes the same for ever.
select h.id as handover_id, h.number, h.status, h.trigger_type, h.created_at, h.resolved_at,
       (select max(e.at) from support.handover_events e where e.handover_id = h.id and e.event = 'taken') as taken_at,
       h.assigned_to_name, h.closed_by_name,
       exists (select from support.handover_events e
               where e.handover_id = h.id and e.event = 'cancelled') as was_cancelled,
       s.auto_close_timeout, s.timezone, s.language, u.name, u.phone, u.id as user_id, s.telegram_bot_id,
       s.whatsapp_bot_id is not null as has_account,
       s.telegram_chat_id::bigint as telegram_chat_id, h.telegram_message_id,
       coalesce((select max(e.id) from support.handover_events e where e.handover_id = h.id), 0) as latest_event,
       coalesce((
           select jsonb_agg(jsonb_build_object('role', m.role, 'kind', m.kind,
                                               'content', left(m.content, %(characters)s::int),
                                               'written_at', m.written_at, 'came_at', m.created_at)
                            order by case when m.created_at - m.written_at > make_interval(secs => %(delay)s::float8)
                                          then m.written_at else m.created_at end, m.position)
           from (select position, role, content, created_at, coalesce(metadata ->> 'kind', 'text') as kind,
                        (metadata ->> 'sent_at')::timestamptz as written_at
                 from support.messages
                 where conversation_id = h.conversation_id and created_at <= h.created_at
                   and role in ('user', 'assistant', 'manager') and not metadata ? 'deleted'
                   and (content <> '' or metadata ->> 'kind' not in ('text', 'reaction', 'sticker', 'answered_call'))
                 order by position desc
                 limit %(lines)s::int) m), '[]') as lines
from support.handovers h
join support.conversations c on c.id = h.conversation_id
join support.users u on u.id = c.user_id
join support.client_settings s on s.client_id = h.client_id
where h.id = any(%(ids)s::uuid[]) and s.telegram_bot_id is not null and s.telegram_chat_id is not null
order by h.number;
