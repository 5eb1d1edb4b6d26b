-- name: bots
-- `last_update` is the newest update of the bot that had an effect.
select b.id, b.name, b.system, b.channel, b.address, b.status, b.token_sealed, clock_timestamp() as now,
       (select max(u.received_at) from platform.updates u where u.bot_id = b.id) as last_update
from platform.bots b
order by b.id;
