-- name: alert_routes
-- Which bot sends the alerts about a bot, and where, in this order: to its own alert chat (an account's is written to by
-- the Telegram bot of its desk); to the admin chat of its school; to the alert chat of another bot, one of the same system
-- first; to the admin chat of any school (`is_foreign`). A bot that is refused sends nothing itself, one that has to pause
-- only where there is no other. A group that is not ready is the last to be written to, and only if it can be. When a
-- gateway refuses an account, the groups of its desks hear so, too (`is_desk`). The language is that of those for whom the
-- sending bot works.
select b.id as bot_id, b.name as bot, c.error_class, c.group_id, t.sender_id, t.alert_chat_id, t.is_foreign, t.is_desk,
       coalesce((select l.language from platform.bot_languages l where l.bot_id = t.sender_id), 'ru') as language,
       to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24') as hour,
       (select d.name
        from support.client_settings s
        join support.clients d on d.id = s.client_id
        where s.telegram_bot_id = b.id and s.telegram_chat_id = c.group_id::text
        order by d.name
        limit 1) as desk
from unnest(%(bots)s::bigint[], %(classes)s::text[], %(groups)s::bigint[]) as c (bot_id, error_class, group_id)
join platform.bots b on b.id = c.bot_id
cross join lateral (
    (select r.sender_id, r.alert_chat_id, r.place = 5 as is_foreign, false as is_desk
     from (
         select o.id, o.alert_chat_id, case when o.id = b.id then 1 when o.system = b.system then 3 else 4 end
         from platform.bots o
         union all
         select k.telegram_bot_id, b.alert_chat_id, 1 from support.client_settings k where k.whatsapp_bot_id = b.id
         union all
         select a.bot_id, a.admin_chat_id, case when a.bot_id = b.id then 2 else 5 end
         from (select coalesce(s.bot_id, (select min(f.id) from platform.bots f
                                          where f.system = 'getcourse' and f.channel = 'telegram')) as bot_id,
                      s.admin_chat_id
               from platform.webhook_sources s
               where s.provider = 'getcourse') a
     ) r (sender_id, alert_chat_id, place)
     join platform.bots o on o.id = r.sender_id and o.channel = 'telegram' and o.status = 'active'
     where r.alert_chat_id is not null
       and (o.id <> b.id or c.error_class <> 'bot_refused')
       and (r.alert_chat_id is distinct from c.group_id or c.error_class = any(%(readable)s::text[]))
     order by r.alert_chat_id is not distinct from c.group_id, o.id = b.id and c.error_class = 'bot_paused', r.place,
              r.sender_id
     limit 1)
    union all
    select o.id, k.telegram_chat_id::bigint, false, true
    from support.client_settings k
    join platform.bots o on o.id = k.telegram_bot_id and o.status = 'active'
    where k.whatsapp_bot_id = b.id and k.telegram_chat_id is not null and c.error_class = 'bot_refused') t
order by t.is_desk;
