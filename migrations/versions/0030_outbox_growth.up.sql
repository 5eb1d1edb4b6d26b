-- As before, with an index for each of the two ways in which a lane belongs to a chat.
create or replace function platform.has_chat(of_bot bigint, old_chat bigint) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from platform.lanes l
                   where l.bot_id = of_bot and (l.chat = old_chat::text or l.lane = old_chat::text and l.chat is null))
        or exists (select from platform.topics t where t.bot_id = of_bot and t.chat_id = old_chat)
        or exists (select from platform.bots b where b.id = of_bot and b.alert_chat_id = old_chat)
        or exists (
            select from platform.webhook_sources s
            where s.admin_chat_id = old_chat and of_bot = coalesce(s.bot_id, (
                select min(b.id) from platform.bots b where b.system = s.provider and b.channel = 'telegram')))
        or exists (
            select from support.client_settings s
            left join platform.bots a on a.id = s.whatsapp_bot_id
            where s.telegram_bot_id = of_bot and (s.telegram_chat_id = old_chat::text or a.alert_chat_id = old_chat))
$$;
