-- name: bots
-- `last_update` is the newest update of the bot that had an effect: Telegram numbers them in order, and after a week
-- without any begins anew, when none of the former is kept any more.
select b.id, b.name, b.system, b.channel, b.address, b.status, b.alert_chat_id, b.token_sealed, clock_timestamp() as now,
       (select u.received_at from platform.updates u
        where u.bot_id = b.id
        order by u.update_id desc
        limit 1) as last_update
from platform.bots b
order by b.id;

-- name: learning_alone
-- Whether the learning system is all that is here, which has no bot.
select exists (select from learning.clients) as alone;
