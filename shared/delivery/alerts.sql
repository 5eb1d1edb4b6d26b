-- name: alert_routes
-- Which bot sends the alerts about a bot, and where: the bot itself, unless it is refused; else another that has an
-- alert chat, one of the same system first. A group that is not ready is the last to be written to, and only if it can
-- be. The language is that of those for whom the sending bot works.
select b.id as bot_id, b.name as bot, c.error_class, c.group_id, t.id as sender_id, t.alert_chat_id,
       coalesce((select l.language from platform.bot_languages l where l.bot_id = t.id), 'ru') as language,
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
    select t.id, t.alert_chat_id
    from platform.bots t
    where t.alert_chat_id is not null and t.channel = 'telegram' and t.status = 'active'
      and (t.id <> b.id or c.error_class <> 'bot_refused')
      and (t.alert_chat_id is distinct from c.group_id or c.error_class = any(%(readable)s::text[]))
    order by t.alert_chat_id is not distinct from c.group_id, t.id = b.id desc, t.system = b.system desc, t.id
    limit 1) t;
