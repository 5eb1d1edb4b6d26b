-- name: missed
-- Scheduled functions that nobody called for three periods, and who hears of it: the alert chat of the oldest bot that may
-- write to one.
select r.function, r.started_at, extract(epoch from clock_timestamp() - r.started_at)::float8 as seconds, b.id as bot_id,
       b.alert_chat_id,
       coalesce((select l.language from platform.bot_languages l where l.bot_id = b.id), 'ru') as language
from platform.job_runs r
left join lateral (
    select o.id, o.alert_chat_id
    from platform.bots o
    where o.channel = 'telegram' and o.status = 'active' and o.alert_chat_id is not null
    order by o.id
    limit 1) b on true
where r.started_at < (select clock_timestamp()) - make_interval(secs => 3 * r.period_seconds)
  and r.function <> 'dispatch_notifications'
order by r.function;
