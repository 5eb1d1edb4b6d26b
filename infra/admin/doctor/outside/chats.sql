-- name: salons
select t.name, k.bot_id, k.chat_id
from dashboard.tenant_settings k
join public.tenants_v2 t on t.id = k.tenant_id
where t.is_active and k.bot_id is not null and k.chat_id is not null
order by t.name, t.id;

-- name: chats
-- Chats to which a bot that may send was told to write. Desks' groups have lines of their own; an account's alerts are
-- written by the Telegram bot of its desk.
with chats (place, role, name, bot_id, chat_id) as (
    select 1, 'alert chat', b.name,
           case b.channel when 'telegram' then b.id else (
               select min(k.telegram_bot_id) from support.client_settings k where k.whatsapp_bot_id = b.id) end,
           b.alert_chat_id
    from platform.bots b
    where b.alert_chat_id is not null
    union all
    select 2, 'admin chat', s.name,
           coalesce(s.bot_id, (select min(b.id) from platform.bots b
                               where b.system = s.provider and b.channel = 'telegram')),
           s.admin_chat_id
    from platform.webhook_sources s
    where s.provider = 'getcourse' and s.admin_chat_id is not null
    union all
    select 3, 'chat', t.name, t.bot_id, t.chat_id
    from unnest(%(names)s::text[], %(bot_ids)s::bigint[], %(chat_ids)s::bigint[]) as t (name, bot_id, chat_id)
)
select c.role, c.name, c.chat_id, b.name as bot, b.telegram_id, b.token_sealed
from chats c
join platform.bots b on b.id = c.bot_id and b.channel = 'telegram' and b.status = 'active'
order by c.place, c.name, c.chat_id;
