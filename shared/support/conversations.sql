-- name: lock
-- Whoever changes a conversation or its handover holds this lock, always several in the same order. A process that
-- freezes with it loses it after some seconds.
with patience as materialized (select set_config('idle_in_transaction_session_timeout', '5s', true))
select c.id
from patience, support.conversations c
where c.id = any(%(ids)s::uuid[])
order by c.id
for update of c;

-- name: read
-- The best address of the customer, or of whom they turned out to be, as it is known now.
select c.id as conversation_id, c.bot_status, c.bot_muted_until, c.no_count, c.heard_position, c.last_message_at,
       u.id as user_id, u.name, u.phone, u.moved_to,
       coalesce((select a.address from support.addresses a
                 where a.user_id = coalesce(u.moved_to, u.id)
                 order by a.preference, a.last_seen_at desc
                 limit 1), u.remote_jid) as recipient,
       exists (select from platform.topics t
               where t.bot_id = s.telegram_bot_id and t.chat_id = s.telegram_chat_id::bigint
                 and t.key = 'support/user/' || u.id) as has_topic,
       coalesce(h.status in ('pending', 'active') and exists (
           select from support.messages m
           where m.conversation_id = c.id and m.role = 'manager' and m.created_at > h.created_at
             and not m.metadata ? 'late' and m.metadata ->> 'kind' is distinct from 'reaction'), false) as has_manager_reply,
       k.id as client_id, k.name as client_name, s.telegram_bot_id, s.telegram_chat_id::bigint as telegram_chat_id,
       s.whatsapp_bot_id, s.owner_telegram_id, s.reminder_timeout_1, s.reminder_timeout_2, s.auto_close_timeout,
       s.first_mute_minutes, s.second_mute_minutes, s.no_count_reset_minutes, s.escalation_cooldown_minutes,
       s.manager_mute_minutes, s.confidence_threshold::float8 as confidence_threshold, s.keywords, s.timezone, s.language,
       s.working_hours, s.holidays, h.id as handover_id, h.number, h.status as handover_status, h.created_at,
       h.resolved_at, h.assigned_to_name, h.closed_by_name, h.reminder_1_sent_at, h.reminder_2_sent_at,
       clock_timestamp() as now
from support.conversations c
join support.users u on u.id = c.user_id
join support.clients k on k.id = c.client_id
join support.client_settings s on s.client_id = c.client_id
left join lateral (
    select * from support.handovers o
    where o.conversation_id = c.id
    order by o.created_at desc, o.number desc
    limit 1) h on true
where c.id = any(%(ids)s::uuid[])
order by c.id;
