-- name: ensure
-- A desk that was inserted by hand gets the default settings.
insert into support.client_settings (client_id) values (%(desk)s::uuid) on conflict do nothing;

-- name: read
select k.client_id, c.name as client, k.telegram_chat_id, k.telegram_bot_id, t.name as telegram_bot, k.whatsapp_bot_id,
       w.name as whatsapp_bot, k.owner_telegram_id, k.reminder_timeout_1, k.reminder_timeout_2, k.auto_close_timeout,
       k.escalation_cooldown_minutes, k.confidence_threshold::float8 as confidence_threshold, k.first_mute_minutes,
       k.second_mute_minutes, k.no_count_reset_minutes, k.manager_mute_minutes, k.gather_seconds, k.daily_tokens,
       k.customer_daily_tokens, k.keywords, k.timezone, k.language, k.working_hours, k.holidays
from support.client_settings k
join support.clients c on c.id = k.client_id
left join platform.bots t on t.id = k.telegram_bot_id
left join platform.bots w on w.id = k.whatsapp_bot_id
where k.client_id = %(desk)s::uuid
for update of k;

-- name: write
update support.client_settings
set telegram_chat_id = %(telegram_chat_id)s::text, telegram_bot_id = %(telegram_bot_id)s::bigint,
    whatsapp_bot_id = %(whatsapp_bot_id)s::bigint, owner_telegram_id = %(owner_telegram_id)s::text,
    reminder_timeout_1 = %(reminder_timeout_1)s::int, reminder_timeout_2 = %(reminder_timeout_2)s::int,
    auto_close_timeout = %(auto_close_timeout)s::int,
    escalation_cooldown_minutes = %(escalation_cooldown_minutes)s::int,
    confidence_threshold = %(confidence_threshold)s::numeric, first_mute_minutes = %(first_mute_minutes)s::int,
    second_mute_minutes = %(second_mute_minutes)s::int, no_count_reset_minutes = %(no_count_reset_minutes)s::int,
    manager_mute_minutes = %(manager_mute_minutes)s::int, gather_seconds = %(gather_seconds)s::int,
    daily_tokens = %(daily_tokens)s::bigint, customer_daily_tokens = %(customer_daily_tokens)s::bigint,
    keywords = %(keywords)s::text[], timezone = %(timezone)s::text, language = %(language)s::text,
    working_hours = %(working_hours)s::jsonb, holidays = %(holidays)s::date[]
where client_id = %(client_id)s::uuid;

-- name: lock_conversations
-- Whoever changes a handover locks its conversation first, and several in this order.
select c.id from support.conversations c
where c.id in (select h.conversation_id from support.handovers h
               where h.client_id = %(desk)s::uuid and h.status = 'pending')
order by c.id
for update;

-- name: open_handovers
select h.id, h.created_at, h.reminder_1_sent_at, h.reminder_2_sent_at,
       exists (select from support.messages m
               where m.conversation_id = h.conversation_id and m.role = 'manager'
                 and m.created_at > h.created_at) as has_manager_reply
from support.handovers h
where h.client_id = %(desk)s::uuid and h.status = 'pending'
order by h.id
for update of h;

-- name: set_remind_at
update support.handovers h
set remind_at = n.due
from unnest(%(ids)s::uuid[], %(due)s::timestamptz[]) as n (id, due)
where h.id = n.id;
