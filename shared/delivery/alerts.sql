-- name: alert_routes
-- Which bot sends the alerts about a bot, and where: the bot itself, unless it is refused; else another that has an
-- alert chat, one of the same system first. The language is that of those for whom the sending bot works.
select b.id as bot_id, b.name as bot, c.error_class, t.id as sender_id, t.alert_chat_id,
       coalesce((select l.language from platform.bot_languages l where l.bot_id = t.id), 'ru') as language,
       to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24') as hour
from unnest(%(bots)s::bigint[], %(classes)s::text[]) as c (bot_id, error_class)
join platform.bots b on b.id = c.bot_id
cross join lateral (
    select t.id, t.alert_chat_id
    from platform.bots t
    where t.alert_chat_id is not null and t.channel = 'telegram' and t.status = 'active'
      and (t.id <> b.id or c.error_class <> 'bot_refused')
    order by t.id = b.id desc, t.system = b.system desc, t.id
    limit 1) t;
